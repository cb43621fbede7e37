import { Cron, type CronOptions } from 'croner'
import { AppError, type FieldError } from '../errors.ts'
import { isTimeZone, NO_TIME_ZONE } from '../lib/time-zone.ts'

/** When to run: a cron expression of five fields, read on the clocks of a time zone (IANA name). */
export type Timetable = { cron: string; timeZone: string }

const FIELDS = [
  { name: 'minute', range: '0–59' },
  { name: 'hour', range: '0–23' },
  { name: 'day of the month', range: '1–31' },
  { name: 'month', range: '1–12 or JAN–DEC' },
  { name: 'day of the week', range: '0–7 or SUN–SAT' },
]

/**
 * Checks a timetable.
 * @throws AppError VALIDATION_FAILED naming the field of the expression that cannot be read, a zone that does not
 * exist, or a date that never comes.
 */
export function checkTimetable(timetable: Timetable, now: number): void {
  const errors = [...zoneErrors(timetable.timeZone), ...cronErrors(timetable.cron)]
  if (errors.length === 0 && nextTimes(timetable, now, 1).length === 0)
    errors.push({ path: '/cron', code: 'custom', message: 'names a date that never comes' })
  const [first] = errors
  if (first) throw new AppError('VALIDATION_FAILED', `${first.path} ${first.message}.`, { errors })
}

/** The next times after `after`, in milliseconds since 1970, soonest first. Of a timetable that has been checked. */
export function nextTimes(timetable: Timetable, after: number, count: number): number[] {
  return open(timetable)
    .nextRuns(count, new Date(after))
    .map((time) => time.getTime())
}

/** The last time up to and including `now`; null when there was none. */
export function latestTime(timetable: Timetable, now: number): number | null {
  // Croner leaves out the reference itself, but not what was earlier in the same second.
  const [latest] = open(timetable).previousRuns(1, new Date(now + 1))
  return latest?.getTime() ?? null
}

/**
 * Where clocks change: hours that are named (`30 2 * * *`, `0 1,2 * * *`) are kept once a day; a time that is skipped
 * runs when the clock has jumped, one that comes twice runs the first time. An hour that is not named (`*`, a step)
 * means an interval, which goes on evenly. Vixie cron does the same.
 */
const options: CronOptions = { mode: '5-part', paused: true, fixedTimeRule: 'no-wildcard' }

function open({ cron, timeZone }: Timetable): Cron {
  return new Cron(cron, { ...options, timezone: timeZone })
}

function zoneErrors(timeZone: string): FieldError[] {
  return isTimeZone(timeZone) ? [] : [{ path: '/timeZone', code: 'custom', message: NO_TIME_ZONE }]
}

function cronErrors(cron: string): FieldError[] {
  const error = (message: string): FieldError[] => [{ path: '/cron', code: 'custom', message }]
  const parts = cron.trim().split(/\s+/)
  if (parts.length !== FIELDS.length)
    return error('must have five fields: minute, hour, day of the month, month, day of the week')
  return FIELDS.flatMap(({ name, range }, at) => {
    const part = parts[at] ?? ''
    if (isReadable(FIELDS.map((_, other) => (other === at ? part : '*')).join(' '))) return []
    return error(`has "${part}" for the ${name}, which takes ${range}, lists (1,2), ranges (1-5) and steps (*/5)`)
  })
}

function isReadable(cron: string): boolean {
  // Croner reads ? as the current time, which would be another one each time.
  if (cron.includes('?')) return false
  try {
    open({ cron, timeZone: 'UTC' })
    return true
  } catch {
    return false
  }
}
