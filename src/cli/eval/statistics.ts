/** A figure with its 95 % interval. `n` is how many questions it rests on. */
export type Estimate = { value: number; low: number; high: number; n: number }

const Z = 1.959964
const RESAMPLES = 1000

/** A share, with Wilson's score interval (Wilson 1927). */
export function share(hits: number, n: number): Estimate {
  if (n === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, n }
  const p = hits / n
  const middle = (p + Z ** 2 / (2 * n)) / (1 + Z ** 2 / n)
  const half = (Z / (1 + Z ** 2 / n)) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2))
  return { value: p, low: Math.max(0, middle - half), high: Math.min(1, middle + half), n }
}

/** A mean, with a percentile bootstrap interval that is the same on every run. */
export function mean(values: readonly number[]): Estimate {
  const n = values.length
  if (n === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, n }
  const random = generator(n)
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0
    for (let index = 0; index < n; index++) sum += values[Math.floor(random() * n)] ?? 0
    return sum / n
  }).toSorted((a, b) => a - b)
  const value = values.reduce((sum, each) => sum + each, 0) / n
  return { value, low: percentile(means, 0.025), high: percentile(means, 0.975), n }
}

/** The value below which `part` of the sorted values lie. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/** F1 of counts: how many are right, of how many that were given and how many that there are. */
export function f1(right: number, given: number, there: number): number {
  return given + there === 0 ? Number.NaN : (2 * right) / (given + there)
}

/** mulberry32, for figures that do not change from run to run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
