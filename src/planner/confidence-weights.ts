// Learned by `npm run eval:calibrate` from 385 plans for the first half of the data that docs/evaluation.md describes.
// Not to be edited.

/** How much each of `SIGNS` counts for the confidence of a plan. */
export const CONFIDENCE: readonly number[] = [0.37, 0.65, 0.28, -0.4, 0.69, 0.27, -0.25, -0.86]
