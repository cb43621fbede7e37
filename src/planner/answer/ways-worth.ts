import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { isLimit } from '../../links/slot-kinds.ts'
import type { Answer, Attempt } from '../plan/attempt.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { lastOf } from '../rank/profile.ts'
import { coverage, vocabularyOf } from '../rank/relevance.ts'
import type { Way } from '../retrieve/hops.ts'

type Found = NonNullable<Answer>

// What it is worth that all that is said is seen to, beside the ranking of the operations.
const SAID = 6
// What share is all of what is said, where one call stands for another's words.
const ALL = 0.96
// What an operation is worth as an answer that answers with the thing itself.
const THING_ITSELF = 0.5

/**
 * By how much an answer in parts is better than the plain one: by how sure the operations are, and by how much of what is
 * said they see to. `finder` is the operation by which the way finds the thing, `before` the number of calls that are done.
 */
export function leadOf(way: Way, answer: Found, plain: Answer, { finder, before }: Placed): number {
  const worth = ({ attempt, score }: Found) => score + SAID * saidBy(way, attempt, { finder, before })
  if (!plain) return worth(answer)
  // A value that the plain answer has a place for is not given up.
  if ([...plain.attempt.used].some((entity) => entity.list !== -1 && !answer.attempt.used.has(entity))) return 0
  const ids = ({ attempt }: Found) => attempt.calls.map(({ endpoint }) => endpoint.id).join(' ')
  const lead = worth(answer) - worth(plain)
  // The same calls, told apart by which of several is meant.
  return ids(answer) === ids(plain) && way.thing.clause.order !== null ? Math.max(lead, SAID) : lead
}

type Placed = { finder: string | null; before: number }

/** Whether an attempt sees to all that a way speaks of, and nothing tells one of several apart. */
export function seesToAll(way: Way, attempt: Attempt, before: number): boolean {
  const thing = { ...way.thing, clause: { ...way.thing.clause, limit: null } }
  return thing.clause.order === null && saidBy({ ...way, thing }, attempt, { finder: null, before }) >= ALL
}

/** How well a call tells what is asked of a thing, from 0 to 1: as well as it tells the least of it. */
export function toldBy(way: Way, { endpoint }: PlannedCall): number {
  const called = vocabularyOf(endpoint)
  return Math.min(1, ...ownTerms(way).map((term) => called.get(term) ?? 0))
}

/** What is said of what is asked for, and not of the thing. */
function ownTerms({ thing, asked }: Way): string[] {
  return asked.clause.terms.filter((term) => !thing.clause.terms.includes(term))
}

/** How much an attempt sees to of what is asked for, of which thing it is asked, and of which of several; from 0 to 1. */
function saidBy(way: Way, attempt: Attempt, { finder, before }: Placed): number {
  const { thing, asked } = way
  const { head, order, limit } = thing.clause
  const covered = understoodIn(attempt)
  const added = attempt.calls.slice(before).toReversed()
  const called = added.map(({ endpoint }) => vocabularyOf(endpoint))
  const [last] = added
  const givesThing = last && isAbout(last.endpoint, head) && !isAbout(last.endpoint, asked.clause.head)
  // `limit=1` is the first.
  const isOfSo = ({ slot, source }: PlannedCall['bindings'][number]) =>
    isLimit(slot) && source.kind === 'literal' && source.value === limit
  const isPicked = added.some(
    ({ endpoint, pick, bindings }, at) =>
      (pick?.order || pick?.limit || (order === null && bindings.some(isOfSo))) &&
      (endpoint.id === finder || (at > 0 && isAbout(endpoint, head))),
  )
  const forAsked = coverage({ ...asked.clause, terms: ownTerms(way) }, called.slice(0, 1), covered)
  const said = [
    givesThing ? THING_ITSELF * forAsked : forAsked,
    coverage(thing.clause, called, covered),
    ...(order === null && limit === null ? [] : [isPicked ? 1 : 0]),
  ]
  return said.reduce((sum, share) => sum + share, 0) / said.length
}

/** The stems that values were chosen by; what is only searched for may mean anything. */
function understoodIn({ covered, used }: Attempt): ReadonlySet<string> {
  const searched = new Set([...used].flatMap(({ text, list }) => (list === -1 ? words(text).map(stem) : [])))
  return new Set([...covered].filter((word) => !searched.has(word)))
}

function isAbout({ path }: Endpoint, word: string | null): boolean {
  return word !== null && lastOf(path).includes(word)
}
