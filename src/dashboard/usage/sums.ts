import type { Usage } from '../../access/usage-schema.ts'

type Day = Usage['days'][number]

/** What one source, or one day, comes to. */
export type Sum = { key: string; requests: number; units: number; parts: readonly Day[] }

/** What whoever a line is about is called. */
export function nameOf({ source, name }: Day): string {
  return source === 'people' ? 'People in the dashboard' : (name ?? source)
}

/** The sums by key, the largest first. */
export function byKey(days: readonly Day[]): Sum[] {
  return sumsOf(days, ({ source }) => source).toSorted((a, b) => b.units - a.units)
}

/** The sums by day, the newest first. */
export function byDay(days: readonly Day[]): Sum[] {
  return sumsOf(days, ({ day }) => day).toSorted((a, b) => b.key.localeCompare(a.key))
}

function sumsOf(days: readonly Day[], keyOf: (day: Day) => string): Sum[] {
  return Object.entries(Object.groupBy(days, keyOf)).map(([key, parts = []]) => ({
    key,
    requests: parts.reduce((sum, { requests }) => sum + requests, 0),
    units: parts.reduce((sum, { units }) => sum + units, 0),
    parts,
  }))
}
