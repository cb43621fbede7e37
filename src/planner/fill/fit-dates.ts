import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { offsetAt } from '../../lib/time-zone.ts'
import type { Slot } from '../../links/slots.ts'
import { ageSide } from '../language/dates.ts'
import { FUNCTION_WORDS } from '../language/lexicon.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'
import type { Fit } from './filling.ts'

const FROM = new Set(['since', 'after', 'from', 'starting'])
const UNTIL = new Set(['before', 'until', 'till', 'to', 'by', 'through'])
const STARTS = new Set([...FROM, 'start', 'begin', 'min', 'gte', 'gt', 'ge'])
const ENDS = new Set([...UNTIL, 'end', 'max', 'lte', 'lt', 'le'])
// Up to a day, and without it.
const EXCLUDING = new Set(['before', 'lt'])
const DAY_MS = 86_400_000
const DATES = new Set(['date', 'birthdate', 'birthday', 'deadline', 'since', 'until', 'at', 'on', 'day'])
const BIRTHS = new Set(['birth', 'birthdate', 'birthday', 'born', 'dob'])
const JOINTS = new Set(['at', 'on', 'since', 'until'])
// How a description writes the moments it wants: "in the format YYYY-MM-DD HH:MM".
const MOMENT = /\bYYYY-MM-DD([T ])HH:MM(:SS)?/i

/** Whether a slot takes a day with a time of day. */
export function takesMoments({ schema, description }: Slot): boolean {
  return schema['format'] === 'date-time' || MOMENT.test(description)
}

/** Whether a slot takes days or moments. */
export function isDateSlot(slot: Slot): boolean {
  const isWritten = slot.schema['format'] === 'date' || takesMoments(slot)
  // `created_at`, but no `on-behalf-of`.
  return (
    isWritten || slot.words.some((word, at, { length }) => DATES.has(word) && (at === length - 1 || !JOINTS.has(word)))
  )
}

/** Whether a word says that what follows is where a stretch begins or ends. */
export function isSide(word: string): boolean {
  return FROM.has(word) || UNTIL.has(word) || word === 'between' || word === 'and'
}

/** Whether a slot says from when on. */
export function isStartSlot({ words }: Slot): boolean {
  return words.some((word) => STARTS.has(word))
}

/** Whether a slot says until when. */
export function isEndSlot({ words }: Slot): boolean {
  return words.some((word) => ENDS.has(word))
}

/**
 * How well a date fills a slot, written as the slot wants it; null where it takes none, or one of the other end. A time of
 * day is one of `timeZone` unless it says otherwise itself. `isNew`: it is when a thing is to be from now on, "move it to friday".
 */
export function fitDate(slot: Slot, entity: Entity, timeZone: string, isNew = false): Fit | null {
  const isQuotedDate = entity.kind === 'quoted' && /^\d{4}-\d{2}-\d{2}/.test(entity.text)
  if (entity.kind !== 'date' && !isQuotedDate) return null
  const { until } = entity
  // A month is not one of its days.
  if (!isDateSlot(slot) || (until !== undefined && until !== entity.value)) return null
  const value = write(slot, until === undefined ? String(entity.value) : lastOf(slot, until), timeZone)
  const before = ageSide(entity.text) ?? entity.before.at(-1) ?? ''
  const [starts, ends] = [isStartSlot(slot), isEndSlot(slot)]
  // "He has been ill since monday" is not when something is to be.
  if (slot.in === 'body' && before === 'since') return null
  if (slot.words.some((word) => BIRTHS.has(word)) && !entity.lead.some((word) => BIRTHS.has(word) || DATES.has(word)))
    return null
  if (isNew && FROM.has(before)) return null
  if (isNew && isUntil(entity)) return ends ? null : { value, score: starts ? 0.9 : 0.7 }
  if ((FROM.has(before) && ends) || (UNTIL.has(before) && starts)) return null
  return { value, score: (FROM.has(before) && starts) || (UNTIL.has(before) && ends) ? 0.95 : 0.7 }
}

const TO = new Set(['to', 'until', 'for'])
// What stands between "to" and a day: the hour of it.
const HOUR = /^(?:\d{1,2}|\d{1,2}[ap]m|[ap]m|at|the)$/

/** "To friday", "to 3pm friday": whether "to" stands before a day. */
function isUntil({ before }: Entity): boolean {
  return TO.has(before.findLast((word) => !HOUR.test(word)) ?? '')
}

/** The last of some days for a slot that says until when: the day behind it where a slot leaves out its own. */
function lastOf(slot: Slot, day: string): string {
  if (slot.words.some((word) => EXCLUDING.has(word)))
    return new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10)
  return slot.schema['format'] === 'date-time' ? `${day}T23:59:59` : day
}

/** A date or moment as a slot wants it. */
function write({ schema, description }: Slot, date: string, timeZone: string): string {
  const [day = '', time] = date.split(/[T ]/)
  if (schema['format'] === 'date') return day
  const [, joint, seconds] = MOMENT.exec(description) ?? []
  if (joint !== undefined && time !== undefined) return `${day}${joint}${time.slice(0, seconds ? 8 : 5)}`
  if (schema['format'] !== 'date-time') return date
  const local = `${day}T${time ?? '00:00:00'}`
  return /(?:Z|[+-]\d{2}:?\d{2})$/.test(time ?? '') ? local : `${local}${offsetAt(local, timeZone)}`
}

const MOVES = new Set(['move', 'reschedule', 'postpone', 'push', 'shift', 'delay', 'transfer'].map(stem))
const SETS = new Set(['change', 'set'].map(stem))
// What is moved: "appointment 5", "Ada's appointment", "the appointment of patient 5".
const MOVED = /^\W*(?:please\s+)?\p{L}+\s+((?:(?!\b(?:to|until|from)\b)[^,;.!?])+?)\s+(?:to|until|for|from)\s/iu

/** "Move appointment 5 to friday": whether a day is when a thing of an operation itself is to be, and not until when. */
export function isNewTime(slot: Slot, { action, effect, text }: Clause, resource: string): boolean {
  if (slot.in !== 'body' || effect !== 'update' || action === null) return false
  const thing = movedIn(text)
  if (thing !== null && isStartSlot(slot) && slot.words.includes(thing)) return true
  const isIt = thing === resource.split(' ').at(-1) || /^(?:it|that|this|them)?$/i.test(thing ?? '-')
  return isIt && (MOVES.has(action) || (SETS.has(action) && !/\sof\s|'s\s/i.test(MOVED.exec(text)?.[1] ?? '')))
}

/** "The return of booking 5": whether a clause names a date of a thing, and not the one that a slot takes. */
export function isOtherDate(slot: Slot, { action, effect, text }: Clause, resource: string): boolean {
  if (slot.in !== 'body' || effect !== 'update' || action === null || !(MOVES.has(action) || SETS.has(action)))
    return false
  const thing = movedIn(text)
  const isNamed = thing !== null && thing !== '' && thing !== resource.split(' ').at(-1)
  const said = words(text).map(singular)
  return (
    isNamed &&
    !/^(?:it|that|this|them|date|time|day)$/i.test(thing) &&
    !slot.words.some((word) => !FUNCTION_WORDS.has(word) && said.includes(word))
  )
}

/** The noun of what a clause moves, singular, "" where it is told by its id alone; null where nothing is moved. */
function movedIn(text: string): string | null {
  const [, moved = null] = MOVED.exec(text) ?? []
  if (moved === null) return null
  const [first = ''] = moved.split(/\s+of\s+/i)
  // An id, "X-41", is no noun.
  const own = first.replace(/^.*'s?\s+/u, '').replace(/\S*\d\S*/g, ' ')
  return singular(words(own).findLast((word) => word !== 'back') ?? '')
}
