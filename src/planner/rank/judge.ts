import { ACCEPTANCE } from './weights.ts'

/** How an operation stands among the others of its clause, and whether that is an aside. */
export type Seen = { score: number; margin: number; aside: boolean }

/** What the best operations of a clause are judged by: their features, their scores and how far they lie apart. */
export function acceptanceInput(features: readonly number[], { score, margin, aside }: Seen): number[] {
  return [...features, score / 5, margin / 3, aside ? 1 : 0, 1]
}

/** How likely an operation is what a clause asks for, from 0 to 1, as learned from questions with and without answers. */
export function surenessOf(features: readonly number[], seen: Seen): number {
  return logistic(acceptanceInput(features, seen), ACCEPTANCE)
}

/** What weights that were learned by logistic regression make of an input, from 0 to 1. */
export function logistic(input: readonly number[], weights: readonly number[]): number {
  return 1 / (1 + Math.exp(-input.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)))
}

// By how much a single operation leads.
const ALONE = 3

/** By how much one of a clause's operations, best first, leads; of those behind the first, by how much they trail it. */
export function marginOf(ranked: readonly { score: number }[], at: number): number {
  const score = ranked[at]?.score ?? 0
  return score - (ranked[at === 0 ? 1 : 0]?.score ?? score - ALONE)
}
