// Learned by `npm run eval:calibrate` from 386 plans for the first half of the data that docs/evaluation.md describes.
// Not to be edited.

/** How much each of `SIGNS` counts for the confidence of a plan. */
export const CONFIDENCE: readonly number[] = [0.37, 0.72, 0.28, -0.42, 0.68, 0.27, -0.24, -0.86]
