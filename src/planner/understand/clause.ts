import type { Effect } from '../../specs/operation.ts'
import type { ClauseText } from '../language/clauses.ts'
import type { Many } from '../language/many.ts'
import type { Entity } from './entity.ts'

/** One thing to be done. */
export type Clause = {
  text: string
  /** What follows on from another clause: often only a comment. */
  aside: boolean
  /** What is asked for; unknown behind a verb that is not in the lexicon: "star the repository". */
  effect: Effect | 'unknown'
  /** Stems of the words that say what it is about, entities left out. */
  terms: readonly string[]
  /** The same words as they were written, lower case, in order. */
  content: readonly string[]
  entities: readonly Entity[]
  /** Stem of the noun the clause is about: "the late orders of Ada" → order. Null when no noun is left. */
  head: string | null
  /** Stem of the verb, when it says more than "show" or "create": "refund", "cancel". */
  verb: string | null
  /** Stem of the verb, whatever it says. */
  action: string | null
  /** "cheapest", "latest": the order asked for, or null. */
  order: { by: readonly string[]; descending: boolean } | null
  /** "her orders", "cancel it": something said before is meant. */
  refersBack: boolean
  /** "how many": the answer is a number. */
  counts: boolean
  /** "first", "latest", "top 3": how many items are asked for, or null for all. */
  limit: number | null
  /** It says of what or under which condition something is done, and asks for nothing to be done itself. */
  onlyReads: boolean
  /** Stem of what answers call it that it asks for without saying so: "where was Ada born" → birthplace. */
  asked?: string
  /** What it has to do with a condition of the message: it states one, or is done only under it. */
  test: NonNullable<ClauseText['test']> | null
  guard: NonNullable<ClauseText['guard']> | null
  /** What it was taken apart from, where it asks for one of several things; null otherwise. */
  among: string | null
  /** It is told behind what it is done before, which stands next. */
  precedes: boolean
  /** It is about one thing that was told of before: "its details". */
  ofOne: boolean
  /** Stem of the noun of the one thing that what it asks for belongs to, "the shipments of order 5", or
   * of itself where it is that thing; null where nothing tells. */
  ownedBy: string | null
  /** It says what is not to be done. */
  forbids: boolean
  /** It is done to every one of several, or null. */
  many: Many | null
  /** The IANA zone of the clocks that its times of day are read on. */
  timeZone: string
}
