import { stem } from '../../lib/stem.ts'
import type { Now } from '../language/dates.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readInOtherWords } from '../understand/understand.ts'

// Not "like to …", nor "the colours like red", where it is no verb.
const LIKES =
  /^(\s*(?:(?:please|and|also|then|can you|could you|i want to)\s+)*)((?:un|dis)?)likes?\s+(?=(?:it|them|this|that|these|those|the|an?|my|all|every|each|both)\b|(?-i:\p{Lu})|["'#\d])/iu
// What APIs call it that have no likes, the likeliest first.
const KEEPS = ['favorite', 'favourite', 'save', 'star', 'bookmark']

/**
 * "Like the post 77": that is a verb here, which English mostly has for another word. The post is given a like where the API
 * has those, and else what the API calls that.
 */
export function liking(clause: Clause, { profiles }: Field, now: Now | null): Clause {
  const [opening = '', before = '', not = ''] = LIKES.exec(clause.text) ?? []
  if (opening === '') return clause
  const thing = clause.text.slice(opening.length)
  const isCalled = (word: string) => profiles.some(({ called }) => called.has(stem(word)))
  const own = isCalled('like') ? null : KEEPS.find(isCalled)
  if (own === undefined) return clause
  const does =
    own === null
      ? not === ''
        ? `add likes to ${thing}`
        : `remove likes from ${thing}`
      : `${not === '' ? own : 'remove'} ${thing}`
  return readInOtherWords(clause, `${before}${does}`, now)
}
