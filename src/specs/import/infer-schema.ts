import type { JsonSchema } from '../operation.ts'
import { isIdLike } from './id-like.ts'
import { isNode, type Node } from './json.ts'

const MAX_DEPTH = 10
const MAX_PROPERTIES = 2000

/** Stands among the samples for the content of a file. */
export const BINARY = Symbol('binary')

const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'] as const
type Type = (typeof TYPES)[number]

const DATE = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/
const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)+$/i

/** Formats of JSON Schema (2020-12 validation, section 7.3) that a text can be told to be in. */
const FORMATS: readonly [name: string, test: (text: string) => boolean][] = [
  ['date-time', (text) => DATE_TIME.test(text) && !Number.isNaN(Date.parse(text))],
  ['date', (text) => DATE.test(text) && !Number.isNaN(Date.parse(text))],
  ['uuid', (text) => UUID.test(text)],
  ['email', (text) => EMAIL.test(text)],
  ['uri', (text) => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text)],
]

/**
 * A JSON Schema that every sample is valid against. It holds types, formats that all samples agree on and the names of
 * properties, never a value. A property is required where every object has it, unless `required` is false. Past ten
 * levels or 2000 properties nothing more is said.
 */
export function inferSchema(samples: readonly unknown[], options: { required?: boolean } = {}): JsonSchema {
  return infer(samples, 0, { left: MAX_PROPERTIES, required: options.required ?? true })
}

type Budget = { left: number; readonly required: boolean }

function infer(samples: readonly unknown[], depth: number, budget: Budget): JsonSchema {
  const seen = new Set(samples.map(typeOf))
  if (seen.has('number')) seen.delete('integer')
  const types = TYPES.filter((type) => seen.has(type))
  // A value that was always null says nothing of what it is otherwise.
  if (types.length === 0 || (types.length === 1 && types[0] === 'null')) return {}
  const format = formatOf(samples.filter((sample) => typeof sample === 'string' || sample === BINARY))
  return {
    type: types.length === 1 ? types[0] : types,
    ...(format === undefined ? {} : { format }),
    ...(depth < MAX_DEPTH && seen.has('object') ? inferObject(samples.filter(isNode), depth, budget) : {}),
    ...(depth < MAX_DEPTH && seen.has('array') ? inferItems(samples, depth, budget) : {}),
  }
}

function typeOf(value: unknown): Type {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'object') return 'object'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return 'string'
}

function formatOf(texts: readonly unknown[]): string | undefined {
  if (texts.length === 0) return undefined
  if (texts.every((text) => text === BINARY)) return 'binary'
  return FORMATS.find(([, test]) => texts.every((text) => typeof text === 'string' && test(text)))?.[0]
}

function inferObject(objects: readonly Node[], depth: number, budget: Budget): Node {
  const values = new Map<string, unknown[]>()
  for (const object of objects)
    for (const [name, value] of Object.entries(object)) {
      const known = values.get(name)
      if (known) known.push(value)
      else values.set(name, [value])
    }
  // Keys that are ids are data: the object is a map.
  if (values.size > 1 && [...values.keys()].every(isIdLike))
    return { additionalProperties: infer([...values.values()].flat(), depth + 1, budget) }
  const kept = [...values].slice(0, Math.max(0, budget.left))
  budget.left -= kept.length
  const required = kept.filter(([, found]) => found.length === objects.length).map(([name]) => name)
  return {
    properties: Object.fromEntries(kept.map(([name, found]) => [name, infer(found, depth + 1, budget)])),
    ...(budget.required && required.length > 0 ? { required } : {}),
  }
}

function inferItems(samples: readonly unknown[], depth: number, budget: Budget): Node {
  const items = samples.filter((sample) => Array.isArray(sample)).flat() as unknown[]
  return { items: infer(items, depth + 1, budget) }
}

/** What a text in a URL or a form most likely stands for: a number, true or false, else the text. */
export function scalarOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  // Leading zeros and more digits than a number holds are part of the text.
  return /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(text) ? Number(text) : text
}
