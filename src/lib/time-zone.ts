/** Whether a name is a time zone of the IANA database. An offset such as +02:00 is none: it knows nothing of clock changes. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** What is wrong with a name that is none. */
export const NO_TIME_ZONE = 'is no time zone of the IANA database, such as Europe/Berlin or UTC'

/**
 * How far the clocks of a zone are from UTC when they show a day and time (`2026-07-01T09:00:00`), as RFC 3339 writes it:
 * `+02:00`, or `Z`. A time that clocks skip, or show twice, is read as they were before, as Temporal does by itself.
 */
export function offsetAt(local: string, timeZone: string): string {
  const shown = Date.parse(`${local}Z`)
  if (Number.isNaN(shown)) return 'Z'
  const before = minutesFrom(shown - DAY_MS, timeZone)
  const after = minutesFrom(shown + DAY_MS, timeZone)
  // Zones change their clocks never twice in two days.
  const isShown = (offset: number) => minutesFrom(shown - offset * MINUTE_MS, timeZone) === offset
  const minutes = !isShown(before) && isShown(after) ? after : before
  if (minutes === 0) return 'Z'
  const two = (value: number) => String(value).padStart(2, '0')
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS

function minutesFrom(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
