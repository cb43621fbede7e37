// Learned by `npm run eval:learn` from 394 questions about 52 sets of APIs, the first half of
// the data that docs/evaluation.md describes. Not to be edited.

/** How much each feature counts when operations are ranked, in the order of `FEATURES`. */
export const RANKING: readonly number[] = [
  2.9, -0.27, 3.68, 1.47, -2.91, 0.62, 2.1, 0.54, -1.26, 0.04, 0.67, 2.16, 0.28, 0.31, -1.12, -0.73, 2.6, 2.15, -0.12,
  -1.09, 1.41, 3.59, 0.49, -0.59, 0.34, -0.03, 1.42, -0.47, -0.96, -0.67, 4.77, -1.5, -0.81, 0.11, 2.2, 0.2,
]

/** The same for how likely the best one is right; behind them its score, its lead and a constant. */
export const ACCEPTANCE: readonly number[] = [
  -1.08, -1.23, 0.44, -0.1, -1.42, 0.38, 0.03, -0.52, 0.21, -0.2, -0.49, -0.95, -0.15, 0.2, -0.65, 0.2, -0.6, -0.19,
  -0.32, 0.93, 0.81, 0.93, -0.11, -0.79, -0.08, -0.17, -0.1, -0.13, -0.52, 0.2, 1.02, -0.74, 1.68, 0.07, -0.27, 0.27,
  1.24, 0.89, -2.63,
]
