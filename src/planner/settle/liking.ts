import { stem } from '../../lib/stem.ts'
import type { Now } from '../language/dates.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readInOtherWords } from '../understand/understand.ts'

// Not "like to …", nor "the colours like red", where it is no verb.
const LIKES =
  /^(\s*(?:(?:please|and|also|then|can you|could you|i want to)\s+)*)(un)?likes?\s+(?=(?:it|them|this|that|these|those|the|an?|my|all|every|each|both)\b|(?-i:\p{Lu})|["'#\d])/iu
// What APIs call it that have no likes, the likeliest first.
const KEEPS = ['favorite', 'favourite', 'save', 'star', 'bookmark']

/**
 * "Like the post 77": that is a verb here, which English mostly has for another word. The post is given a like, or has it taken
 * back, where the API has those, and else what the API calls that; what is taken back of another name is left as it is said, for
 * the post itself might be what is removed.
 */
export function liking(clause: Clause, { profiles }: Field, now: Now | null): Clause {
  const [opening = '', before = '', not] = LIKES.exec(clause.text) ?? []
  if (opening === '') return clause
  const isCalled = (word: string) => profiles.some(({ called }) => called.has(stem(word)))
  const given = isCalled('like') ? 'add likes to' : not === undefined && KEEPS.find(isCalled)
  if (!given) return clause
  const does = not === undefined ? given : 'remove likes from'
  return readInOtherWords(clause, `${before}${does} ${clause.text.slice(opening.length)}`, now)
}
