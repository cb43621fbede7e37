import { fillFromClause } from '../src/planner/fill/fill.ts'
import type { Now } from '../src/planner/language/dates.ts'
import { understand } from '../src/planner/understand/understand.ts'
import type { JsonSchema, Operation, Parameter } from '../src/specs/operation.ts'

export const text: JsonSchema = { type: 'string' }
export const integer: JsonSchema = { type: 'integer' }
export const number: JsonSchema = { type: 'number' }
export const flag: JsonSchema = { type: 'boolean' }
export const texts: JsonSchema = { type: 'array', items: text }

export const parameter = (
  name: string,
  schema: JsonSchema,
  where: Parameter['in'] = 'query',
  required = false,
): Parameter => ({ name, in: where, required, schema, description: '' }) as Parameter

/** An operation of a store nobody has, as a document would have it. */
export function operation(
  name: string,
  {
    parameters = [],
    body,
    required = [],
    answer,
  }: {
    parameters?: Parameter[]
    body?: Record<string, JsonSchema>
    required?: string[]
    answer?: Record<string, JsonSchema>
  },
): Operation {
  const [method = '', path = ''] = name.split(' ')
  const schema: JsonSchema = { type: 'object', properties: body, required }
  return {
    method,
    path,
    operationId: null,
    summary: '',
    description: '',
    tags: [],
    deprecated: false,
    effect: method === 'GET' ? 'read' : 'create',
    parameters,
    requestBody: body ? { contentType: 'application/json', required: true, schema } : null,
    response: answer ? { type: 'object', properties: answer } : null,
    security: null,
    server: null,
    pagination: null,
  }
}

/** What the first clause of a message fills in, by name; names inside a body are joined by dots. */
export function filled(of: Operation, message: string, now: Now | null = null): Record<string, unknown> {
  const [clause] = understand(message, now)
  if (!clause) return {}
  const name = (path: readonly (string | number)[]) => path.filter((part) => typeof part === 'string').join('.')
  return Object.fromEntries(
    fillFromClause(of, clause, clause.entities).map(({ slot, value }) => [
      slot.in === 'body' ? name(slot.path) : slot.name,
      value,
    ]),
  )
}
