// Learned by `npm run eval:calibrate` from 387 plans for the first half of the data that docs/evaluation.md describes.
// Not to be edited.

/** How much each of `SIGNS` counts for the confidence of a plan. */
export const CONFIDENCE: readonly number[] = [0.41, 0.45, 0.27, -0.37, 0.47, 0.14, -0.29, -0.74]
