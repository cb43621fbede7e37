import type { JsonSchema } from '../operation.ts'
import { intersect, unite } from './merge.ts'
import {
  ANYTHING,
  canonicalJson,
  LOWER_LIMITS,
  sortedRecord,
  sortedSet,
  UNDESCRIBED,
  UNKNOWN,
  type Direction,
  type Limits,
  type Property,
  type Shape,
} from './shape.ts'

const MAX_DEPTH = 40
// Near the guard of schema-slice.ts, which leaves members out rather than keep nothing.
const SHORTENED_ABOVE = 15_000
const LIMITS = [...LOWER_LIMITS, 'maximum', 'exclusiveMaximum', 'maxLength', 'maxItems']
const RULES = [...LIMITS, 'pattern', 'multipleOf', 'uniqueItems', 'default']
const NO_RULES = {}
const NO_PROPERTIES = {}
const ALL_TYPES = ['array', 'boolean', 'fraction', 'integer', 'null', 'object', 'string']
// Formats that say how to show a value, not what it is.
const DISPLAY_FORMATS = new Set(['password', 'textarea', 'html', 'markdown', 'multiline'])
const MEMBERS = 'properties items additionalProperties not allOf anyOf oneOf prefixItems'.split(' ')

/** The shape of a schema as `schema-slice.ts` leaves it. A `$ref` in it stands for what is not known. */
export function shapeOf(schema: JsonSchema, direction: Direction): Shape {
  const shape = read(schema, direction, 0)
  if (!mayBeShortened(schema)) return shape
  const properties = Object.entries(shape.properties).map(([name, property]) => [
    name,
    { ...property, shape: { ...property.shape, partial: true } },
  ])
  return { ...shape, partial: true, properties: Object.fromEntries(properties) as Shape['properties'] }
}

/** Whether the slice is so long, with one level only, that some of its members may have been left out of it. */
function mayBeShortened(schema: JsonSchema): boolean {
  const properties = isObject(schema['properties']) ? Object.values(schema['properties']) : []
  const deep = properties.some((property) => isObject(property) && MEMBERS.some((keyword) => keyword in property))
  return !deep && JSON.stringify(schema).length > SHORTENED_ABOVE
}

/**
 * Whether what a schema holds was cut off: below its last level a slice has the keywords of a value and none of those
 * with schemas in them, so there an object without properties may have some.
 */
function mayBeCut(schema: JsonSchema, types: string[] | null, depth: number): boolean {
  if (depth === 0 || MEMBERS.some((keyword) => keyword in schema)) return false
  return types === null || types.includes('object') || types.includes('array')
}

function read(schema: unknown, direction: Direction, depth: number): Shape {
  if (schema === false) return { ...ANYTHING, types: [] }
  if (!isObject(schema)) return ANYTHING
  if (depth > MAX_DEPTH || typeof schema['$ref'] === 'string') return UNKNOWN
  const inner = (value: unknown) => read(value, direction, depth + 1)
  let shape = readOwn(schema, direction, depth, inner)
  for (const member of listOf(schema['allOf'])) shape = intersect(shape, inner(member))
  for (const keyword of ['anyOf', 'oneOf'])
    if (listOf(schema[keyword]).length > 0) shape = intersect(shape, unite(listOf(schema[keyword]).map(inner)))
  return shape
}

function readOwn(schema: JsonSchema, direction: Direction, depth: number, inner: (schema: unknown) => Shape): Shape {
  const input = direction === 'input'
  const values = Object.hasOwn(schema, 'const') ? [schema['const']] : schema['enum']
  const properties = readProperties(schema, direction, inner)
  const prefixItems = listOf(schema['prefixItems']).map(inner)
  const items = schema['items']
  const format = typeof schema['format'] === 'string' ? schema['format'] : null
  const types = readTypes(schema, values)
  return {
    ...ANYTHING,
    partial: mayBeCut(schema, types, depth),
    types,
    format: format !== null && !DISPLAY_FORMATS.has(format) ? format : null,
    enum: Array.isArray(values) ? readValues(values) : null,
    // What an answer is limited to changes nothing for those who read it.
    ...(input && RULES.some((keyword) => keyword in schema) ? readLimits(schema) : NO_RULES),
    not: input && isObject(schema['not']) ? [inner(schema['not'])] : [],
    properties,
    additional: readAdditional(schema['additionalProperties'], input, inner),
    items: isObject(items) || items === false ? inner(items) : null,
    prefixItems,
  }
}

function readTypes(schema: JsonSchema, values: unknown): string[] | null {
  const type = schema['type']
  // Most schemas by far: one type and nothing else that bears on it.
  if (typeof type === 'string' && type !== 'number' && schema['nullable'] !== true) return [type]
  const written = [type].flat().filter((one) => typeof one === 'string')
  let types = written.length > 0 ? written.flatMap((one) => (one === 'number' ? ['fraction', 'integer'] : [one])) : null
  if (types === null && Array.isArray(values) && values.length > 0) types = values.map(typeOf)
  // Authors leave the type out where the rest says it.
  if (types === null && isObject(schema['properties'])) types = ['object']
  if (types === null && (isObject(schema['items']) || Array.isArray(schema['prefixItems']))) types = ['array']
  if (types === null) return null
  if (schema['nullable'] === true || (written.length === 0 && Array.isArray(values) && values.includes(null)))
    types.push('null')
  const sorted = sortedSet(types)
  return ALL_TYPES.every((one) => sorted.includes(one)) ? null : sorted
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction'
  return typeof value
}

/** Without null, which is a matter of the types; null where there is no other value. */
function readValues(values: readonly unknown[]): string[] | null {
  const texts = sortedSet(values.filter((value) => value !== null).map((value) => JSON.stringify(value) ?? 'null'))
  return texts.length > 0 ? texts : null
}

function readLimits(schema: JsonSchema): Pick<Shape, 'limits' | 'patterns' | 'multiples' | 'unique' | 'default'> {
  const limits: Limits = {}
  for (const keyword of LIMITS) {
    const value = schema[keyword]
    if (typeof value === 'number') limits[keyword] = value
  }
  // OpenAPI 3.0 has exclusiveMinimum as a mark on minimum.
  for (const [mark, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const)
    if (schema[mark] === true && limits[bound] !== undefined) {
      limits[mark] = limits[bound]
      delete limits[bound]
    }
  for (const keyword of ['minLength', 'minItems']) if (limits[keyword] === 0) delete limits[keyword]
  return {
    limits: sortedRecord(limits),
    patterns: typeof schema['pattern'] === 'string' ? [schema['pattern']] : [],
    multiples: typeof schema['multipleOf'] === 'number' ? [String(schema['multipleOf'])] : [],
    unique: schema['uniqueItems'] === true,
    default: schema['default'] === undefined ? null : canonicalJson(schema['default']),
  }
}

/** Of inputs without those that only answers hold, and the other way round (OpenAPI 3.1, `readOnly`, `writeOnly`). */
function readProperties(
  schema: JsonSchema,
  direction: Direction,
  inner: (schema: unknown) => Shape,
): Record<string, Property> {
  if (schema['properties'] === undefined && schema['required'] === undefined) return NO_PROPERTIES
  const hidden = direction === 'input' ? 'readOnly' : 'writeOnly'
  const found = new Map<string, Property>()
  const required = new Set(listOf(schema['required']).filter((name) => typeof name === 'string'))
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  for (const [name, property] of Object.entries(properties))
    if (!isObject(property) || property[hidden] !== true)
      found.set(name, { required: required.has(name), shape: inner(property) })
  // A required property that is not described: it is there, and no more is known.
  for (const name of required)
    if (!Object.hasOwn(properties, name)) found.set(name, { required: true, shape: UNDESCRIBED })
  return sortedRecord(Object.fromEntries(found))
}

function readAdditional(value: unknown, input: boolean, inner: (schema: unknown) => Shape): boolean | Shape {
  if (value === false) return !input
  return isObject(value) && Object.keys(value).length > 0 ? inner(value) : true
}

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
