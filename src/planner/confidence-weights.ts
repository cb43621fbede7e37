// Learned by `npm run eval:calibrate` from 383 plans for the first half of the data that docs/evaluation.md describes.
// Not to be edited.

/** How much each of `SIGNS` counts for the confidence of a plan. */
export const CONFIDENCE: readonly number[] = [0.41, 1.06, 0.29, -0.72, 0.88, 0.29, -0.22, -0.52]
