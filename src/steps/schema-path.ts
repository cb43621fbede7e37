import type { JsonSchema } from '../specs/operation.ts'

/** What a schema says of a path: a schema for it, that it cannot exist, or nothing. */
export type PathVerdict = { verdict: 'proved'; schema: JsonSchema } | { verdict: 'wrong' } | { verdict: 'unproven' }

/** A schema's members, those of `allOf`, `anyOf` and `oneOf` included. */
export function variants(schema: JsonSchema): JsonSchema[] {
  const inner = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => {
    const list = schema[keyword]
    return Array.isArray(list) ? (list as JsonSchema[]) : []
  })
  return [schema, ...inner.flatMap(variants)]
}

/** The types a schema allows, without null; empty when it does not say. */
export function typesOf(schema: JsonSchema): string[] {
  const types = variants(schema).flatMap(({ type }) => (Array.isArray(type) ? type : type === undefined ? [] : [type]))
  return [...new Set(types.map(String))].filter((type) => type !== 'null')
}

/** The named properties of a schema, of all its variants. */
export function propertiesOf(schema: JsonSchema): Map<string, JsonSchema> {
  const found = new Map<string, JsonSchema>()
  for (const variant of variants(schema)) {
    const properties = variant['properties']
    if (typeof properties !== 'object' || properties === null) continue
    for (const [name, value] of Object.entries(properties)) if (!found.has(name)) found.set(name, value as JsonSchema)
  }
  return found
}

/** The schema of an array's items, or null when the schema is of no array. */
export function itemsOf(schema: JsonSchema): JsonSchema | null {
  const holder = variants(schema).find(({ items }) => typeof items === 'object' && items !== null)
  return holder ? (holder['items'] as JsonSchema) : null
}

/**
 * Follows property names through a schema as JSONata does: over an array a name reads every item. A name that an open
 * object does not declare stays unproven; only a closed object (`additionalProperties: false`) proves it wrong.
 */
export function followPath(schema: JsonSchema | null, path: readonly string[]): PathVerdict {
  if (schema === null || '$ref' in schema)
    return path.length === 0 && schema ? { verdict: 'proved', schema } : { verdict: 'unproven' }
  const [name, ...rest] = path
  if (name === undefined) return { verdict: 'proved', schema }
  const items = itemsOf(schema)
  if (items) return followPath(items, path)
  const property = propertiesOf(schema).get(name)
  if (property) return followPath(property, rest)
  const closed = variants(schema).some((variant) => variant['additionalProperties'] === false)
  return { verdict: closed ? 'wrong' : 'unproven' }
}
