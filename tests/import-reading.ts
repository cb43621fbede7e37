import type { Operation, Spec } from '../src/specs/operation.ts'
import { readSpec } from '../src/specs/read.ts'
import { validateDocument } from '../src/specs/validate.ts'

/** Reads an imported document the way any document is read. */
export function readImported(document: Record<string, unknown>): Spec {
  return readSpec(validateDocument(structuredClone(document)), null)
}

/** `GET /orders`, … in order. */
export const namesOf = (spec: Spec) => spec.operations.map(({ method, path }) => `${method} ${path}`).toSorted()

/** The operation of this name. */
export function operationOf(spec: Spec, name: string): Operation {
  const found = spec.operations.find(({ method, path }) => `${method} ${path}` === name)
  if (!found) throw new Error(`there is no ${name} but ${namesOf(spec).join(', ')}`)
  return found
}

type Schema = Record<string, unknown>

/** Whether a value is valid against a schema, as far as inferred schemas use JSON Schema. */
export function accepts(schema: Schema, value: unknown): boolean {
  const types = schema['type'] === undefined ? null : [schema['type']].flat()
  if (types && !types.includes(typeOf(value)) && !(types.includes('number') && typeof value === 'number')) return false
  if (typeof value === 'string') return acceptsText(schema['format'], value)
  if (Array.isArray(value)) return value.every((item) => accepts((schema['items'] ?? {}) as Schema, item))
  if (typeof value !== 'object' || value === null) return true
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>
  const required = (schema['required'] ?? []) as string[]
  const additional = (schema['additionalProperties'] ?? {}) as Schema
  return (
    required.every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, member]) =>
      accepts(Object.hasOwn(properties, name) ? (properties[name] ?? {}) : additional, member),
    )
  )
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

function acceptsText(format: unknown, text: string): boolean {
  switch (format) {
    case 'date-time':
      return /^\d{4}-\d\d-\d\d[Tt][\d:.]+([Zz]|[+-]\d\d:\d\d)$/.test(text)
    case 'date':
      return /^\d{4}-\d\d-\d\d$/.test(text)
    case 'uuid':
      return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)
    case 'email':
      return /^\S+@\S+\.\S+$/.test(text)
    case 'uri':
      return URL.canParse(text)
    default:
      return true
  }
}
