import { words } from '../../lib/words.ts'
import { quote } from '../../links/lists.ts'
import { type Slot, slotsOf } from '../../links/slots.ts'
import type { JsonSchema, Operation, Parameter } from '../../specs/operation.ts'
import { itemsOf, propertiesOf } from '../../steps/schema-path.ts'

/** A plain value in an answer, or in an item of it: where it is under that, and a slot that takes what it may hold. */
export type PlainField = { path: string; slot: Slot }

const MAX_FIELDS = 60
// What expressions call things by already.
const TAKEN = new Set(['steps', 'input', 'run'])

const known = new WeakMap<JsonSchema, readonly PlainField[]>()
const names = new WeakMap<Slot, string>()

/** The plain values of a schema, objects within it opened once; worked out once for each schema. */
export function plainFields(schema: JsonSchema): readonly PlainField[] {
  let fields = known.get(schema)
  if (!fields) known.set(schema, (fields = readFields(schema)))
  return fields
}

function readFields(schema: JsonSchema): PlainField[] {
  const leaves = leavesOf(schema, 2).slice(0, MAX_FIELDS)
  const parameters = leaves.map(({ name, schema: own }) => ({
    name,
    in: 'query',
    required: false,
    schema: own,
    description: '',
  }))
  const slots = slotsOf({ ...NO_OPERATION, parameters: parameters as Parameter[] })
  return leaves.flatMap(({ path }, at) => {
    const slot = slots[at]
    return slot ? [{ path, slot }] : []
  })
}

const NO_OPERATION: Operation = {
  method: 'GET',
  path: '/',
  operationId: null,
  summary: '',
  description: '',
  tags: [],
  deprecated: false,
  effect: 'read',
  parameters: [],
  requestBody: null,
  response: null,
  security: null,
  server: null,
  pagination: null,
}

function leavesOf(schema: JsonSchema, depth: number): { path: string; name: string; schema: JsonSchema }[] {
  return [...propertiesOf(schema)].flatMap(([name, inner]) => {
    if (TAKEN.has(name) || itemsOf(inner)) return []
    const path = quote(name)
    if (propertiesOf(inner).size === 0) return [{ path, name, schema: inner }]
    if (depth === 1) return []
    // "customer.name" is the customer's name.
    return leavesOf(inner, depth - 1).map((leaf) => ({
      ...leaf,
      path: `${path}.${leaf.path}`,
      name: `${name}_${leaf.name}`,
    }))
  })
}

/** The words of a field that say which it is: "is active" → active. */
export function tellingWords({ slot }: PlainField): readonly string[] {
  const [first = '', ...rest] = slot.words
  return rest.length > 0 && /^(?:is|has|was)$/.test(first) ? rest : slot.words
}

/** What a field is called, in words. */
export function fieldName({ slot }: PlainField): string {
  let name = names.get(slot)
  if (name === undefined) names.set(slot, (name = words(slot.name).join(' ')))
  return name
}
