import type { JsonSchema } from './operation.ts'

/** A schema's members, those of `allOf`, `anyOf` and `oneOf` included. */
export function variants(schema: JsonSchema): JsonSchema[] {
  const inner = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => listOfSchemas(schema[keyword]))
  return [schema, ...inner.flatMap(variants)]
}

/** The types a schema allows, without null; empty when it does not say, or refers to what is not known from here. */
export function typesOf(schema: JsonSchema): string[] {
  if ('$ref' in schema) return []
  const { type } = schema
  if (type !== undefined) return (Array.isArray(type) ? type : [type]).map(String).filter((name) => name !== 'null')
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const branches = listOfSchemas(schema[keyword])
      .filter((branch) => branch['type'] !== 'null')
      .map(typesOf)
    if (branches.length > 0) return branches.some((types) => types.length === 0) ? [] : [...new Set(branches.flat())]
  }
  return (
    listOfSchemas(schema['allOf'])
      .map(typesOf)
      .find((types) => types.length > 0) ?? []
  )
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

function listOfSchemas(value: unknown): JsonSchema[] {
  return Array.isArray(value) ? (value as JsonSchema[]) : []
}
