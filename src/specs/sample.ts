import type { JsonSchema } from './operation.ts'

const MAX_DEPTH = 12
const LIST_LENGTH = 2
const FORMATS: Record<string, string> = {
  'date-time': '2026-01-31T12:00:00Z',
  date: '2026-01-31',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'person@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  byte: 'dGV4dA==',
}

/**
 * A value that fits a schema: its example where it gives one, else the simplest there is. The same schema always gives
 * the same value; where the schema says nothing, null.
 */
export function sampleOf(schema: JsonSchema | null, depth = 0): unknown {
  if (schema === null || depth > MAX_DEPTH) return null
  for (const keyword of ['example', 'const', 'default']) if (keyword in schema) return schema[keyword]
  const { examples, enum: choices } = schema
  if (Array.isArray(examples) && examples.length > 0) return examples[0]
  if (Array.isArray(choices) && choices.length > 0) return choices[0]
  const parts = listOf(schema['allOf'])
  if (parts.length > 0) return sampleAll(schema, parts, depth)
  const [first] = [...listOf(schema['oneOf']), ...listOf(schema['anyOf'])]
  if (first && !('properties' in schema)) return sampleOf(first, depth + 1)
  return sampleType(typeOf(schema), schema, depth)
}

/** The members that all parts together describe. */
function sampleAll(schema: JsonSchema, parts: readonly JsonSchema[], depth: number): unknown {
  const { allOf: _parts, ...own } = schema
  const samples = [...parts, own].map((part) => sampleOf(part, depth + 1))
  const objects = samples.filter((sample) => typeof sample === 'object' && sample !== null && !Array.isArray(sample))
  return objects.length > 0 ? Object.assign({}, ...objects) : (samples.find((sample) => sample !== null) ?? null)
}

function sampleType(type: string | null, schema: JsonSchema, depth: number): unknown {
  switch (type) {
    case 'object':
      return sampleObject(schema, depth)
    case 'array': {
      const items = asSchema(schema['items'])
      const length = Math.min(
        Math.max(numberOf(schema['minItems']) ?? LIST_LENGTH, 1),
        10,
        numberOf(schema['maxItems']) ?? 10,
      )
      return items ? Array.from({ length }, () => sampleOf(items, depth + 1)) : []
    }
    case 'string':
      return sampleString(schema)
    case 'integer':
    case 'number':
      return sampleNumber(schema)
    case 'boolean':
      return true
    default:
      return null
  }
}

function sampleObject(schema: JsonSchema, depth: number): Record<string, unknown> {
  const properties = Object.entries(asSchema(schema['properties']) ?? {})
  return Object.fromEntries(
    properties.flatMap(([name, inner]) => {
      const property = asSchema(inner)
      return property ? [[name, sampleOf(property, depth + 1)] as const] : []
    }),
  )
}

function sampleString(schema: JsonSchema): string {
  const format = schema['format']
  const known = typeof format === 'string' ? FORMATS[format] : undefined
  if (known !== undefined) return known
  const least = numberOf(schema['minLength']) ?? 0
  const most = numberOf(schema['maxLength']) ?? Infinity
  return 'text'.padEnd(Math.min(least, 1000), 'x').slice(0, most)
}

function sampleNumber(schema: JsonSchema): number {
  const least = numberOf(schema['minimum']) ?? numberOf(schema['exclusiveMinimum'])
  const most = numberOf(schema['maximum']) ?? numberOf(schema['exclusiveMaximum'])
  const open = schema['exclusiveMinimum'] !== undefined ? 1 : 0
  if (least !== undefined) return least + open
  return most !== undefined && most < 1 ? most - (schema['exclusiveMaximum'] === undefined ? 0 : 1) : 1
}

function typeOf(schema: JsonSchema): string | null {
  const { type } = schema
  const types = Array.isArray(type) ? type : [type]
  const named = types.find((one) => typeof one === 'string' && one !== 'null')
  if (typeof named === 'string') return named
  if ('properties' in schema) return 'object'
  return 'items' in schema ? 'array' : null
}

const asSchema = (value: unknown): JsonSchema | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonSchema) : null
const listOf = (value: unknown): JsonSchema[] =>
  Array.isArray(value) ? value.map(asSchema).filter((item) => item !== null) : []
const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
