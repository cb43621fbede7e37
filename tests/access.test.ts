import { describe, expect, it } from 'vitest'
import { sampleOf } from '../src/specs/sample.ts'
import type { JsonSchema } from '../src/specs/operation.ts'
import { deadKey, keyWith, personWith, type Credentials } from './access-identities.ts'
import { COLUMNS, table, type Column } from './access-table.ts'
import { send, tenantWithStore } from './helpers.ts'

type Operation = {
  parameters?: { in: string; name: string; required?: boolean; schema: JsonSchema }[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
  security?: unknown[]
}

const { body: document } = await send('/openapi.json')
const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      method: method.toUpperCase(),
      operation,
    })),
)

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
  'POST /api/executions/{id}/replay': {},
  'POST /api/rehearsals': { definition },
  'POST /api/workflows': { definition },
  'POST /api/workflows/validate': { definition },
  'PATCH /api/workflows/{id}': { definition },
}

/** A schema with what it refers to put in; deep enough for bodies, which do not go round in circles for long. */
function resolve(schema: unknown, depth = 0): unknown {
  if (depth > 12 || typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map((item) => resolve(item, depth + 1))
  if ('$ref' in schema)
    return resolve(document.components.schemas[String(schema.$ref).split('/').at(-1) ?? ''], depth + 1)
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolve(value, depth + 1)]))
}

/** A request that fits what the document says of an operation, and names nothing that exists. */
function requestFor({ name, path, operation }: (typeof operations)[number], ids: (path: string) => string) {
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

/** Who asks. Each asks as somebody new, so that what one does to an account is not felt by the next. */
const identities: Record<Column, () => Promise<Credentials>> = {
  nobody: async () => ({}),
  badKey: async () => ({ 'x-api-key': `apiq_dev_${'a'.repeat(32)}00000000` }),
  expiredKey: () => deadKey('expiresAt'),
  revokedKey: () => deadKey('revokedAt'),
  readKey: () => keyWith(['read']),
  stranger: () => keyWith(['read', 'write', 'execute', 'admin']),
  auditor: () => personWith('auditor', 'USER'),
  user: () => personWith('member', 'USER'),
  admin: () => personWith('owner', 'ADMIN'),
}

// What a stranger asks for is there, in somebody else's workspace.
const ours = await tenantWithStore()
const plan = await ours.call('POST', '/api/chat', { message: 'List customers' })
const run = await ours.call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })
const [endpoint] = (await ours.call('GET', `/api/apis/${ours.apiId}/endpoints`)).data
const existing: [RegExp, string][] = [
  [/^\/api\/(apis|connections)\/$/, ours.apiId],
  [/\/endpoints\/$/, endpoint.id],
  [/^\/api\/chat\/$/, plan.data.id],
  [/^\/api\/workflows\/$/, run.data.workflowId],
  [/^\/api\/executions\/$/, run.data.id],
]
const existingId = (before: string) => existing.find(([pattern]) => pattern.test(before))?.[1] ?? 'unknown_id'

async function statusFor(column: Column, route: (typeof operations)[number]): Promise<number> {
  const credentials = await identities[column]()
  const ids = column === 'stranger' ? existingId : () => 'unknown_id'
  const { url, headers, ...rest } = requestFor(route, ids)
  return (
    await send(url, { method: route.method, headers: { ...headers, ...credentials }, redirect: 'manual', ...rest })
  ).status
}

it('has a row for every route, and none for a route that is not there', () => {
  expect(Object.keys(table).toSorted()).toEqual(operations.map(({ name }) => name).toSorted())
})

describe.each(operations)('$name', (operation) => {
  it('answers each identity as declared', async () => {
    const statuses: number[] = []
    for (const column of COLUMNS) statuses.push(await statusFor(column, operation))
    expect(statuses.join(' ')).toBe((table[operation.name] ?? []).join(' '))
  })
})
