import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readInOtherWords } from '../understand/understand.ts'

// "Assign task 7 to Ada", "give the open tickets to user 5", "hand it over to ada@example.com".
const GIVEN =
  /^(\s*(?:(?:please|also|just|can you|could you)\s+)*)(assign|reassign|give|hand|pass|delegate|transfer)\s+(?:over\s+)?((?:(?!\s(?:to|access|permission)\s)[^,;"])+?)(?:\s+over)?\s+to\s+((?:(?:the\s+)?\p{Ll}+\s+)?(?:\p{Lu}[\p{L}'-]*(?:\s+\p{Lu}[\p{L}'-]*){0,3}|\S+@\S+|#?[\w-]*\d[\w-]*)|me|myself|him|her|them)\s*$/isu
const CASED = /^(?:\p{Lu}|\p{Ll}+\s+(?:\p{Lu}|#?[\w-]*\d)|\S+@|#?[\w-]*\d|me\b|myself\b|him\b|her\b|them\b|the\s)/u
// Who has a thing to see to, as APIs call them, the likeliest first.
const HOLDERS = ['assignee', 'owner', 'agent', 'technician', 'responsible', 'handler', 'lead', 'driver']
const ASSIGN = stem('assign')
// Not to all, to nobody, or to one of two.
const OTHERWISE =
  /\b(?:except|excluding|but|without|other than|save|neither|nor|not|or|when|if|unless|wants?|wanted)\b|'s\s*$/iu
const LONGEST = 300
const IT = new Set(['it', 'them', 'this', 'that'])

/** "Assign task 7 to Ada", where nothing assigns tasks and a task has an assignee that can be changed: that is set. */
export function giving(clause: Clause, { profiles }: Field, now: Now | null): Clause {
  const [, before = '', verb = '', thing = '', whom = ''] =
    clause.text.length > LONGEST ? [] : (GIVEN.exec(clause.text) ?? [])
  if (thing === '' || !CASED.test(whom) || OTHERWISE.test(clause.text)) return clause
  const said = new Set(words(thing).map((word) => stem(singular(word))))
  const isIt = words(thing).every((word) => IT.has(word))
  const ofThing = profiles.filter(
    ({ found, of }) => found.effect !== 'read' && (isIt || of.some((noun) => said.has(noun))),
  )
  const isAssigned = ofThing.some(
    ({ name, last, found }) =>
      [name[0], ...last].some((word) => word === ASSIGN || word === stem(verb.toLowerCase())) ||
      (found.effect === 'create' && last.some((word) => word.startsWith(ASSIGN))),
  )
  const changing = ofThing.filter(({ found, single }) => found.effect === 'update' && single)
  const holder = HOLDERS.find((role) => changing.some(({ takes }) => takes.has(stem(role))))
  if (isAssigned || holder === undefined) return clause
  return readInOtherWords(clause, `${before}set the ${holder} of ${thing} to ${whom}`, now)
}
