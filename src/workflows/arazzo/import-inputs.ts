import { resolvePointer } from '../../lib/json-pointer.ts'
import type { InputSchema } from '../../steps/schema.ts'
import { isRecord } from './json-schema.ts'
import { tell, type Importing, type Place, type Placed } from './importing.ts'

const MAX_DEPTH = 20
// References that multiply each other come to no end.
const MAX_NODES = 20_000

/** The inputs of a workflow: an object's properties, one level, references into the document's components resolved. */
export function readInputs(importing: Importing, { node, place }: Placed): InputSchema | undefined {
  if ('x-apiq-inputs' in node) return node['x-apiq-inputs'] as InputSchema
  if (node['inputs'] === undefined) return undefined
  const at = [...place, 'inputs']
  const schema = inline(importing, node['inputs'], at, { depth: 0, budget: { nodes: MAX_NODES } })
  if (!isRecord(schema)) {
    tell(importing, at, 'is no schema of an object', 'Describe the inputs as the properties of an object.')
    return undefined
  }
  const parts = [schema, ...(Array.isArray(schema['allOf']) ? schema['allOf'].filter(isRecord) : [])]
  const properties = parts.flatMap((part) => (isRecord(part['properties']) ? Object.entries(part['properties']) : []))
  const required = parts.flatMap((part) => (Array.isArray(part['required']) ? part['required'] : []))
  const names = required.filter((name) => typeof name === 'string')
  const lost = Object.keys(schema).filter((key) => ['oneOf', 'anyOf', 'not', 'if', 'patternProperties'].includes(key))
  if (lost.length > 0)
    tell(
      importing,
      at,
      `${lost.join(', ')} of the inputs is not checked`,
      'Say what every input needs in its own schema.',
    )
  return {
    type: 'object',
    properties: Object.fromEntries(properties.map(([name, property]) => [name, isRecord(property) ? property : {}])),
    ...(parts.some((part) => Array.isArray(part['required'])) ? { required: names } : {}),
  }
}

type Spent = { depth: number; budget: { nodes: number } }

/** A schema with what it refers to in the document put in; a reference out of the document or to itself stays out. */
function inline(importing: Importing, schema: unknown, place: Place, { depth, budget }: Spent): unknown {
  budget.nodes--
  if (Array.isArray(schema))
    return schema.map((entry, index) => inline(importing, entry, [...place, index], { depth, budget }))
  if (!isRecord(schema)) return schema
  const { $ref } = schema
  if (typeof $ref !== 'string' || !isReference($ref))
    return Object.fromEntries(
      Object.entries(schema).map(([key, entry]) => [key, inline(importing, entry, [...place, key], { depth, budget })]),
    )
  const pointer = $ref.startsWith('$') ? `#/${$ref.slice(1).replaceAll('.', '/')}` : $ref
  const found = depth < MAX_DEPTH && budget.nodes > 0 ? resolvePointer(importing.document, pointer) : undefined
  if (found === undefined) tell(importing, place, `${$ref} is not there, or refers to itself`, 'Write the schema out.')
  return found === undefined ? {} : inline(importing, found, place, { depth: depth + 1, budget })
}

/** References that the document itself answers; others are left to stand. */
function isReference(reference: string): boolean {
  return reference.startsWith('#/components/inputs/') || reference.startsWith('$components.inputs.')
}
