// Learned by `npm run eval:learn` from 394 questions about 52 sets of APIs, the first half of
// the data that docs/evaluation.md describes. Not to be edited.

/** How much each feature counts when operations are ranked, in the order of `FEATURES`. */
export const RANKING: readonly number[] = [
  3.16, 0.73, 3.05, 1.02, -3, 0.94, 2.07, 0.96, -1.32, -0.01, 0.73, 1.27, 0.4, 0.25, -0.6, -1.05, 2.02, 1.96, -0.27,
  0.05, 1.08, 2.07, 0.52, -0.62, 0.32, 0.04, 0.4, -0.73, -0.63, -0.28, 2.92, -0.97, -0.57, 0.03, 1.66, 0.39, 1.64,
  -0.99, 2.31, -0.71, 0.32, 0.24,
]

/** The same for how likely the best one is right; behind them its score, its lead and a constant. */
export const ACCEPTANCE: readonly number[] = [
  -0.86, -1.4, 0.76, 0.05, -1.38, 0.26, -0.03, -0.55, 0.18, -0.12, -0.87, -0.77, -0.54, 0.37, -0.55, 0.03, -0.36, -0.16,
  -0.38, 0.97, 0.93, 0.78, -0.19, -0.84, -0.15, -0.29, -0.19, -0.23, -0.56, 0.07, 1.62, -0.8, 1.47, 0.17, -0.1, 0.22,
  -0.79, -0.24, 0.33, 0, -0.47, -0.41, 1.21, 0.99, -2.16,
]
