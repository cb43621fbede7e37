// Learned by `npm run eval:calibrate` from 384 plans for the first half of the data that docs/evaluation.md describes.
// Not to be edited.

/** How much each of `SIGNS` counts for the confidence of a plan. */
export const CONFIDENCE: readonly number[] = [0.34, 0.75, 0.29, -0.42, 0.68, 0.29, -0.28, -0.8]
