import { stem } from '../lib/stem.ts'
import { baseOf, isAttribute } from './clauses.ts'
import type { Now } from './dates.ts'
import { needsOf, rank, type Field } from './rank.ts'
import { readClause, type Clause } from './understand.ts'

const JOINTS = /\s*,\s*(?:(?:and|or|as well as|including)\s+)?|\s+(?:and|or|as well as|along with|including|plus)\s+/gi
const PREPOSITIONS =
  /\s+(?:for|of|in|within|from|on|at|to|by|with|during|about|associated|belonging|using|based)\s+.*$/is
const MAX_OBJECTS = 6
// An object may have commas of its own: "a small, red parcel".
const MAX_CHUNKS = 2 * MAX_OBJECTS

/**
 * "Create a company and a contact": one clause for each thing that a verb is about, where the operations at hand do them one
 * by one; the clause itself where they do not.
 */
export function splitObjects(clause: Clause, field: Field, now: Now | null): Clause[] {
  const parts = partsOf(clause, field, now)
  if (parts.length < 2 || parts.length > MAX_OBJECTS) return [clause]
  const firsts = needsOf(clause.text, parts).map((need) => rank(need, field)[0])
  const ids = new Set(firsts.map((first) => first?.found.id))
  const doesEach = parts.every(({ head }, index) => {
    const id = firsts[index]?.found.id
    const profile = field.profiles.find(({ found }) => found.id === id)
    return head !== null && profile !== undefined && (profile.last.includes(head) || profile.name.includes(head))
  })
  return doesEach && ids.size === parts.length ? parts : [clause]
}

/** The clause taken apart at its commas and its "and"; what follows the last object is said of all of them. */
function partsOf(clause: Clause, { profiles }: Field, now: Now | null): Clause[] {
  const { text, aside, test, guard } = clause
  const kept: string[] = []
  const hidden = text.replaceAll(
    /"[^"]*"|'[^'\s][^']*'(?!\w)|\([^()]*\)/g,
    (match) => `\uE002${kept.push(match) - 1}\uE002`,
  )
  const verb = verbPhraseOf(hidden, clause.action)
  const chunks = withAttributes(hidden.slice(verb.length).split(JOINTS))
  if (chunks.length < 2 || chunks.length > MAX_CHUNKS) return [clause]
  const trailing = PREPOSITIONS.exec(chunks.at(-1) ?? '')?.[0] ?? ''
  const isKnown = (head: string | null) =>
    head !== null && profiles.some(({ last, name }) => last.includes(head) || name.includes(head))
  const restore = (part: string) => part.replaceAll(/\uE002(\d+)\uE002/g, (_, at: string) => kept[Number(at)] ?? '')
  const parts: Clause[] = []
  let before = ''
  for (const chunk of chunks) {
    const whole = before === '' ? chunk : `${before} ${chunk}`
    const own = PREPOSITIONS.test(whole) ? '' : trailing
    const part = { ...readClause({ text: restore(`${verb}${whole}${own}`).trim(), aside }, now), test, guard }
    // "A small, a medium and a large parcel": what is no thing by itself tells of the one behind it.
    if (isKnown(part.head)) parts.push(part)
    before = isKnown(part.head) ? '' : whole
  }
  return before === '' ? parts : [clause]
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
function verbPhraseOf(text: string, action: string | null): string {
  if (action === null) return ''
  for (const match of text.matchAll(/[\p{L}]+/gu))
    if (stem(baseOf(match[0].toLowerCase())) === action || stem(match[0].toLowerCase()) === action)
      return `${text.slice(0, match.index + match[0].length)} `
  return ''
}
