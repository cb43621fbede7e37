/** Spans that days are counted in; weeks begin on Monday, as ISO 8601 has it. */
export const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Unit = (typeof UNITS)[number]

const DAY_MS = 86_400_000
const MONTHS_IN: Partial<Record<Unit, number>> = { month: 1, quarter: 3, year: 12 }

/** The first day of the month that a day like 2026-01-31 lies in. */
export function firstOfMonth(day: string): string {
  return startOf(day, 'month')
}

/** The day, `YYYY-MM-DD`, that it is at a moment, in milliseconds since 1970, on the clocks of a time zone. */
export function dayAt(at: number, timeZone: string): string {
  // Swedes write dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short' }).format(at)
}

/** A day so many units on, or back; one that its month does not have is the last of it. */
export function plus(day: string, count: number, unit: Unit): string {
  const months = MONTHS_IN[unit]
  const at = Date.parse(day)
  if (months === undefined) return write(at + count * (unit === 'week' ? 7 : 1) * DAY_MS)
  const from = new Date(at)
  const month = from.getUTCMonth() + count * months
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0))
  last.setUTCDate(Math.min(from.getUTCDate(), last.getUTCDate()))
  return write(last.getTime())
}

/** The first day of the week, month, quarter or year that a day lies in. */
export function startOf(day: string, unit: Unit): string {
  const at = Date.parse(day)
  const from = new Date(at)
  if (unit === 'week') return write(at - ((from.getUTCDay() + 6) % 7) * DAY_MS)
  const months = MONTHS_IN[unit]
  if (months === undefined) return write(at)
  const month = from.getUTCMonth()
  return write(Date.UTC(from.getUTCFullYear(), month - (month % months), 1))
}

/** The last day of the week, month, quarter or year that a day lies in. */
export function endOf(day: string, unit: Unit): string {
  return plus(plus(startOf(day, unit), 1, unit), -1, 'day')
}

function write(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
