import { ACCEPTANCE } from './weights.ts'

/** What the best operations of a clause are judged by: their features, their scores and how far they lie apart. */
export function acceptanceInput(features: readonly number[], score: number, margin: number): number[] {
  return [...features, score / 5, margin / 3, 1]
}

/** How likely an operation is what a clause asks for, from 0 to 1, as learned from questions with and without answers. */
export function surenessOf(features: readonly number[], score: number, margin: number): number {
  const sum = acceptanceInput(features, score, margin).reduce(
    (total, value, at) => total + value * (ACCEPTANCE[at] ?? 0),
    0,
  )
  return 1 / (1 + Math.exp(-sum))
}
