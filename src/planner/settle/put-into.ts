import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readClause, readInOtherWords } from '../understand/understand.ts'
import { nounsOf } from './name-behind-noun.ts'

const MOVED = /^(\s*(?:(?:please|can you|could you)\s+)*)moves?\s+(\S.*?)\s+to\s+((?:the|my|our)\s+\S.*)$/isu
const LONGEST = 500
const INTO_IT = /\b(?:to|in|into|on|onto)\s+(?:it|that|there)\s*$/i

/** "Put Circe on it": whether something is put into what was told of before. */
export function isIntoIt({ text, effect }: Clause): boolean {
  return effect === 'create' && INTO_IT.test(text)
}

/**
 * "Put the songs into my list", which is read as moving them: they are added where the API adds some to a list and nothing
 * says of one of them in which list it is. A card that has a list is moved.
 */
export function putInto(clause: Clause, field: Field, now: Now | null): Clause {
  if (clause.text.length > LONGEST) return clause
  const [, before = '', thing = '', place = ''] = MOVED.exec(clause.text) ?? []
  if (thing === '') return clause
  const { head } = readClause({ text: `show ${thing}`, aside: false }, now)
  const nouns = nounsOf(field)
  const into = words(place)
    .map(stem)
    .filter((word) => nouns.has(word))
  // From one list to another it does not merely come to be in that as well.
  const isWithin = words(thing).some((word) => into.includes(stem(word)))
  if (head === null || into.length === 0 || isWithin) return clause
  const { profiles } = field
  const isMoved = profiles.some(({ found, single, of }) => found.effect === 'update' && single && of.at(-1) === head)
  const isAdded = profiles.some(
    ({ found, single, of, last }) =>
      found.effect === 'create' && !single && last.includes(head) && into.includes(of.at(-1) ?? ''),
  )
  if (isMoved || !isAdded) return clause
  const read = readInOtherWords(clause, `${before}add ${thing} to ${place}`, now)
  return { ...read, many: read.many ?? clause.many, among: clause.among }
}
