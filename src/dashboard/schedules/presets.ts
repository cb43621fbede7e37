import { ownTimeZone } from '../lib/time-zone.ts'

/** Timetables that many want, as cron expressions. */
export const PRESETS = [
  ['*/15 * * * *', 'Every 15 minutes'],
  ['0 * * * *', 'Every hour'],
  ['0 8 * * *', 'Every day at 08:00'],
  ['0 8 * * 1-5', 'Monday to Friday at 08:00'],
  ['0 8 * * 1', 'Every Monday at 08:00'],
  ['0 8 1 * *', 'On the first of each month at 08:00'],
] as const

/** The time zones to choose from, by their IANA names. */
export function timeZones(): string[] {
  return [...new Set(['UTC', ownTimeZone(), ...Intl.supportedValuesOf('timeZone')])]
}

/** A moment on the clocks of a time zone: "Mon, 2 Jun, 07:30". */
export function momentIn(timeZone: string, iso: string): string {
  return new Date(iso).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  })
}
