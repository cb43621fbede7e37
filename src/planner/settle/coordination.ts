import { stem } from '../../lib/stem.ts'
import { isAttribute } from '../language/clauses.ts'
import type { Now } from '../language/dates.ts'
import { hideValues } from '../language/quotes.ts'
import { baseOf } from '../language/verbs.ts'
import { type Field, needsOf, rank } from '../rank/rank.ts'
import type { Clause } from '../understand/clause.ts'
import { readClause } from '../understand/understand.ts'

const JOINING = 'and|or|as well as|along with|alongside|together with|in addition to|plus'
/** What things that are listed are joined by. */
export const JOINTS = new RegExp(String.raw`\s*,\s*(?:(?:${JOINING})\s+)?|\s+(?:${JOINING})\s+`, 'i')
/** What is told of a thing behind it. */
export const PREPOSITIONS =
  /\s+(?:for|of|in|within|from|on|at|to|by|with|against|into|onto|via|through|across|between|during|about|associated|belonging|using|based)\s+.*$/is
// "Their school, classes and teachers": all of them are theirs.
const POSSESSIVE = /^\s*(?:its|their|his|her)\s+/i
const DETERMINED = /^\s*(?:its|their|his|her|the|an?|all|any|some|my|your|our|\p{L}+'s)\s/iu
const MAX_OBJECTS = 6
// An object may have commas of its own: "a small, red parcel".
const MAX_CHUNKS = 2 * MAX_OBJECTS

/**
 * "Create a company and a contact": one clause for each thing that a verb is about, where the operations at hand do them one
 * by one; the clause itself where they do not.
 */
export function splitObjects(clause: Clause, field: Field, now: Now | null): Clause[] {
  const { parts, isPlain } = partsOf(clause, field, now)
  if (parts.length < 2 || parts.length > MAX_OBJECTS) return [clause]
  const firsts = needsOf(clause.text, parts).map((need) => rank(need, field)[0])
  const ids = new Set(firsts.map((first) => first?.found.id))
  const doesEach = parts.every(({ head }, index) => {
    const id = firsts[index]?.found.id
    const profile = field.profiles.find(({ found }) => found.id === id)
    if (head === null || profile === undefined) return false
    const own = isPlain ? ownTerms(parts, index) : []
    return profile.last.includes(head) || profile.name.includes(head) || profile.last.some((word) => own.includes(word))
  })
  return doesEach && ids.size === parts.length ? parts : [clause]
}

/** What is said of one part and not of all: "download and registration activity" are told apart by what stands before. */
function ownTerms(parts: readonly Clause[], index: number): string[] {
  return parts[index]?.terms.filter((term) => !parts.every(({ terms }) => terms.includes(term))) ?? []
}

/**
 * The clause taken apart at its commas and its "and"; what follows the last object is said of all of them. Plain are objects
 * of the verb itself, with no preposition before the last: there any word may tell what a part is, not its noun alone.
 */
function partsOf(clause: Clause, { profiles }: Field, now: Now | null): { parts: Clause[]; isPlain: boolean } {
  const whole = { parts: [clause], isPlain: false }
  const { text, aside, test, guard } = clause
  const { hidden, restore } = hideValues(text)
  const verb = verbPhraseOf(hidden, clause.action)
  // "Create a backup, including the images": what something is made of is not made.
  if (clause.effect !== 'read' && /\sincluding\s/i.test(hidden)) return whole
  const { objects, ofAll } = withoutWhole(hidden.slice(verb.length))
  const chunks = withAttributes(objects.split(JOINTS))
  if (chunks.length < 2 || chunks.length > MAX_CHUNKS) return whole
  // "Tracks 5 and 6" are two of one kind.
  if (chunks.some((chunk) => /^#?\d+$/.test(restore(chunk.replace(PREPOSITIONS, '')).trim()))) return whole
  const trailing = PREPOSITIONS.exec(chunks.at(-1) ?? '')?.[0] ?? ofAll
  const isPlain = !chunks.slice(0, -1).some((chunk) => PREPOSITIONS.test(chunk))
  const isKnown = ({ head, terms }: Clause) =>
    profiles.some(
      ({ last, name }) =>
        (head !== null && (last.includes(head) || name.includes(head))) ||
        (isPlain && terms.some((term) => last.includes(term))),
    )
  const parts: Clause[] = []
  let before = ''
  let whose = ''
  for (const chunk of chunks) {
    const object = before === '' ? chunk : `${before} ${chunk}`
    const own = PREPOSITIONS.test(object) ? '' : trailing
    whose = DETERMINED.test(object) ? (POSSESSIVE.exec(object)?.[0] ?? '') : whose
    const said = DETERMINED.test(object) ? object : `${whose}${object}`
    const part = {
      ...readClause({ text: restore(`${verb}${said}${own}`).trim(), aside }, now),
      test,
      guard,
      among: text,
    }
    // "A small, a medium and a large parcel": what is no thing by itself tells of the one behind it.
    const known = isKnown(part)
    if (known) parts.push(part)
    before = known ? '' : object
  }
  // "Rates alongside any upcoming events or dates": what is no thing at the end is told of the last one.
  return before === '' || (isPlain && parts.length > 1) ? { parts, isPlain } : whole
}

// "Information about …", "an overview of …": what is asked for stands behind.
const SHELL =
  /^\s*(?:(?:the|an?|all|some|\p{L}+(?:ed|ive|al|ary|ant|ic))\s+)*(?:information|details|data|overview|summary|lists?)\s+(?:about|of|on|regarding)\s+/iu
const PARTS = /,?\s+(?:including|such as|like|for example|namely)\s+/i

/**
 * "Data for a district, including its schools and teachers": the parts stand for the whole, and what is said of the whole
 * is said of all of them.
 */
function withoutWhole(objects: string): { objects: string; ofAll: string } {
  const [general = '', ...listed] = objects.split(PARTS)
  const parts = listed.join(', ')
  if (!JOINTS.test(parts)) return { objects: objects.replace(SHELL, ''), ofAll: '' }
  return { objects: parts.replace(SHELL, ''), ofAll: PREPOSITIONS.exec(general)?.[0] ?? '' }
}

/** Chunks with what is told of each: "a weight of 5 kg and a length of 2 m" is one parcel's. */
function withAttributes(chunks: readonly string[]): string[] {
  return chunks.reduce<string[]>((whole, chunk) => {
    const last = whole.at(-1)
    const isMore = last !== undefined && isAttribute(last, chunk)
    return isMore ? [...whole.slice(0, -1), `${last} and ${chunk}`] : [...whole, chunk]
  }, [])
}

/** What opens a clause up to its verb. */
export function verbPhraseOf(text: string, action: string | null): string {
  if (action === null) return ''
  for (const match of text.matchAll(/[\p{L}]+/gu))
    if (stem(baseOf(match[0].toLowerCase())) === action || stem(match[0].toLowerCase()) === action)
      return `${text.slice(0, match.index + match[0].length)} `
  return ''
}
