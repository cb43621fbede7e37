import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { isLimit, isSearch } from '../../links/slot-kinds.ts'
import { resourceOf } from '../../links/slots.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { DETERMINERS, FUNCTION_WORDS, SUPERLATIVES } from '../language/lexicon.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { PlannedCall, Source } from '../plan/planned-call.ts'
import { vocabularyOf } from '../rank/relevance.ts'
import type { Clause } from '../understand/clause.ts'
import { type Entity, isNameLike } from '../understand/entity.ts'
import { unplacedWords } from './unplaced.ts'

type Bound = PlannedCall['bindings'][number]
type Taken = { bound: Bound; attempt: Attempt; clause: Clause; first: number }

const MOST = /\b(?:most|least)\s+\p{L}+/iu
const ALIKE = /\b(?:similar|related|identical|comparable)\s+to\b/i
const ALIKE_STEMS = ['similar', 'related', 'identical', 'comparable', 'recommendations'].map(stem)
const WHOSE = new Set(['of', 'by', 'from'])
// Who is paid, and with whom something is that is taken away.
const WHOM = new Set(['to', 'with', 'for'])

/**
 * An attempt in which whatever something is done to was told by what was said. What is taken from a list that nothing said
 * picks from, or picks from in another way than was said, is asked for instead: a command that is done to the wrong thing
 * is worse than a question. Pure; an attempt that only reads is left as it is.
 */
export function onlySure(attempt: Attempt, clause: Clause, first: number): Attempt {
  const last = attempt.calls.at(-1)
  if (!last || attempt.calls.length <= first || last.endpoint.effect === 'read') return attempt
  const isUnsure = (bound: Bound) =>
    bound.slot.noun !== null && DOUBTS.some((doubts) => doubts({ bound, attempt, clause, first }))
  if (!last.bindings.some(isUnsure)) return attempt
  const bindings = last.bindings.map((bound) =>
    isUnsure(bound) || bound.source.kind === 'item' ? { ...bound, source: { kind: 'input' as const } } : bound,
  )
  const { each: _each, ...once } = last
  return { ...attempt, calls: [...attempt.calls.slice(0, -1), { ...once, bindings }] }
}

/** "From my oldest account to my newest": whether two of a kind are told apart by their order, so that either may be meant. */
function isOfTwoOrders({ bound, clause, attempt, first }: Taken): boolean {
  const orders = words(clause.text).filter((word) => SUPERLATIVES.has(word))
  return orders.length > 1 && listOfTaken(bound, attempt.calls.at(-1), first) !== null
}

const DOUBTS: readonly ((taken: Taken) => boolean)[] = [
  isTwice,
  isOfTwoOrders,
  isLikeIt,
  isOfAnother,
  isOrderedOtherwise,
  isOfAny,
  isOfLeftOut,
  isJustMade,
]

/** The place of the call that lists what a value is taken from, where nothing else tells which one of it. */
function listOfTaken({ source }: Bound, last: PlannedCall | undefined, first: number): number | null {
  const at =
    source.kind === 'step' && source.path.includes('[0]')
      ? source.step
      : source.kind === 'item'
        ? (last?.each?.step ?? -1)
        : -1
  return at >= first ? at : null
}

/** "From my oldest account to my newest one": one thing in the place of two. */
function isTwice({ bound: { slot, source }, attempt }: Taken): boolean {
  const others = attempt.calls.at(-1)?.bindings ?? []
  const isSame = (other: Source) =>
    source.kind === 'step' && other.kind === 'step' && other.step === source.step && other.path === source.path
  return others.some((other) => other.slot.name !== slot.name && other.slot.noun !== null && isSame(other.source))
}

/** "Delete the events similar to the event Standup": what is named there is not what is meant. */
function isLikeIt({ bound: { source }, attempt, clause, first }: Taken): boolean {
  if (source.kind === 'input' || !ALIKE.test(clause.text)) return false
  const called = attempt.calls.slice(first).map(({ endpoint }) => vocabularyOf(endpoint))
  return !called.some((vocabulary) => ALIKE_STEMS.some((word) => vocabulary.has(word)))
}

/** "The snapshot of the server web-1": whether an id is said to be that of something else than what the clause is about. */
function isOfAnother({ bound: { slot, source }, clause: { head, entities } }: Taken): boolean {
  const noun = slot.noun?.split(' ').at(-1) ?? ''
  if (source.kind !== 'literal' || stem(noun) !== head) return false
  const { before = [] } = entities.find(({ value }) => value === source.value) ?? {}
  const [article = '', said = ''] = before.slice(-2)
  return article === 'the' && !FUNCTION_WORDS.has(said) && said !== noun && before.slice(0, -2).at(-1) === 'of'
}

/** "The payment of the newest customer" is not the newest payment; and "the newest ticket of Ada" not just any of hers. */
function isOrderedOtherwise({ bound, attempt: { calls }, clause, first }: Taken): boolean {
  const at = listOfTaken(bound, calls.at(-1), first)
  const listed = at === null ? undefined : calls[at]
  if (!listed || clause.order === null) return false
  const said = words(clause.text)
  const place = said.findIndex((word) => (SUPERLATIVES.get(word)?.by.length ?? 0) > 0)
  if (place < 0) return false
  const behind = said.slice(place + 1)
  const end = behind.findIndex((word) => FUNCTION_WORDS.has(word))
  const ordered = behind.slice(0, end < 0 ? behind.length : end).map(singular)
  const thing = singular(resourceOf(listed.endpoint.path).split(' ').at(-1) ?? '')
  const isIts = ordered.includes(thing) || ordered.includes(bound.slot.noun?.split(' ').at(-1) ?? '')
  const isSorted = listed.pick?.order != null
  if (isIts) return !isSorted && !isPicked(listed)
  const isField = ordered.some((word) => words(listed.pick?.order?.words ?? '').includes(word))
  return isSorted && ordered.length > 0 && !isField && said.some((word) => singular(word) === thing)
}

const BEFORE = /\b(?:old|older|oldest|previous|former|existing|other)\s+\p{L}/iu

/** "Post it and delete the old message": what was made just before is not the one. */
function isJustMade({ bound: { source }, attempt: { calls }, clause }: Taken): boolean {
  const isMade = source.kind === 'step' && calls[source.step]?.endpoint.effect !== 'read'
  return isMade && IRREVERSIBLE.has(calls.at(-1)?.endpoint.effect ?? '') && BEFORE.test(clause.text)
}

/** "My card" is not that of whichever customer comes first: whether nothing said picks what the list is one of. */
function isOfAny({ bound, attempt: { calls }, first }: Taken): boolean {
  const at = listOfTaken(bound, calls.at(-1), first)
  const before = (step: number) =>
    (calls[step]?.bindings ?? []).flatMap(({ source }) =>
      source.kind === 'step' && source.step >= first && source.path.includes('[0]') ? [source.step] : [],
    )
  const isAny = (step: number): boolean => {
    const call = calls[step]
    return call !== undefined && (!isPicked(call) || before(step).some(isAny))
  }
  return at !== null && before(at).some(isAny)
}

/** Whether something said picks from what a call lists. */
function isPicked({ bindings, pick }: PlannedCall): boolean {
  if (pick) return pick.order !== null || pick.limit === 1 || pick.where.length > 0
  return bindings.some(
    ({ slot, source }) =>
      source.kind === 'literal' && (isLimit(slot) ? source.value === 1 : !Array.isArray(slot.schema['enum'])),
  )
}

/** "Pay the newest bill of Ada", "all open bills": whether what tells which are meant finds no place in the plan. */
function isOfLeftOut({ bound, attempt, clause, first }: Taken): boolean {
  const { calls, used, covered } = attempt
  const last = calls.at(-1)
  const at = listOfTaken(bound, last, first)
  if (at === null || !last) return false
  const isTaken = (entity: Entity) => used.has(entity) || [...used].some(({ text }) => text.includes(entity.text))
  const isGrave = IRREVERSIBLE.has(last.endpoint.effect)
  const isWhose = (entity: Entity) =>
    entity.possessive || WHOSE.has(joint(entity)) || (isGrave && WHOM.has(joint(entity)))
  // "The ticket Lost and Found" is one.
  const isPart = ({ list }: Entity) => isGrave && [...used].some((other) => other.list === list)
  const isLeft = clause.entities.some(
    (entity) => isNameLike(entity) && (isWhose(entity) || isPart(entity)) && !isTaken(entity),
  )
  if (isLeft || isNamedForAnother(bound, calls[at], attempt)) return true
  return (isGrave || MOST.test(clause.text)) && unplacedWords(clause, calls.slice(first), covered).length > 0
}

function joint({ before }: Entity): string {
  return before.findLast((word) => !DETERMINERS.has(word)) ?? ''
}

/** "The agent of the team Blue": whether a list is searched by the name of something else than what it lists. */
function isNamedForAnother({ slot }: Bound, listed: PlannedCall | undefined, { used }: Attempt): boolean {
  const called = listed && vocabularyOf(listed.endpoint)
  if (!called) return false
  const searched = listed.bindings.flatMap(({ slot: own, source }) =>
    isSearch(own) && source.kind === 'literal' ? [source.value] : [],
  )
  return [...used].some(({ value, before }) => {
    const [article = '', noun = ''] = before.slice(-2)
    const isOther = article === 'the' && noun !== slot.noun && !called.has(stem(noun)) && !FUNCTION_WORDS.has(noun)
    return searched.includes(value) && isOther
  })
}
