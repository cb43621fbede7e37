import { propertyNames } from '../../catalog/index-words.ts'
import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import type { Clause } from '../understand/clause.ts'

/** The stems an operation is known by, each with how much it says: 1 for what it is called, less for what it mentions. */
export type Vocabulary = ReadonlyMap<string, number>

/** Above this a word is one the operation is called by, not merely one it mentions. */
export const STRONG = 0.8

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
