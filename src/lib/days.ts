/** The first day of the month that a day like 2026-01-31 lies in. */
export function firstOfMonth(day: string): string {
  return `${day.slice(0, 8)}01`
}
