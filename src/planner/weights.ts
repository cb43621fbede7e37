// Learned by `npm run eval:learn` from 394 questions about 52 sets of APIs, the first half of
// the data that docs/evaluation.md describes. Not to be edited.

/** How much each feature counts when operations are ranked, in the order of `FEATURES`. */
export const RANKING: readonly number[] = [3.18, 0.58, 3.03, 0.96, -2.8, 0.73, 2.02, 1.29, -1.22, -0.05, 0.75, 1.64, 0.58, 0.22, -1.05, -1.06, 1.99, 2.19, -0.32, 0.07, 1.2, 2, 0.55, -0.65, 0.4, -0.06, 0.48, -0.17, -0.43, -0.23, 2.98, -0.96, -0.48, 0.13, 1.43, 0.59, 1.85, -0.46, 2.31, -0.68, 0.64, 0.29]

/** The same for how likely the best one is right; behind them its score, its lead and a constant. */
export const ACCEPTANCE: readonly number[] = [-0.88, -1.34, 0.65, 0.22, -1.37, 0.31, 0.12, -0.6, 0.17, -0.16, -0.71, -0.77, -0.59, 0.4, -0.41, -0.03, -0.41, -0.37, -0.49, 0.97, 0.91, 0.9, -0.17, -0.84, -0.1, -0.07, -0.33, -0.35, -0.4, 0.23, 1.68, -0.79, 1.5, 0.23, -0.05, 0.23, -0.8, -0.39, 0.34, 0, -0.49, -0.49, 1.09, 0.9, -2.1]
