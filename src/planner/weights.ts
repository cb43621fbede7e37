// Learned by `npm run eval:learn` from 394 questions about 52 sets of APIs, the first half of
// the data that docs/evaluation.md describes. Not to be edited.

/** How much each feature counts when operations are ranked, in the order of `FEATURES`. */
export const RANKING: readonly number[] = [
  3.19, 0.63, 2.99, 1.03, -2.79, 0.64, 1.82, 1.16, -1.22, -0.14, 0.84, 1.41, 0.29, 0.04, -1.08, -1.02, 1.95, 2.29, -0.3,
  0.09, 1.16, 2.04, 0.56, -0.66, 0.39, -0.1, 0.5, -0.1, -0.54, -0.25, 2.92, -0.94, -0.58, 0.17, 1.43, 0.51, 1.84, -0.47,
  2.03, 0.16, 0.38, 0.58,
]

/** The same for how likely the best one is right; behind them its score, its lead and a constant. */
export const ACCEPTANCE: readonly number[] = [
  -0.91, -1.26, 0.51, 0.26, -1.46, 0.33, 0.07, -0.53, 0.18, -0.04, -0.57, -0.57, -0.3, 0.48, -0.34, 0.02, -0.46, -0.34,
  -0.42, 1.05, 0.83, 0.87, -0.15, -0.67, -0.09, 0.06, -0.26, -0.33, -0.37, 0.26, 1.59, -0.78, 1.53, 0.22, -0.05, 0.2,
  -0.63, -0.48, 0.18, 0.15, -0.17, 0.07, 1.14, 0.97, -2.32,
]
