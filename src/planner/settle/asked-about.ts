import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readInOtherWords } from '../understand/understand.ts'

const RATE = stem('rate')
const STAR = stem('star')
const PEOPLE_SAY =
  /^\s*(?:(?:please|tell me|show me|find out)\s+)*what (?:do|does|did|have|has|are|were)\s+(?:(?!\b(?:i|you|we)\b)\p{L}+\s+){1,4}?(?:think(?:ing)?|thought|say(?:ing)?|said|writ(?:e|ten|ing)|wrote)\s+(?:of|about|on)\s+(?=\S)/iu
const COUNT = String.raw`(\d|one|two|three|four|five|six|seven|eight|nine|ten)`
const OPENS = String.raw`^(\s*(?:(?:please|and|also|then|can you|could you|i want to)\s+)*)`
const ENDS = String.raw`(?:\s+from me)?(?=\s*$|\s*,|\s+(?:and|saying)\b)`
const STARS = [
  new RegExp(
    String.raw`${OPENS}(?:give|award)\s+(.+?)\s+(?:a rating of\s+)?${COUNT}(?:\s+out of\s+\w+)?\s+(?:stars?|points?)${ENDS}`,
    'iu',
  ),
  new RegExp(
    String.raw`${OPENS}rate\s+(.+?)\s+(?:with\s+|at\s+)?${COUNT}(?:\s+out of\s+\w+|\s+stars?|\s+points?)+${ENDS}`,
    'iu',
  ),
]

/** What people ask for in other words than any API's: as it is said where a thing has such. */
export function askedAbout(clause: Clause, { profiles }: Field, now: Now | null): Clause {
  const said = PEOPLE_SAY.exec(clause.text)
  const [whole = '', before = '', thing = '', count = ''] = STARS.flatMap((pattern) => pattern.exec(clause.text) ?? [])
  if (!said && whole === '') return clause
  const has = (noun: string) => profiles.some(({ last }) => last.includes(stem(noun)))
  // "What do readers think of The Overstory?" asks for its reviews.
  const opinions = ['review', 'rating', 'feedback', 'comment', 'opinion'].find(has)
  if (said && opinions !== undefined) {
    const plural = /[^k]$/.test(opinions) ? `${opinions}s` : opinions
    return readInOtherWords(clause, `show the ${plural} of ${clause.text.slice(said[0].length)}`, now)
  }
  // "Give it five stars", "rate it four out of five".
  const isRated = profiles.some(({ name, found }) => name[0] === RATE && found.effect !== 'read')
  if (whole === '' || isRated || (opinions !== 'review' && opinions !== 'rating')) return clause
  // What no review is written of is not rated: "give the flight to Rome five stars".
  const makers = profiles.filter(({ found, last }) => found.effect !== 'read' && last.includes(stem(opinions)))
  const things = words(thing.split(/\s(?:to|of|in|at|on|by|from)\s/i)[0] ?? '').map((word) => stem(singular(word)))
  const isOther = things.some(
    (word) => profiles.some(({ last }) => last.includes(word)) && !makers.some(({ of }) => of.includes(word)),
  )
  if (makers.length === 0 || isOther) return clause
  const takesStars = profiles.some(({ found, takes }) => found.effect !== 'read' && takes.has(STAR))
  const rating = takesStars ? `${count} stars` : `rating ${count}`
  return readInOtherWords(
    clause,
    `${before}add a review with ${rating} to ${thing}${clause.text.slice(whole.length)}`,
    now,
  )
}
