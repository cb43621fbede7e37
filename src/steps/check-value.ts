import type { JsonSchema } from '../specs/operation.ts'
import { sourceSchema } from './check-reference.ts'
import { type Checked, type Path, proved, unproven, wrong } from './checking.ts'
import { hasExpression } from './expressions.ts'
import { allowsNull, itemsOf, propertiesOf, typesOf } from './schema-path.ts'

/** The code of what is unproven because no type is known; the specifications are silent there more often than not. */
export const TYPE_UNKNOWN = 'type_unknown'

/** Holds a value against the schema of where it goes; what an expression will give by its source, as far as it is known. */
export function checkValue(checked: Checked, value: unknown, schema: JsonSchema, path: Path): void {
  if (typeof value === 'string' && hasExpression(value)) return checkExpressionType(checked, value, schema, path)
  if (value === null && allowsNull(schema)) return proved(checked, path, 'type', 'may be null')
  const types = typesOf(schema)
  if (types.length > 0 && !types.some((type) => fits(value, type)))
    return wrong(checked, path, 'type', `must be ${types.join(' or ')}, not ${JSON.stringify(value)?.slice(0, 80)}`)
  const choices = schema['enum']
  if (Array.isArray(choices) && !choices.includes(value))
    return wrong(checked, path, 'enum', `must be one of ${choices.map(String).join(', ')}`)
  if (Array.isArray(value)) {
    const items = itemsOf(schema)
    if (items) return value.forEach((item, index) => checkValue(checked, item, items, [...path, index]))
  } else if (typeof value === 'object' && value !== null) {
    const properties = propertiesOf(schema)
    if (properties.size > 0) return checkProperties(checked, value, schema, properties, path)
  }
  if (types.length > 0 || Array.isArray(choices)) proved(checked, path, 'type', `is ${typeWords(types, choices)}`)
  else unproven(checked, path, TYPE_UNKNOWN, 'the specification does not say of what type it must be')
}

function checkProperties(
  checked: Checked,
  value: object,
  schema: JsonSchema,
  properties: ReadonlyMap<string, JsonSchema>,
  path: Path,
): void {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  for (const name of required)
    if (!(String(name) in value))
      wrong(checked, [...path, String(name)], 'missing_property', `the property "${name}" is required`)
  for (const [name, inner] of Object.entries(value)) {
    const property = properties.get(name)
    const at = [...path, name]
    if (property) checkValue(checked, inner, property, at)
    else unproven(checked, at, TYPE_UNKNOWN, `the specification does not describe the property "${name}"`)
  }
}

/** An expression that is one plain path has the type its source declares; it clashes when no type is common to both. */
function checkExpressionType(checked: Checked, value: string, schema: JsonSchema, path: Path): void {
  const plain = /^\{\{\s*((?:steps|input)(?:\.\w+)+)\s*\}\}$/.exec(value)?.[1]
  const source = plain === undefined ? null : sourceSchema(checked, plain.split('.'))
  const wanted = typesOf(schema)
  const given = source ? typesOf(source) : []
  if (wanted.length === 0 || given.length === 0)
    return unproven(checked, path, TYPE_UNKNOWN, 'of what type it is shows only when it runs')
  const numeric = given.some(isNumeric) && wanted.some(isNumeric)
  const common = given.some((type) => wanted.includes(type))
  if (common || numeric) return proved(checked, path, 'type', `is ${given.join(' or ')}, as ${plain} is`)
  // Whatever it is can be written as text.
  // What is given as an input may still fit: text that is a number, say.
  if (wanted.includes('string') || plain?.startsWith('input'))
    return unproven(checked, path, TYPE_UNKNOWN, `${plain} is ${given.join(' or ')}`)
  wrong(checked, path, 'type', `must be ${wanted.join(' or ')}, but ${plain} is ${given.join(' or ')}`)
}

function typeWords(types: readonly string[], choices: unknown): string {
  return Array.isArray(choices) ? 'one of those allowed' : types.join(' or ')
}

function isNumeric(type: string): boolean {
  return type === 'number' || type === 'integer'
}

function fits(value: unknown, type: string): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    default:
      // oxlint-disable-next-line valid-typeof -- the JSON Schema names left over are those of typeof
      return typeof value === type
  }
}
