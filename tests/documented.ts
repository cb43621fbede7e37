import { sampleOf } from '../src/specs/sample.ts'
import type { JsonSchema } from '../src/specs/operation.ts'
import { send } from './helpers.ts'

/** What the document says of a route. */
export type Operation = {
  parameters?: { in: string; name: string; required?: boolean; schema: JsonSchema }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  responses?: Record<string, { content?: Record<string, { schema: { properties?: { data?: { type?: string } } } }> }>
  security?: unknown[]
}

const { body: document } = await send('/openapi.json')
/** Every route there is, from the document that the Worker serves. */
export const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      method: method.toUpperCase(),
      operation,
    })),
)

/** One of them. */
export type Documented = (typeof operations)[number]

// Where the simplest value that fits the schema is refused for what the schema cannot say.
const definition = { name: 'One', steps: [{ id: 'one', type: 'transform', value: 1 }] }
const bodies: Record<string, unknown> = {
  'POST /api/apis': {
    spec: JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'Things', version: '1' },
      servers: [{ url: 'https://things.example' }],
      paths: { '/things': { get: { responses: { 200: { description: 'Things' } } } } },
    }),
  },
  'POST /api/apis/{id}/refresh': {},
  'POST /api/chat/execute': { planId: 'pln_nothing' },
  'POST /api/chat/schedule': { planId: 'pln_nothing' },
  'POST /api/executions/{id}/replay': {},
  'POST /api/rehearsals': { definition },
  'POST /api/workflows': { definition },
  'POST /api/workflows/validate': { definition },
  'PATCH /api/workflows/{id}': { definition },
}

/** A schema with what it refers to put in; deep enough for bodies, which do not go round in circles for long. */
export function resolve(schema: unknown, depth = 0): unknown {
  if (depth > 12 || typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map((item) => resolve(item, depth + 1))
  if ('$ref' in schema)
    return resolve(document.components.schemas[String(schema.$ref).split('/').at(-1) ?? ''], depth + 1)
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolve(value, depth + 1)]))
}

/** A request that fits what the document says of an operation; `ids` gives the id that stands behind a path. */
export function requestFor({ name, path, operation }: Documented, ids: (before: string) => string) {
  const { parameters = [], requestBody } = operation
  const query = parameters
    .filter((each) => each.in === 'query' && each.required)
    .map(({ name: key, schema }) => `${key}=${encodeURIComponent(String(sampleOf(resolve(schema) as JsonSchema)))}`)
  const url = `${path.replaceAll(/\{([^}]+)\}/g, (_, id: string, at: number) => (NUMBERS.has(id) ? '1' : ids(path.slice(0, at))))}?${query.join('&')}`
  const content = requestBody?.content ?? {}
  if ('multipart/form-data' in content) return { url, headers: {}, body: new FormData() }
  const schema = content['application/json']?.schema
  if (!schema) return { url, headers: {} }
  const body = JSON.stringify(bodies[name] ?? sampleOf(resolve(schema) as JsonSchema)).replaceAll(
    /[\w.]+@example\.com/g,
    () => `${crypto.randomUUID()}@example.com`,
  )
  return { url, headers: { 'content-type': 'application/json' }, body }
}

// Names in paths that are no ids.
const NUMBERS = new Set(['number', 'valueId'])
