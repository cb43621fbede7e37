/** Which way the values of a schema go: from the caller to the API, or back. */
export type Direction = 'input' | 'output'

/** Upper and lower bounds, by keyword; the exclusive ones as numbers, as in JSON Schema 2020-12. */
export type Limits = { [keyword: string]: number }

/** A member of an object. */
export type Property = { required: boolean; shape: Shape }

/**
 * What of a schema matters to those who call, in one form whatever way it was written: `nullable`, `const`, `allOf` and
 * the like are gone, lists are sorted, words left out. Two schemas with equal shapes are the same to a caller.
 */
export type Shape = {
  /** Not all is known: a reference was cut off. What is missing here may be there. */
  partial: boolean
  /** JSON types, sorted; of numbers `integer` and `fraction`. Null: any. */
  types: string[] | null
  format: string | null
  /** The values allowed besides null, as JSON, sorted. */
  enum: string[] | null
  limits: Limits
  /** Patterns and divisors that all hold. */
  patterns: string[]
  multiples: string[]
  unique: boolean
  /** As JSON. */
  default: string | null
  not: Shape[]
  properties: Record<string, Property>
  /** Whether other properties than these are allowed; a shape for those that are; of answers `true` or a shape. */
  additional: boolean | Shape
  items: Shape | null
  prefixItems: Shape[]
  /** Of each list, one has to hold. */
  unions: Shape[][]
}

/** Limits that grow tighter as they grow. */
export const LOWER_LIMITS: ReadonlySet<string> = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems'])

/** What any value fits. */
export const ANYTHING: Shape = {
  partial: false,
  types: null,
  format: null,
  enum: null,
  limits: {},
  patterns: [],
  multiples: [],
  unique: false,
  default: null,
  not: [],
  properties: {},
  additional: true,
  items: null,
  prefixItems: [],
  unions: [],
}

/** What nothing is known of. */
export const UNKNOWN: Shape = { ...ANYTHING, partial: true }

/** A property that is required and not described where that is said. */
export const UNDESCRIBED: Shape = { ...UNKNOWN }

/** JSON with the members of every object in order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (isRecord(item) ? sortedRecord(item) : item)) ?? 'null'
}

/** The members in the order of their names. */
export function sortedRecord<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  const keys = Object.keys(record)
  if (keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key)) return { ...record }
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Each text once, in order. */
export function sortedSet(list: readonly string[]): string[] {
  return list.length < 2 ? [...list] : [...new Set(list)].sort()
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
