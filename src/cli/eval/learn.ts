import { COHERENCE, coherenceOf } from '../../planner/coherence.ts'
import { FEATURES } from '../../planner/features.ts'
import { firstOf } from '../../planner/rank.ts'
import { descend, deviations, dot, type List } from './descend.ts'
import type { Sample } from './samples.ts'

/** Weights, with how well they do on what they were learned from. */
export type Learned = { firstSight: number[]; weights: number[]; lists: number }

/** What is believed of the features before anything is learned: the first guess of what answers which clause. */
const PRIOR: Partial<Record<(typeof FEATURES)[number], number>> = {
  called: 3,
  related: 1.5,
  takes: 1,
  mentions: 0.5,
  missing: -1,
  'said path': 1,
  'said name': 1,
  'related name': 0.5,
  'unsaid segments': -0.5,
  'last said': 0.5,
  'last is head': 1,
  'last related to head': 0.5,
  'head called': 0.5,
  'head in path': 0.3,
  'verb called': 0.7,
  'verb opens name': 0.3,
  'verb related': 0.3,
  effect: 1,
  'effect twin': -1,
  'context called': 0.3,
  'context path': 0.3,
  'context name': 0.3,
  'plural list': 0.2,
  'plural single': -0.3,
  'singular list': 0,
  'id single': 0.3,
  'id list': -0.2,
  'name single': 0,
  'path parameters unfilled': -0.3,
  adjacent: 0.5,
  context: 1,
  deprecated: -0.5,
  'length of name': 0,
  'last exact': 0.5,
  'action called': 0.3,
  'action opens name': 0.3,
  'class in parameter': 1,
  'class missing': -0.3,
  'agent in parameter': 1,
  'agent missing': -0.3,
  'head mentioned': 0.5,
  'other last': -1,
}

const ROUNDS = 4
const NEGATIVES = 30
const FARTHEST = 10

/**
 * Learns what each feature counts from questions whose operations are known. Which clause an operation answers is not in
 * the data, so that is guessed anew in every round from the weights so far, at most one operation a clause; then the
 * softmax loss of the right operation among the wrong ones of its clause is lowered by gradient descent. It begins with what
 * is believed before, and no chance is involved.
 */
export function learn(samples: readonly Sample[]): Learned {
  const alone = descendFrom(
    samples,
    FEATURES.map((name) => PRIOR[name] ?? 0),
  )
  const together = descendFrom(
    samples.map((sample) => seeTogether(sample, alone.weights)),
    [...alone.weights, ...COHERENCE.map(() => 0)],
  )
  return { firstSight: alone.weights, ...together }
}

/** A sample in which each operation is seen beside what the other clauses seem to ask for. */
export function seeTogether(sample: Sample, firstSight: readonly number[]): Sample {
  const scored = sample.needs.map((operations) =>
    operations.map((operation) => ({ ...operation, score: dot(firstSight, operation.features) })),
  )
  const firsts = scored.map(firstOf)
  const needs = scored.map((operations, clause) =>
    operations.map(({ name, profile, features, score }) => ({
      name,
      profile,
      features: Float64Array.from([...features, ...coherenceOf(profile, score, clause, firsts)]),
    })),
  )
  return { ...sample, needs }
}

function descendFrom(samples: readonly Sample[], start: readonly number[]): { weights: number[]; lists: number } {
  const operations = samples.flatMap(({ needs }) => needs.flat())
  const spread = deviations(
    operations.map(({ features }) => features),
    start.length,
  )
  let weights = [...start]
  let lists: List[] = []
  for (let round = 0; round < ROUNDS; round++) {
    lists = samples.flatMap((sample) => listsOf(sample, weights))
    weights = descend(lists, weights, spread)
  }
  return { weights, lists: lists.length }
}

/** Pairs gold operations with clauses, the surest first, and sets each against what its clause must not prefer. */
function listsOf({ needs, gold }: Sample, weights: readonly number[]): List[] {
  const wanted = new Set(gold)
  const pairs = needs.flatMap((operations, clause) => {
    const scored = operations.map((operation) => ({ ...operation, score: dot(weights, operation.features) }))
    const wrong = scored.filter(({ name }) => !wanted.has(name)).toSorted((a, b) => b.score - a.score)
    return scored
      .filter(({ name }) => wanted.has(name))
      .map((own) => ({ clause, own, wrong, rank: wrong.filter(({ score }) => score > own.score).length }))
  })
  const [clauses, names] = [new Set<number>(), new Set<string>()]
  const lists: List[] = []
  for (const { clause, own, wrong, rank } of pairs.toSorted((a, b) => a.rank - b.rank || b.own.score - a.own.score)) {
    // What no clause asks for is brought by the operation that needs it, not by ranking.
    if (rank > FARTHEST || clauses.has(clause) || names.has(own.name)) continue
    clauses.add(clause)
    names.add(own.name)
    const differences = wrong
      .slice(0, NEGATIVES)
      .map(({ features }) => own.features.map((value, at) => value - (features[at] ?? 0)))
    if (differences.length > 0) lists.push({ differences, weight: 1 / Math.sqrt(wanted.size) })
  }
  return lists
}

/** A table of weights by name. */
export function showWeights(weights: readonly number[]): string {
  return [...FEATURES, ...COHERENCE]
    .map((name, at) => `${name.padEnd(26)}${(weights[at] ?? 0).toFixed(2).padStart(7)}`)
    .join('\n')
}
