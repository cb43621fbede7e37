import type { Endpoint } from '../catalog/service.ts'
import { operationName } from '../specs/operation.ts'
import { propertiesOf, typesOf } from '../steps/schema-path.ts'
import type { ConnectionName } from './compose.ts'
import { listOf } from './outputs.ts'
import { slotsOf, type Slot } from './slots.ts'

const MAX_CHARS = 24_000
const MAX_FIELDS = 24

/** The operations a model may use, a paragraph each, until the budget of about 6,000 tokens is spent. */
export function describeOperations(named: readonly { endpoint: Endpoint; connection: ConnectionName }[]): string {
  let text = '<operations>\n'
  for (const { endpoint, connection } of named) {
    const paragraph = describe(endpoint, connection)
    if (text.length + paragraph.length > MAX_CHARS) break
    text += paragraph
  }
  return `${text}</operations>`
}

function describe(endpoint: Endpoint, connection: ConnectionName): string {
  const slots = slotsOf(endpoint)
  const parameters = slots.filter((slot) => slot.in !== 'body').map(describeSlot)
  const body = slots
    .filter((slot) => slot.in === 'body')
    .map((slot) => describeSlot({ ...slot, name: slot.path.join('.') }))
  const list = listOf(endpoint)
  const shape = list?.items ?? endpoint.response
  const fields = shape ? [...propertiesOf(shape).keys()].slice(0, MAX_FIELDS).join(', ') : 'unknown'
  return [
    `api: ${connection.slug}, operation: ${operationName(endpoint)}`,
    plain(endpoint.summary || endpoint.description),
    ...(parameters.length > 0 ? [`parameters: ${parameters.join('; ')}`] : []),
    ...(body.length > 0 ? [`body: ${body.join('; ')}`] : []),
    `answers: ${list ? `${list.path}[] with ` : 'body with '}${fields}`,
    '\n',
  ].join('\n')
}

function describeSlot(slot: Slot): string {
  const choices = slot.schema['enum']
  const type = Array.isArray(choices) ? choices.map(String).join('|') : typesOf(slot.schema).join('|') || 'any'
  return `${slot.name}${slot.required ? ' (required)' : ''}: ${type}${slot.description ? `, ${plain(slot.description)}` : ''}`
}

/** Third-party text on one line and without the marks that fence it. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[<>]/g, '').slice(0, 160)
}
