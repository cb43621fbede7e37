import type { Endpoint } from '../../catalog/service.ts'
import type { ConnectionName } from '../../connections/targets.ts'
import { words } from '../../lib/words.ts'
import type { Slot } from '../../links/slots.ts'
import { operationName } from '../../specs/operation.ts'
import { propertiesOf, typesOf } from '../../steps/schema-path.ts'
import type { ApiCallStep } from '../../steps/schema.ts'
import { baseOf } from '../language/verbs.ts'
import type { PlannedCall, Source } from '../plan/planned-call.ts'
import type { InputNames } from './input-names.ts'

// Verbs that say nothing without a value.
const CHANGING = new Set('update change set edit modify replace adjust rename save overwrite put patch'.split(' '))

/** A planned call as a step; `valueOf` writes what goes into a slot. */
export function callStep(
  { endpoint, bindings }: PlannedCall,
  id: string,
  connection: ConnectionName,
  valueOf: (slot: Slot, source: Source) => unknown,
  inputs: InputNames,
): ApiCallStep {
  const parameters: Record<string, unknown> = {}
  let body: unknown
  for (const { slot, source } of bindings) {
    if (slot.in === 'body') body = setAt(body, slot.path, valueOf(slot, source))
    else parameters[slot.name] = valueOf(slot, source)
  }
  const { requestBody, method } = endpoint
  const members = [...propertiesOf(requestBody?.schema ?? {}).keys()]
  // What changes a thing and says nothing of what to change is no request.
  const isChange =
    (method === 'PATCH' || (method === 'PUT' && !isDeed(endpoint))) && members.some((name) => !(name in parameters))
  if (body === undefined && requestBody && (requestBody.required || isChange)) {
    const types = typesOf(requestBody.schema)
    body =
      !isChange && (types.length === 0 || types.includes('object'))
        ? {}
        : `{{ input.${inputs.add(id, 'body', 'The request body', requestBody.schema)} }}`
  }
  return {
    id,
    name: endpoint.summary || operationName(endpoint),
    type: 'api_call',
    api: connection.slug,
    operation: operationName(endpoint),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { body }),
  }
}

/** "Lock an issue": whether an operation is called by a verb that does something of itself, and needs not be told what. */
function isDeed({ summary, requestBody }: Endpoint): boolean {
  const [verb = ''] = words(summary)
  return verb !== '' && requestBody?.required === false && !CHANGING.has(baseOf(verb))
}

/** A value put into another at a path, which is made as far as it is not there; numbers are indexes of lists. */
export function setAt(target: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (typeof key === 'number') {
    const list = Array.isArray(target) ? [...(target as unknown[])] : []
    list[key] = setAt(list[key], rest, value)
    return list
  }
  const object = typeof target === 'object' && target !== null ? (target as Record<string, unknown>) : {}
  return { ...object, [key]: setAt(object[key], rest, value) }
}
