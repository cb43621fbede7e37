const STEPS = 600
const RATE = 0.02
const RIDGE = 1e-3

/** What is known of something, and whether it is right: 1 or 0. */
export type Case = { input: readonly number[]; right: number }

/** Weights by logistic regression, by gradient descent with a ridge; the last input is a constant. No chance is involved. */
export function fitLogistic(cases: readonly Case[]): number[] {
  const weights = (cases[0]?.input ?? []).map(() => 0)
  const moments = weights.map(() => 1e-6)
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight) => RIDGE * weight)
    for (const { input, right } of cases) {
      const error = (oddsOf(weights, input) - right) / cases.length
      for (let at = 0; at < gradient.length; at++) gradient[at] = (gradient[at] ?? 0) + error * (input[at] ?? 0)
    }
    for (let at = 0; at < weights.length; at++) {
      const slope = gradient[at] ?? 0
      moments[at] = 0.95 * (moments[at] ?? 0) + 0.05 * slope ** 2
      weights[at] = (weights[at] ?? 0) - (RATE * slope) / Math.sqrt(moments[at] ?? 1)
    }
  }
  return weights
}

/** How likely weights hold something for right, from 0 to 1. */
export function oddsOf(weights: readonly number[], input: readonly number[]): number {
  return 1 / (1 + Math.exp(-input.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)))
}

/** How often what is right is held likelier than what is wrong: the area under the ROC curve, ties counting for wrong. */
export function areaUnder(held: readonly { odds: number; right: number }[]): number {
  let [wrong, won, rights] = [0, 0, 0]
  for (const { right } of held.toSorted((a, b) => a.odds - b.odds))
    if (right === 1) {
      won += wrong
      rights++
    } else wrong++
  return won / (rights * wrong)
}
