import { offsetAt } from '../lib/time-zone.ts'
import type { Entity } from './entities.ts'
import type { Fit } from './fit.ts'
import type { Slot } from './slots.ts'

const FROM = new Set(['since', 'after', 'from', 'starting'])
const UNTIL = new Set(['before', 'until', 'till', 'to', 'by', 'through'])
const DATES = new Set(['date', 'birthdate', 'birthday', 'deadline', 'since', 'until', 'at', 'on', 'day'])
// How a description writes the moments it wants: "in the format YYYY-MM-DD HH:MM".
const MOMENT = /\bYYYY-MM-DD([T ])HH:MM(:SS)?/i

/** Whether a slot takes a day with a time of day. */
export function takesMoments({ schema, description }: Slot): boolean {
  return schema['format'] === 'date-time' || MOMENT.test(description)
}

/**
 * How well a date fills a slot, written as the slot wants it; null where it takes none, or one of the other end. A time of
 * day is one of `timeZone` unless it says otherwise itself.
 */
export function fitDate(slot: Slot, entity: Entity, timeZone: string): Fit | null {
  const isQuotedDate = entity.kind === 'quoted' && /^\d{4}-\d{2}-\d{2}/.test(entity.text)
  if (entity.kind !== 'date' && !isQuotedDate) return null
  const isTemporal =
    slot.schema['format'] === 'date' || takesMoments(slot) || slot.words.some((word) => DATES.has(word))
  if (!isTemporal) return null
  const value = write(slot, String(entity.value), timeZone)
  const before = entity.before.at(-1) ?? ''
  const starts = slot.words.some((word) => FROM.has(word) || word === 'start' || word === 'min')
  const ends = slot.words.some((word) => UNTIL.has(word) || word === 'end' || word === 'max')
  if ((FROM.has(before) && ends) || (UNTIL.has(before) && starts)) return null
  return { value, score: (FROM.has(before) && starts) || (UNTIL.has(before) && ends) ? 0.95 : 0.7 }
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
