import { stem } from '../../lib/stem.ts'
import { TOLD } from '../assemble/nearness.ts'
import { calledBy } from '../fill/values.ts'
import { VERBS } from '../language/lexicon.ts'
import { relatedness } from '../language/related-words.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Clause } from '../understand/clause.ts'

const SEEING = [...VERBS].flatMap(([verb, effect]) => (effect === 'read' ? [stem(verb)] : []))

// Verbs that ask for something that is not there yet and nothing else.
const MAKING = new Set(
  ['create', 'add', 'register', 'insert', 'place', 'post', 'book', 'upload', 'make', 'save'].map(stem),
)

/**
 * "Ship the latest order": what is asked for by a verb that no operation does, and is only looked up; nothing where what
 * says to do it is left out, or the verb asks to see.
 */
export function onlyLookedUp(clause: Clause, { calls }: Attempt, first: number): string[] {
  const { effect, verb, action, onlyReads, aside, text } = clause
  const deed = verb ?? action
  const added = calls.slice(first).map(({ endpoint }) => endpoint)
  const makes = effect === 'create' && action !== null && MAKING.has(action)
  const isAsked = makes || effect === 'unknown' || effect === 'update' || effect === 'delete' || effect === 'pay'
  if (!isAsked || deed === null || onlyReads || aside || added.some((endpoint) => endpoint.effect !== 'read')) return []
  const isLike = (word: string) => relatedness(deed, stem(word)) >= TOLD
  const isTold = added.some((endpoint) => [...calledBy(endpoint)].some(isLike))
  return isTold || SEEING.some(isLike) ? [] : [`“${text.slice(0, 200)}” is not done: it is only looked up`]
}
