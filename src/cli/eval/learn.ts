import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { indexWords } from '../../catalog/index-words.ts'
import type { EndpointWords } from '../../catalog/words.ts'
import { COHERENCE, coherenceOf } from '../../planner/rank/coherence.ts'
import { FEATURES, featuresOf } from '../../planner/rank/features.ts'
import type { Profile } from '../../planner/rank/profile.ts'
import { fieldOf, firstOf, needsOf } from '../../planner/rank/rank.ts'
import { settle } from '../../planner/settle/settle.ts'
import { understand } from '../../planner/understand/understand.ts'
import { type Operation, operationName } from '../../specs/operation.ts'
import { prepareDocument } from '../../specs/prepare.ts'
import type { Question } from './questions.ts'

/** Weights, with how well they do on what they were learned from. */
export type Learned = { firstSight: number[]; weights: number[]; lists: number }

/** A question with, for each clause, the features of every operation of its APIs. */
export type Sample = { file: string; needs: Candidate[][]; asides: boolean[]; gold: string[] }

type Candidate = { name: string; profile: Profile; features: Float64Array }

/** What is believed of the features before anything is learned; the learned weights stay near it. */
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

const ROUNDS = 6
const STEPS = 150
const RATE = 0.03
const RIDGE = 1e-3
const NEGATIVES = 30
const FARTHEST = 10

/**
 * Learns what each feature counts from questions whose operations are known. Which clause an operation answers is not in
 * the data, so that is guessed anew in every round from the weights so far, at most one operation a clause; then the
 * softmax loss of the right operation among the wrong ones of its clause is lowered by gradient descent, held near what
 * was believed before. No chance is involved.
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
  let weights = [...start]
  let lists: List[] = []
  for (let round = 0; round < ROUNDS; round++) {
    lists = samples.flatMap((sample) => listsOf(sample, weights))
    weights = descend(lists, weights, start)
  }
  return { weights, lists: lists.length }
}

/** What the right operation of a clause has more than each wrong one. */
type List = { differences: Float64Array[]; weight: number }

export const dot = (weights: readonly number[], features: Float64Array) => {
  let sum = 0
  for (let at = 0; at < features.length; at++) sum += (features[at] ?? 0) * (weights[at] ?? 0)
  return sum
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

function descend(lists: readonly List[], from: readonly number[], anchor: readonly number[]): number[] {
  const weights = [...from]
  const moments = weights.map(() => 1e-6)
  const total = lists.reduce((sum, { weight }) => sum + weight, 0)
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight, at) => RIDGE * (weight - (anchor[at] ?? 0)))
    for (const { differences, weight } of lists) {
      const odds = differences.map((difference) => Math.exp(-dot(weights, difference)))
      const sum = odds.reduce((all, each) => all + each, 1)
      for (const [index, difference] of differences.entries()) {
        const error = ((weight / total) * (odds[index] ?? 0)) / sum
        for (let at = 0; at < gradient.length; at++) gradient[at] = (gradient[at] ?? 0) - error * (difference[at] ?? 0)
      }
    }
    for (let at = 0; at < weights.length; at++) {
      const slope = gradient[at] ?? 0
      moments[at] = 0.95 * (moments[at] ?? 0) + 0.05 * slope ** 2
      weights[at] = (weights[at] ?? 0) - (RATE * slope) / Math.sqrt(moments[at] ?? 1)
    }
  }
  return weights
}

/** How often the best of a clause is right, for clauses that are some gold operation's best place; and recall@10 of the merged lists. */
export function quality(samples: readonly Sample[], weights: readonly number[]) {
  const merged = samples.map(({ needs, gold }) => {
    const lists = needs.map((operations) =>
      operations
        .map(({ name, features }) => ({ name, score: dot(weights, features) }))
        .toSorted((a, b) => b.score - a.score)
        .map(({ name }) => name),
    )
    const order = new Set<string>()
    for (let rank = 0; rank < 30; rank++)
      for (const list of lists) {
        const name = list[rank]
        if (name !== undefined) order.add(name)
      }
    const top = new Set([...order].slice(0, 10))
    const firsts = new Set(lists.map((list) => list[0]))
    const wanted = [...new Set(gold)]
    return {
      all: wanted.every((name) => firsts.has(name)) ? 1 : 0,
      recall: wanted.filter((name) => top.has(name)).length / wanted.length,
      first: wanted.filter((name) => firsts.has(name)).length / wanted.length,
    }
  })
  const average = (of: (one: (typeof merged)[number]) => number) =>
    merged.reduce((sum, one) => sum + of(one), 0) / merged.length
  return {
    top1: average(({ first }) => first),
    all1: average(({ all }) => all),
    recall10: average(({ recall }) => recall),
  }
}

/** The features of every operation of a question's APIs for each of its clauses. */
export async function readSamples(folder: string, questions: readonly Question[]): Promise<Sample[]> {
  const samples: Sample[] = []
  for (const ofSet of Map.groupBy(questions, ({ set }) => set).values()) {
    const found = await Promise.all((ofSet[0]?.specs ?? []).map((spec) => readFound(join(folder, spec))))
    const names = new Map(found.map(({ id, title }) => [id, title]))
    const field = fieldOf(
      found.flatMap(({ operations }) => operations),
      names,
    )
    for (const { query, gold, file } of ofSet) {
      const clauses = settle(understand(query), field).filter(({ terms }) => terms.length > 0)
      const needs = needsOf(query, clauses).map((need) =>
        field.profiles.map((profile) => ({
          name: operationName(profile.found),
          profile,
          features: Float64Array.from(featuresOf(need, profile, field)),
        })),
      )
      samples.push({ file, needs, asides: clauses.map(({ aside }) => aside), gold })
    }
  }
  return samples
}

async function readFound(file: string): Promise<{ id: string; title: string; operations: EndpointWords[] }> {
  const { title, operations } = prepareDocument(await readFile(file, 'utf8'), 'https://api.example.com/openapi.json')
  const found = [...operations()].map((operation, at) => foundOf(operation, `${file} ${at}`, file))
  return { id: file, title, operations: found }
}

/** An operation as the catalogue hands it out for ranking. */
export function foundOf(operation: Operation, id: string, connectionId: string): EndpointWords {
  const { method, path, operationId, summary, effect, deprecated } = operation
  const { description, tags, parameters, response } = indexWords(operation)
  return {
    id,
    connectionId,
    method,
    path,
    operationId,
    summary,
    effect,
    deprecated,
    description,
    tags,
    parameters,
    response,
  }
}

/** A table of weights by name. */
export function showWeights(weights: readonly number[]): string {
  return [...FEATURES, ...COHERENCE]
    .map((name, at) => `${name.padEnd(26)}${(weights[at] ?? 0).toFixed(2).padStart(7)}`)
    .join('\n')
}
