import { singular } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import type { Clause } from '../understand/clause.ts'
import { readClause } from '../understand/understand.ts'
import { type Described, isToldOf, type Kinds, nounOf, nounPhrase, withoutName, withoutNames } from './described.ts'

// How many ways to cut a clause are looked into.
const MOST = 3
// What is longer is told in more than one phrase.
const LONGEST = 240
const DETERMINER = String.raw`(?:all(?:\s+(?:the|my|our))?|two|three|four|five|six|seven|eight|nine|ten|\d{1,3}|the|an?|my|our|any|some|today's|this\s+(?:week|month)'s)`
// "Ada Holm's newest plant": names that own are words.
const OWNER = String.raw`(?:\p{L}[\p{L}&.-]*\s+){0,2}\p{L}[\p{L}&.-]*'s`
// Where a thing begins that something is done to, or with: behind the verb, or behind what says where it goes.
const BEGINS = new RegExp(
  String.raw`(?<=^\s*(?:(?:please|just|also|(?:can|could|would|will)\s+you|i\s+want\s+to|i(?:'d|\s+would)\s+like\s+to|let's)\s+)*[\p{L}-]+\s+(?:(?:up|out|down|off|on)\s+)?|\s(?:to|into|onto|on|in|from|for)\s+)(?=${DETERMINER}\s|${OWNER}\s)`,
  'giu',
)
const OWNED = new RegExp(String.raw`^${OWNER}\s+`, 'iu')
const IN_THING = new RegExp(String.raw`\s(?:of|from|in|on)\s+${DETERMINER}\s`, 'iu')
const OWNING = new Set(['of', 'by', 'from'])
const LIKE = /\b(?:similar|related|identical|close|next)\s+to\b/i
// Where something goes is not told of a thing.
const GOES = /(?<!\b(?:similar|next|close|due|\p{L}+(?:ed|ing)))\s(?:to|into|onto|as)\s/iu
const IS_NEW = /^\p{L}+\s+(?:(?:brand|completely)[- ])?new\s/iu
const IS_ANY = /^(?:an?|any|some)\s/i
const ENDS = /\s+(?=(?:to|into|onto|on|in|at|from|for|with|as)\s)|\s*(?=[.,;!?]|$)/giu

/**
 * The ways to take a clause apart that does something to a thing that is told of: "save | the newest album of Ada", "add it
 * to | my first list". None where the thing is only named, or told by its number or id.
 */
export function readDescribedObjects(clause: Clause, now: Now | null, kinds: Kinds): Described[] {
  const { effect, aside, test, many, among, precedes, onlyReads, text } = clause
  // "For each" is gone through one by one.
  if (effect === 'read' || aside || test || many?.each || among !== null || precedes || onlyReads) return []
  if (text.length > LONGEST) return []
  const { text: hidden, restore } = withoutNames(clause)
  return [...hidden.matchAll(BEGINS)]
    .flatMap(({ index: from }) =>
      [...hidden.slice(from).matchAll(ENDS)].map(({ index }) => ({ from, to: from + index })).toReversed(),
    )
    .filter(({ from, to }) => !GOES.test(hidden.slice(from, to)))
    .flatMap(({ from, to }) => {
      const said = { before: hidden.slice(0, from), thing: hidden.slice(from, to), after: hidden.slice(to) }
      return read(said, restore, clause, now, kinds) ?? []
    })
    .slice(0, MOST)
}

function read(
  { before, thing: phrase, after }: Record<'before' | 'thing' | 'after', string>,
  restore: (part: string) => string,
  { guard, effect, verb, action }: Clause,
  now: Now | null,
  kinds: Kinds,
): Described | null {
  // What is taken away from something is not just taken away.
  if ((effect === 'delete' || effect === 'pay') && (IN_THING.test(phrase) || OWNED.test(phrase))) return null
  // What is made is not there.
  if (IS_NEW.test(phrase) || (effect === 'create' && IS_ANY.test(phrase))) return null
  // "The growers similar to Ada" are growers.
  const words = nounPhrase(phrase.replace(OWNED, '').split(LIKE)[0] ?? '', kinds)
  const called = withoutName(words, kinds)
  if (called.length === 0 || !called.some(kinds.isNoun)) return null
  const noun = nounOf(called, kinds)
  const thing = restore(phrase)
  const whole = readClause({ text: `what is ${thing}`, aside: false }, now)
  if (!isToldOf(whole, thing.replace(OWNED, 'the '), called, words) && !isSomebodys(whole, called) && !LIKE.test(thing))
    return null
  const text = `${restore(before)}the ${noun}${restore(after)}`
  const asked = { ...readClause({ text, aside: false }, now), effect, verb, action, refersBack: true, guard }
  const kind = noun.split(' ').findLast(kinds.isNoun) ?? noun
  const last = called.at(-1)?.toLowerCase() ?? ''
  const many = whole.limit === null ? singular(last) !== last : whole.limit > 1
  return { thing: { ...whole, guard }, asked, noun, kind: kind.toLowerCase(), many, role: null }
}

/** "The albums of Ada": whether a thing is told by whose it is. */
function isSomebodys({ entities }: Clause, called: readonly string[]): boolean {
  return entities.some(({ kind, before }) => {
    const [thing, joint = ''] = before.slice(-2)
    return (kind === 'name' || kind === 'quoted') && OWNING.has(joint) && thing === called.at(-1)?.toLowerCase()
  })
}
