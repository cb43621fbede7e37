const STEPS = 120
const RATE = 0.05
// Against weights that fit the APIs at hand: found by cross-validation over APIs.
const RIDGE = 0.015

/** What the right operation of a clause has more than each wrong one. */
export type List = { differences: Float64Array[]; weight: number }

export const dot = (weights: readonly number[], features: Float64Array) => {
  let sum = 0
  for (let at = 0; at < features.length; at++) sum += (features[at] ?? 0) * (weights[at] ?? 0)
  return sum
}

/** How much each feature differs between operations, so that weights can be held small without regard to units. */
export function deviations(rows: Iterable<Float64Array>, width: number): Float64Array {
  const [sums, squares] = [new Float64Array(width), new Float64Array(width)]
  let count = 0
  for (const features of rows) {
    count++
    for (let at = 0; at < width; at++) {
      const value = features[at] ?? 0
      sums[at] = (sums[at] ?? 0) + value
      squares[at] = (squares[at] ?? 0) + value ** 2
    }
  }
  return squares.map((square, at) => Math.sqrt(Math.max(0, square / count - ((sums[at] ?? 0) / count) ** 2)) + 0.02)
}

/** Lowers the softmax loss of the right operation among the wrong ones of its list; `spread` is how much each feature differs. */
export function descend(lists: readonly List[], from: readonly number[], spread: Float64Array): number[] {
  const weights = [...from]
  const [means, moments] = [weights.map(() => 0), weights.map(() => 0)]
  const total = lists.reduce((sum, { weight }) => sum + weight, 0)
  for (let step = 1; step <= STEPS; step++) {
    const gradient = Float64Array.from(weights, (weight, at) => RIDGE * weight * (spread[at] ?? 1) ** 2)
    for (const { differences, weight } of lists) {
      const odds = differences.map((difference) => Math.exp(-dot(weights, difference)))
      const sum = odds.reduce((all, each) => all + each, 1)
      for (const [index, difference] of differences.entries()) {
        const error = ((weight / total) * (odds[index] ?? 0)) / sum
        for (let at = 0; at < gradient.length; at++) gradient[at] = (gradient[at] ?? 0) - error * (difference[at] ?? 0)
      }
    }
    for (let at = 0; at < weights.length; at++) {
      // Adam, on features divided by how much they differ.
      const scale = spread[at] ?? 1
      const slope = (gradient[at] ?? 0) / scale
      const mean = (means[at] = 0.9 * (means[at] ?? 0) + 0.1 * slope)
      const moment = (moments[at] = 0.99 * (moments[at] ?? 0) + 0.01 * slope ** 2)
      const pace = (RATE * (1 - step / (STEPS + 1))) / scale
      weights[at] =
        (weights[at] ?? 0) - (pace * (mean / (1 - 0.9 ** step))) / (Math.sqrt(moment / (1 - 0.99 ** step)) + 1e-8)
    }
  }
  return weights
}
