import type { Endpoint } from '../catalog/service.ts'
import { propertyNames } from '../catalog/index-words.ts'
import { words } from '../lib/words.ts'
import type { Effect } from '../specs/operation.ts'
import { stem } from '../lib/stem.ts'
import type { Clause } from './understand.ts'

/** The stems an operation is known by, each with how much it says: 1 for what it is called, less for what it mentions. */
export type Vocabulary = ReadonlyMap<string, number>

/** Above this a word is one the operation is called by, not merely one it mentions. */
export const STRONG = 0.8

// How well an operation's effect answers the effect that was asked for; what is missing answers not at all.
const COMPATIBLE: Record<Effect, Partial<Record<Effect, number>>> = {
  read: { read: 1 },
  create: { create: 1, pay: 0.6, message: 0.6, update: 0.2 },
  update: { update: 1, create: 0.2, pay: 0.1 },
  delete: { delete: 1, update: 0.2 },
  pay: { pay: 1, create: 0.5, update: 0.2 },
  message: { message: 1, create: 0.5 },
}

const vocabularies = new WeakMap<Endpoint, Vocabulary>()

/** The vocabulary of an operation, computed once for each object read. */
export function vocabularyOf(endpoint: Endpoint): Vocabulary {
  let vocabulary = vocabularies.get(endpoint)
  if (!vocabulary) vocabularies.set(endpoint, (vocabulary = readVocabulary(endpoint)))
  return vocabulary
}

function readVocabulary(endpoint: Endpoint): Vocabulary {
  const weights = new Map<string, number>()
  const add = (text: string, weight: number) => {
    for (const word of words(text)) {
      const key = stem(word)
      if ((weights.get(key) ?? 0) < weight) weights.set(key, weight)
    }
  }
  const fixed = endpoint.path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'))
  add(fixed.at(-1) ?? '', 1)
  add(endpoint.operationId ?? '', 1)
  add(fixed.join(' '), 0.9)
  add(endpoint.summary, 0.9)
  add(endpoint.tags.join(' '), 0.85)
  for (const { name, schema } of endpoint.parameters) {
    add(name, 0.7)
    if (Array.isArray(schema['enum'])) add(schema['enum'].join(' '), 0.6)
  }
  if (endpoint.requestBody) add(propertyNames(endpoint.requestBody.schema).join(' '), 0.6)
  if (endpoint.response) add(propertyNames(endpoint.response).join(' '), 0.55)
  add(endpoint.description.slice(0, 1000), 0.5)
  return weights
}

/** How well an operation does what the clause asks, from 0 to 1; an unknown verb asks for what is called by that verb. */
export function effectFit(clause: Clause, endpoint: Endpoint): number {
  if (clause.effect !== 'unknown') return COMPATIBLE[clause.effect][endpoint.effect] ?? 0
  return (vocabularyOf(endpoint).get(clause.verb ?? '') ?? 0) >= STRONG ? 1 : 0
}

/** The share of the clause's words that the vocabularies cover; the first is the target's, the others count a little less. */
export function coverage(clause: Clause, vocabularies: readonly Vocabulary[], covered: ReadonlySet<string>): number {
  if (clause.terms.length === 0) return 0
  const best = (term: string) =>
    Math.max(
      covered.has(term) ? 0.9 : 0,
      ...vocabularies.map((vocabulary, index) => (vocabulary.get(term) ?? 0) * (index === 0 ? 1 : 0.85)),
    )
  return clause.terms.reduce((sum, term) => sum + best(term), 0) / clause.terms.length
}

/** Whether the clause says at least one of the words the operation is called by. */
export function isAbout(clause: Clause, endpoint: Endpoint): boolean {
  const vocabulary = vocabularyOf(endpoint)
  return clause.terms.some((term) => (vocabulary.get(term) ?? 0) >= STRONG)
}

/**
 * How well an operation answers a clause by its words alone, before anything is bound. Besides what is covered it asks
 * whether the operation's last segment is what the clause is about, and whether its path says things nobody asked for.
 */
export function relevance(clause: Clause, endpoint: Endpoint): number {
  const said = new Set(clause.terms)
  const fixed = endpoint.path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{'))
  const segments = fixed.map((segment) => words(segment).map(stem))
  const last = segments.at(-1) ?? []
  const aboutLast = last.some((word) => word === clause.head || word === clause.verb)
    ? 0.8
    : last.some((word) => said.has(word))
      ? 0.25
      : 0
  const spoken = segments.filter((segment) => segment.some((word) => said.has(word))).length
  const precision = segments.length === 0 ? 0 : spoken / segments.length
  return (
    coverage(clause, [vocabularyOf(endpoint)], new Set()) +
    aboutLast +
    0.4 * precision +
    effectFit(clause, endpoint) -
    (endpoint.deprecated ? 0.3 : 0)
  )
}
