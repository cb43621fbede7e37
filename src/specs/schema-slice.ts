import { resolvePointer } from '../lib/json-pointer.ts'
import type { JsonSchema } from './operation.ts'

const MAX_DEPTH = 8
const MAX_CHARS = 20_000
const MAX_TEXT = 240

// Keywords that say what a value is; the rest (xml, externalDocs, extensions) only costs space.
const KEPT = new Set(
  (
    'type format title description enum const default example required nullable readOnly writeOnly minimum maximum ' +
    'exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern minItems maxItems uniqueItems'
  ).split(' '),
)
const NESTED = ['items', 'additionalProperties', 'not'] as const
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const

/**
 * The part of a schema that one operation needs, references resolved, as deep as fits the guard: a document whose
 * schemas refer to each other grows many times over when it is resolved whole. Where the guard or a cycle stops, the
 * `$ref` stays and stands for "not known from here".
 */
export function sliceSchema(document: unknown, schema: unknown): JsonSchema {
  for (let depth = MAX_DEPTH; ; depth--) {
    const slice = copy(document, schema, depth, [])
    if (depth === 1 || JSON.stringify(slice).length <= MAX_CHARS) return slice
  }
}

function copy(document: unknown, schema: unknown, depth: number, trail: readonly string[]): JsonSchema {
  if (typeof schema !== 'object' || schema === null) return {}
  const source = schema as Record<string, unknown>
  const ref = source['$ref']
  if (typeof ref === 'string') {
    if (depth <= 0 || trail.includes(ref)) return { $ref: ref }
    return copy(document, resolvePointer(document, ref), depth, [...trail, ref])
  }
  const result: Record<string, unknown> = {}
  for (const [keyword, value] of Object.entries(source)) {
    if (!KEPT.has(keyword)) continue
    result[keyword] = typeof value === 'string' ? value.slice(0, MAX_TEXT) : value
  }
  if (typeof result['example'] === 'object') delete result['example']
  const inner = (value: unknown) => copy(document, value, depth - 1, trail)
  if (depth <= 0) return result
  if (typeof source['properties'] === 'object' && source['properties'] !== null)
    result['properties'] = Object.fromEntries(
      Object.entries(source['properties']).map(([name, value]) => [name, inner(value)]),
    )
  for (const keyword of NESTED) if (typeof source[keyword] === 'object') result[keyword] = inner(source[keyword])
  for (const keyword of LISTS) {
    const list = source[keyword]
    if (Array.isArray(list)) result[keyword] = list.map(inner)
  }
  return result
}
