// Learned by `npm run eval:learn` from 394 questions about 52 sets of APIs, the first half of
// the data that docs/evaluation.md describes. Not to be edited.

/** How much each feature counts when operations are ranked, in the order of `FEATURES`. */
export const RANKING: readonly number[] = [
  3.25, 0.48, 3.04, 1.03, -2.85, 0.71, 2.1, 1.2, -1.06, -0.09, 1.02, 1.58, 0.27, -0.03, -1.14, -1.07, 1.97, 2.04, -0.49,
  0.02, 1.35, 1.93, 0.54, -0.64, 0.34, -0.08, 0.46, -0.22, -0.5, -0.34, 2.98, -0.96, -0.62, 0.12, 1.52, 0.62, 1.81,
  -0.51, 1.96, 0.17, 0.29, 0.64,
]

/** The same for how likely the best one is right; behind them its score, its lead and a constant. */
export const ACCEPTANCE: readonly number[] = [
  -0.88, -1.3, 0.5, 0.22, -1.43, 0.34, 0.01, -0.63, 0.12, -0.13, -0.63, -0.59, -0.24, 0.38, -0.38, 0.02, -0.44, -0.33,
  -0.41, 1.01, 0.85, 0.79, -0.27, -0.83, -0.15, -0.08, -0.29, -0.29, -0.37, 0.27, 1.72, -0.82, 1.56, 0.21, -0.11, 0.16,
  -0.84, -0.42, 0.15, 0.12, -0.21, 0.05, 1.11, 0.92, -2.27,
]
