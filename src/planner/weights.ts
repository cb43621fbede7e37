/** How much each feature counts, in the order of `FEATURES`. */
export const RANKING = {
  bias: 0,
  weights: [3, 1.5, 1, 0.5, -1, 1, 1, 0.5, -0.5, 0.5, 1, 0.5, 0.5, 0.3, 0.7, 0.3, 0.3, 1, -1, 0.3, 0.3, 0.3, 0.2, -0.3, 0, 0.3, -0.2, 0.2, -0.3, 0.5, 1, -0.5, 0, 0.5],
}
