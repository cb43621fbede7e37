import { stem } from '../../lib/stem.ts'
import { singular } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readInOtherWords } from '../understand/understand.ts'

const PAIR = /\b(\p{Ll}{3,})[ -](?=(\p{Ll}{3,})\b)/gu

/** "The waiting list", where the API calls it a waitlist: two words for a thing that it writes as one. */
export function compounds(clause: Clause, { profiles }: Field, now: Now | null): Clause {
  const ends = new Set(profiles.flatMap(({ last }) => last))
  // "Play lists" may be just that where something is called so.
  const isOne = (first: string, second: string) =>
    [first, stem(first)].map((word) => `${word}${singular(second)}`).find((word) => ends.has(stem(word)))
  const text = clause.text.replaceAll(PAIR, (said, first: string, second: string) => {
    const word = isOne(first, second)
    return word === undefined ? said : word.slice(0, -singular(second).length)
  })
  return text === clause.text ? clause : readInOtherWords(clause, text, now)
}
