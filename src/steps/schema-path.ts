import type { JsonSchema } from '../specs/operation.ts'
import { itemsOf, propertiesOf, variants } from '../specs/schema-members.ts'

export { itemsOf, propertiesOf, typesOf, variants } from '../specs/schema-members.ts'

/** What a schema says of a path: a schema for it (and whether it runs over a list), that it cannot exist, or nothing. */
export type PathVerdict =
  | { verdict: 'proved'; schema: JsonSchema; overList: boolean }
  | { verdict: 'wrong' }
  | { verdict: 'unproven' }

/** Whether a schema takes null, in the words of OpenAPI 3.0 or of JSON Schema. */
export function allowsNull(schema: JsonSchema): boolean {
  const says = ({ type, nullable }: JsonSchema) =>
    nullable === true || (Array.isArray(type) ? type.includes('null') : type === 'null')
  return variants(schema).some(says)
}

/**
 * Follows property names through a schema as JSONata does: over an array a name reads every item. A name that an open
 * object does not declare stays unproven; only a closed object (`additionalProperties: false`) proves it wrong.
 */
export function followPath(schema: JsonSchema | null, path: readonly string[], overList = false): PathVerdict {
  const [name, ...rest] = path
  if (schema === null) return { verdict: 'unproven' }
  if (name === undefined) return { verdict: 'proved', schema, overList }
  if ('$ref' in schema) return { verdict: 'unproven' }
  const items = itemsOf(schema)
  if (items) return followPath(items, path, true)
  const property = propertiesOf(schema).get(name)
  if (property) return followPath(property, rest, overList)
  const closed = variants(schema).some((variant) => variant['additionalProperties'] === false)
  return { verdict: closed ? 'wrong' : 'unproven' }
}
