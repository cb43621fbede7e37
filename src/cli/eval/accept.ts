import { acceptanceInput, marginOf } from '../../planner/rank/judge.ts'
import { dot, type Sample } from './learn.ts'
import { areaUnder, type Case, fitLogistic, oddsOf } from './logistic.ts'

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
  const weights = fitLogistic(cases)
  return { weights, auc: areaUnder(cases.map(({ input, right }) => ({ right, odds: oddsOf(weights, input) }))) }
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
