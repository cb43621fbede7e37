import type jsonata from 'jsonata'
import { dayAt, endOf, plus, startOf, type Unit, UNITS } from '../lib/days.ts'
import { isTimeZone, NO_TIME_ZONE, offsetAt } from '../lib/time-zone.ts'

/** Years are written with four digits. */
const MAX_COUNT = 5000

/**
 * Functions for days that expressions have beside those of JSONata, which cannot count days by the calendar or on the clocks
 * of a place. A day is text, `YYYY-MM-DD`; a unit is day, week, month, quarter or year; a time zone is an IANA name.
 */
const FUNCTIONS = {
  /** `$today("Europe/Berlin")`: the day that it is there; in UTC where no zone is given. */
  today: { signature: '<s?:s>', call: (zone?: string) => todayAt(Date.now(), zone) },
  /** `$plus("2026-01-31", 1, "month")`: 2026-02-28. */
  plus: { signature: '<sns:s>', call: (day: string, count: number, unit: string) => counted(day, count, unit) },
  /** `$startOf("2026-01-31", "week")`: its Monday. */
  startOf: { signature: '<ss:s>', call: (day: string, unit: string) => startOf(asDay(day), asUnit(unit)) },
  /** `$endOf("2026-02-10", "month")`: 2026-02-28. */
  endOf: { signature: '<ss:s>', call: (day: string, unit: string) => endOf(asDay(day), asUnit(unit)) },
  /** `$atTime("2026-01-31", "08:30", "Europe/Berlin")`: 2026-01-31T08:30:00+01:00. */
  atTime: { signature: '<sss?:s>', call: (day: string, time: string, zone?: string) => atTime(day, time, zone) },
}

/** Gives an expression the functions for days. */
export function addDayFunctions(expression: jsonata.Expression): void {
  for (const [name, { call, signature }] of Object.entries(FUNCTIONS))
    expression.registerFunction(name, call, signature)
}

/** The day at a moment, in milliseconds since 1970, on the clocks of a time zone. @throws Error naming what is none */
export function todayAt(at: number, zone = 'UTC'): string {
  return dayAt(at, asZone(zone))
}

function counted(day: string, count: number, unit: string): string {
  if (!Number.isInteger(count) || Math.abs(count) > MAX_COUNT)
    throw new Error(`$plus takes whole numbers up to ${MAX_COUNT}`)
  return plus(asDay(day), count, asUnit(unit))
}

function atTime(day: string, time: string, zone = 'UTC'): string {
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(time))
    throw new Error(`"${time.slice(0, 20)}" is no time, HH:MM`)
  const local = `${asDay(day)}T${time.length === 5 ? `${time}:00` : time}`
  return `${local}${offsetAt(local, asZone(zone))}`
}

function asDay(text: string): string {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new Error(`"${text.slice(0, 20)}" is no day, YYYY-MM-DD`)
  return text
}

function asUnit(text: string): Unit {
  const unit = UNITS.find((known) => known === text)
  if (!unit) throw new Error(`"${text.slice(0, 20)}" is no unit: ${UNITS.join(', ')}`)
  return unit
}

function asZone(zone: string): string {
  if (!isTimeZone(zone)) throw new Error(`"${zone.slice(0, 40)}" ${NO_TIME_ZONE}`)
  return zone
}
