import { acceptanceInput, marginOf } from '../../planner/judge.ts'
import { dot, type Sample } from './learn.ts'

const STEPS = 600
const RATE = 0.02
const RIDGE = 1e-3

type Case = { input: number[]; right: number }

/**
 * Learns how likely the best operation of a clause is right: by logistic regression on clauses whose APIs answer them and
 * on clauses of questions about other APIs, which nothing answers (`foreign`).
 */
export function learnAcceptance(
  samples: readonly Sample[],
  foreign: readonly Sample[],
  ranking: readonly number[],
): { weights: number[]; auc: number } {
  const cases = [
    ...samples.flatMap((sample) => casesOf(sample, ranking)),
    ...foreign.flatMap((sample) => casesOf({ ...sample, gold: [] }, ranking)),
  ]
  const weights = (cases[0]?.input ?? []).map(() => 0)
  const moments = weights.map(() => 1e-6)
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight) => RIDGE * weight)
    for (const { input, right } of cases) {
      const error = (odds(weights, input) - right) / cases.length
      for (let at = 0; at < gradient.length; at++) gradient[at] = (gradient[at] ?? 0) + error * (input[at] ?? 0)
    }
    for (let at = 0; at < weights.length; at++) {
      const slope = gradient[at] ?? 0
      moments[at] = 0.95 * (moments[at] ?? 0) + 0.05 * slope ** 2
      weights[at] = (weights[at] ?? 0) - (RATE * slope) / Math.sqrt(moments[at] ?? 1)
    }
  }
  return { weights, auc: auc(cases, weights) }
}

function casesOf({ needs, asides, gold }: Sample, ranking: readonly number[]): Case[] {
  return needs.flatMap((operations, clause) => {
    const scored = operations
      .map(({ name, features }) => ({ name, features, score: dot(ranking, features) }))
      .toSorted((a, b) => b.score - a.score)
    const [first] = scored
    if (!first) return []
    const seen = { score: first.score, margin: marginOf(scored, 0), aside: asides[clause] ?? false }
    return [{ input: acceptanceInput([...first.features], seen), right: gold.includes(first.name) ? 1 : 0 }]
  })
}

const odds = (weights: readonly number[], input: readonly number[]) =>
  1 / (1 + Math.exp(-input.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), 0)))

/** How often a right case is held likelier than a wrong one. */
function auc(cases: readonly Case[], weights: readonly number[]): number {
  const sorted = cases
    .map(({ input, right }) => ({ right, odds: odds(weights, input) }))
    .toSorted((a, b) => a.odds - b.odds)
  let [wrong, won, rights] = [0, 0, 0]
  for (const { right } of sorted)
    if (right === 1) {
      won += wrong
      rights++
    } else wrong++
  return won / (rights * wrong)
}
