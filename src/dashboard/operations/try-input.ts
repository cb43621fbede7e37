import type { EndpointView } from '../../catalog/schema.ts'
import type { TryRequest } from '../../explorer/schema.ts'
import { toInput, type Entries, type InputSpec } from '../inputs/input-values.ts'

/**
 * The fields of a call. Names are prefixed with where the value goes, since a parameter and a member of the body may
 * be called the same. `whole`: the body is one field of JSON rather than a field for each member.
 */
export type TryFields = { parameters: InputSpec[]; body: InputSpec[]; whole: boolean }

const WHOLE = 'body:'
const MOST_MEMBERS = 12

/** What to ask for before an operation is called; what must be given comes first. */
export function fieldsOf({ parameters, requestBody }: EndpointView): TryFields {
  const given = parameters.map(({ name, in: place, required, description, schema }) => ({
    name: `parameter:${name}`,
    description: [description, place === 'query' ? '' : `in the ${place}`].filter(Boolean).join(' · '),
    schema: asked(name, schema, required),
    required,
  }))
  const fields = { parameters: requiredFirst(given), body: [], whole: false }
  if (!requestBody) return fields
  const members = membersOf(requestBody.schema)
  if (members) return { ...fields, body: requiredFirst(members) }
  const schema = { title: 'Body', type: 'object', default: skeletonOf(requestBody.schema) }
  const description = requestBody.contentType
  const whole = { name: WHOLE, description, schema, required: requestBody.required }
  return { ...fields, body: [whole], whole: true }
}

/** The entries as the Worker takes them. @throws SyntaxError for JSON that is none. */
export function toTryRequest({ parameters, body, whole }: TryFields, entries: Entries): TryRequest {
  const values = unprefixed(toInput(parameters, entries))
  const request = { parameters: values }
  if (body.length === 0) return request
  const input = toInput(body, entries)
  if (whole) return WHOLE in input ? { ...request, body: input[WHOLE] } : request
  return { ...request, body: unprefixed(input) }
}

/** Where a field's value stands in the request (JSON pointer). */
export function pathOf(name: string): string {
  const [place, ...rest] = name.split(':')
  const member = rest.join(':').replaceAll('~', '~0').replaceAll('/', '~1')
  if (place === 'body') return member ? `/body/${member}` : '/body'
  return `/parameters/${member}`
}

/** A field for each member, where the body is a plain object of a few; null where it is not. */
function membersOf(schema: InputSpec['schema']): InputSpec[] | null {
  const properties = schema['properties']
  if (typeof properties !== 'object' || properties === null) return null
  if (schema['allOf'] || schema['oneOf'] || schema['anyOf']) return null
  const members = Object.entries(properties as Record<string, unknown>)
  if (members.length === 0 || members.length > MOST_MEMBERS) return null
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return members.flatMap(([name, value]) => {
    const member = typeof value === 'object' && value !== null ? (value as InputSpec['schema']) : {}
    if (member['readOnly'] === true) return []
    const description = typeof member['description'] === 'string' ? member['description'] : ''
    const needed = required.includes(name)
    return [{ name: `body:${name}`, description, schema: asked(name, member, needed), required: needed }]
  })
}

/** An object with the required members, empty, to be filled in. */
function skeletonOf(schema: InputSpec['schema']): unknown {
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  return schema['type'] === 'array' ? [] : Object.fromEntries(required.map((name) => [String(name), '']))
}

/**
 * The schema of a field, called by its name, as the API's documentation does. A boolean that may be left out is a
 * choice: a box that is not ticked would say false.
 */
function asked(name: string, schema: InputSpec['schema'], required: boolean): InputSpec['schema'] {
  const open = schema['type'] === 'boolean' && !required && schema['default'] === undefined
  return { ...schema, title: name, ...(open ? { enum: [true, false] } : {}) }
}

function unprefixed(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.slice(name.indexOf(':') + 1), value]))
}

function requiredFirst(inputs: InputSpec[]): InputSpec[] {
  return inputs.toSorted((a, b) => Number(b.required) - Number(a.required))
}
