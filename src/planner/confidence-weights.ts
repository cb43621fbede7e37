// Learned by `npm run eval:calibrate` from 382 plans for the first half of the data that docs/evaluation.md describes.
// Not to be edited.

/** How much each of `SIGNS` counts for the confidence of a plan. */
export const CONFIDENCE: readonly number[] = [0.38, 1.16, 0.26, -0.53, 0.66, 0.31, -0.92]
