import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import type { Now } from '../language/dates.ts'
import { hideValues } from '../language/quotes.ts'
import { givesOwn } from '../rank/profile.ts'
import type { Field } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readClause } from '../understand/understand.ts'
import { JOINTS, PREPOSITIONS, verbPhraseOf } from './coordination.ts'

const LISTED =
  '(?:(?:an? |the )?(?:overview|summary|list|lists|details|information) (?:of|about|on) |all (?:of )?|both )*'
const WHOSE = String.raw`(?:(?:its|their|his|her)\s+)`
const OWNER_AND_PARTS = new RegExp(
  String.raw`^(?<whole>.+?),?\s+(?:(?:including|such as|like|namely)\s+${LISTED}${WHOSE}?|(?:(?:(?:along|together) )?with|as well as|and)\s+${LISTED}${WHOSE})(?<parts>.+)$`,
  'isu',
)
const AND_WHAT_BELONGS = /,?\s+and\s+(?:all|any|other|its|their|his|her)\s.*$/is
const OF_WHOLE =
  /^(?:(?:the|an?|all|some|\p{L}+(?:ed|ive|al|ary|ant|ic))\s+)*(?:information|details|data|overview|summary|profile|record|view)\s+(?:about|of|on|for|regarding)\s+/iu
const WHOLE_OF = /['’]s?\s+(?:\p{L}+\s+){0,2}(?:profile|details|information|info|data|record)$/iu
const MOST_PARTS = 8

/**
 * "Show order 5 with its customer and its shipments": one clause for the thing, and one for each thing that is its own where
 * an operation gives that by way of it, `/orders/{id}/shipments`; null where none does. What the answer of the thing itself
 * holds is no clause.
 */
export function splitOwned(clause: Clause, { profiles }: Field, now: Now | null): Clause[] | null {
  const { text, test, action, effect } = clause
  if (effect !== 'read' || test) return null
  const { hidden, restore } = hideValues(text)
  const verb = verbPhraseOf(hidden, action)
  const { whole = '', parts = '' } = OWNER_AND_PARTS.exec(hidden.slice(verb.length))?.groups ?? {}
  const owner = whole.replace(AND_WHAT_BELONGS, '').replace(OF_WHOLE, '').replace(WHOLE_OF, '').trim()
  const read = (said: string) => partOf(clause, restore(`${verb}${said}`).trim(), now)
  const itself = read(owner)
  const noun = itself.head
  if (noun === null || owner === '' || PREPOSITIONS.test(` ${owner}`) || isMany(itself, noun)) return null
  const given = profiles.find(({ single, of }) => single && of.at(-1) === noun)
  const owned: Clause[] = []
  for (const part of parts.split(JOINTS).filter((chunk) => chunk.trim() !== '')) {
    const thing = part.trim().replace(/^(?:its|their|his|her|the|all|any)\s+/i, '')
    const own = read(PREPOSITIONS.test(` ${thing}`) ? part : `${thing} of ${owner}`)
    const { head } = own
    if (profiles.some((profile) => givesOwn(profile, noun, head))) owned.push({ ...own, ownedBy: noun })
    else if (head === null || given?.mentions.has(head) !== true) return null
  }
  if (owned.length === 0 || owned.length > MOST_PARTS) return null
  return given ? [{ ...itself, ofOne: true, ownedBy: noun }, ...owned] : owned
}

/** A part of what a clause asks for, as a clause of its own. */
function partOf({ text, aside, test, guard }: Clause, said: string, now: Now | null): Clause {
  return { ...readClause({ text: said, aside }, now), test, guard, among: text }
}

const OWNED_BY =
  /^(?:of|in|within|for|from|on|inside|belonging to|associated with)\s+(?<owner>(?:(?:the|an?|this|that|its|their|my|our)\s+)?[^,;]+)$/isu

/** A clause that asks for what one thing has, "sections within that school", where an operation gives that by way of it. */
export function readOwner(clause: Clause, { profiles }: Field, now: Now | null): Clause {
  const { text, head, effect, ownedBy } = clause
  if (effect !== 'read' || head === null || ownedBy !== null) return clause
  const at = PREPOSITIONS.exec(text)
  const owner = OWNED_BY.exec(at?.[0].trim() ?? '')?.groups?.['owner']
  if (owner === undefined) return clause
  const of = readClause({ text: `show ${owner}`, aside: false }, now)
  const noun = of.head
  const isSure = noun !== null && !isMany(of, noun) && profiles.some((profile) => givesOwn(profile, noun, head))
  return isSure ? { ...clause, ownedBy: noun } : clause
}

const WITH_NEW = /^(?<whole>.+?),?\s+(?:with|including|that has)\s+(?<parts>(?:an?|some)\s+(?!new\s).+)$/isu

/**
 * "Register a customer with a delivery address": one clause for making the thing and one for making what is its own, where
 * operations do them one by one and the first takes nothing of the kind itself; null where not.
 */
export function splitMade(clause: Clause, { profiles }: Field, now: Now | null): Clause[] | null {
  const { text, test, action, effect } = clause
  if (effect !== 'create' || test) return null
  const { hidden, restore } = hideValues(text)
  const verb = verbPhraseOf(hidden, action)
  const { whole = '', parts = '' } = WITH_NEW.exec(hidden.slice(verb.length))?.groups ?? {}
  if (whole === '' || PREPOSITIONS.test(` ${whole}`)) return null
  const read = (said: string) => partOf(clause, restore(`${verb}${said}`).trim(), now)
  const itself = read(whole)
  const noun = itself.head
  const maker = profiles.find(
    (each) => noun !== null && each.found.effect === 'create' && each.pathParameters === 0 && each.last.at(-1) === noun,
  )
  if (noun === null || !maker) return null
  const owned = parts
    .split(JOINTS)
    .map((part) => read(`${part.trim()} for that ${itself.content.find((word) => stem(word) === noun) ?? ''}`))
  const isMade = ({ head }: Clause) =>
    head !== null &&
    !maker.takes.has(head) &&
    profiles.some(
      ({ found, of, last, single }) =>
        found.effect === 'create' && !single && of.at(-1) === noun && last.at(-1) === head,
    )
  return owned.length > 0 && owned.every(isMade)
    ? [itself, ...owned.map((part) => ({ ...part, refersBack: true }))]
    : null
}

// What is longer is told in more than one phrase.
const LONGEST = 500
const FILLED =
  /^(?<whole>.+?),?\s+(?:with|containing|including|(?:made\s+)?(?:up\s+)?out\s+of|made\s+of|from|of)\s+(?<things>(?:all|the|my|both|two|three|four|five|six|seven|eight|nine|ten|\d{1,3})\s.+?)(?:\s+(?:in|on)\s+it)?(?<name>\s+(?:called|named|titled)\s+\S+)?\s*$/isu

/**
 * "Make a list called Calm with the top 3 songs of Ada": one clause for making it, and one for putting into it what is there
 * already, where operations do them one by one; null where not.
 */
export function splitFilled(clause: Clause, { profiles }: Field, now: Now | null): Clause[] | null {
  const { text, test, action, effect } = clause
  if (effect !== 'create' || test || text.length > LONGEST) return null
  const { hidden, restore } = hideValues(text)
  const verb = verbPhraseOf(hidden, action)
  const { whole = '', things = '', name = '' } = FILLED.exec(hidden.slice(verb.length))?.groups ?? {}
  if (whole === '') return null
  const itself = partOf(clause, restore(`${verb}${whole}${name}`).trim(), now)
  const noun = itself.head
  const word = itself.content.find((each) => stem(each) === noun)
  const isMade = profiles.some(
    ({ found, single, last }) => found.effect === 'create' && !single && last.at(-1) === noun,
  )
  if (noun === null || word === undefined || !isMade) return null
  const filling = { ...partOf(clause, restore(`add ${things} to the ${word}`), now), among: null }
  const isFilled = profiles.some(
    ({ found, single, of, last }) =>
      found.effect === 'create' &&
      !single &&
      of.at(-1) === noun &&
      filling.head !== null &&
      last.includes(filling.head),
  )
  return isFilled
    ? [
        { ...itself, among: null },
        { ...filling, refersBack: true },
      ]
    : null
}

/** What many have is worked out for each of them. */
function isMany({ text, many }: Clause, noun: string): boolean {
  return many !== null || words(text).some((word) => stem(word) === noun && singular(word) !== word)
}
