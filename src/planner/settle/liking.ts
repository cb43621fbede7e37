import { stem } from '../../lib/stem.ts'
import type { Now } from '../language/dates.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readInOtherWords } from '../understand/understand.ts'

const LIKE = stem('like')
// Not "like to …", nor "the colours like red", where it is no verb.
const LIKES =
  /^(\s*(?:(?:please|and|also|then|can you|could you|i want to)\s+)*)(un)?likes?\s+(?=(?:it|them|this|that|these|those|the|an?|my|all|every|each|both)\b|(?-i:\p{Lu})|["'#\d])/iu

/** "Like the post 77", where the API has likes: that is a verb here, which English mostly has for another word. */
export function liking(clause: Clause, { profiles }: Field, now: Now | null): Clause {
  const [opening = '', before = '', not] = LIKES.exec(clause.text) ?? []
  if (opening === '' || !profiles.some(({ called }) => called.has(LIKE))) return clause
  const does = not === undefined ? 'add likes to' : 'remove likes from'
  return readInOtherWords(clause, `${before}${does} ${clause.text.slice(opening.length)}`, now)
}
