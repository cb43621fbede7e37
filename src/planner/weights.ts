// Learned by `npm run eval:learn` from 394 questions about 52 sets of APIs, the first half of
// the data that docs/evaluation.md describes. Not to be edited.

/** How much each feature counts when operations are ranked, in the order of `FEATURES`. */
export const RANKING: readonly number[] = [3.28, -0.49, 3.73, 1.45, -3.15, 0.64, 2.65, 0.8, -1.49, -0.02, 0.81, 2.28, 0.07, 0.25, -1.29, -0.62, 2.83, 2.33, 0.05, -1.64, 1.23, 3.39, 0.52, -0.62, 0.26, -0.06, 1.48, -0.45, -0.7, -0.87, 5.24, -1.73, -0.89, 0.11, 2.42, -0.12]

/** The same for how likely the best one is right; behind them its score, its lead and a constant. */
export const ACCEPTANCE: readonly number[] = [-0.93, -1.04, 0.31, -0.15, -1.34, 0.37, -0.15, -0.53, 0.16, -0.12, -0.61, -0.81, -0.23, 0.24, -0.56, 0.11, -0.55, -0.25, -0.38, 0.98, 0.86, 0.99, -0.27, -0.84, -0.16, -0.12, -0.23, -0.21, -0.45, 0.25, 1.18, -0.71, 1.5, 0.22, -0.26, 0.31, -0.46, -0.59, 0.38, 0, 1.14, 0.97, -2.47]
