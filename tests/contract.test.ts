import { describe, expect, it } from 'vitest'
import { keyFor, newTenant, send } from './helpers.ts'

type Operation = {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: unknown[]
  responses: Record<string, unknown>
}

const { body: document } = await send('/openapi.json')
const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
      name: `${method.toUpperCase()} ${path}`,
    })),
)
const secured = operations.filter(({ operation }) => operation.security)
const open = [
  'POST /api/auth/register',
  'POST /api/auth/login',
  'POST /api/auth/logout',
  'POST /api/auth/password/forgot',
  'POST /api/auth/password/reset',
  'POST /api/auth/email/verify',
  'POST /api/auth/email/resend',
  'POST /api/auth/two-factor/verify',
  'POST /api/auth/two-factor/recover',
  'GET /api/development/mails',
  'GET /api/auth/providers',
  'GET /api/auth/{provider}/start',
  'GET /api/auth/{provider}/callback',
  'GET /api/health',
  'GET /api/auth/health',
  'GET /api/oauth/callback',
  'POST /hooks/{id}',
  'GET /api/errors',
  'GET /api/errors/{code}',
]

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 with an id, a summary, a tag and a documented problem for every operation', () => {
    expect(document.openapi).toBe('3.1.0')
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { name, operation } of operations)
      expect([
        name,
        Boolean(operation.operationId && operation.summary && operation.tags?.length),
        'default' in operation.responses,
      ]).toEqual([name, true, true])
  })

  it('leaves open what must be open, and nothing else', () => {
    const unsecured = operations.filter(({ operation }) => !operation.security).map(({ name }) => name)
    expect(unsecured.toSorted()).toEqual(open.toSorted())
  })
})

/** Input of the type that a route takes, with nothing in it. */
function emptyInput(path: string, method: string): { headers: Record<string, string>; body?: BodyInit } {
  if (path.endsWith('/upload')) return { headers: {}, body: new FormData() }
  const headers = { 'content-type': 'application/json' }
  return method === 'GET' || method === 'DELETE' ? { headers } : { headers, body: '{}' }
}

describe.each(secured)('$name', ({ path, method }) => {
  const url = path.replaceAll(/\{[^}]+\}/g, 'unknown_id')
  const init = { method, ...emptyInput(path, method) }

  it('answers 401 without credentials, before it looks at the input', async () => {
    const reply = await send(url, init)
    expect([reply.status, reply.body.code, reply.headers.get('content-type')]).toEqual([
      401,
      'UNAUTHENTICATED',
      'application/problem+json',
    ])
  })

  it('is there under /api/v1 as well', async () => {
    expect((await send(url.replace('/api/', '/api/v1/'), init)).status).toBe(401)
  })
})

describe.each(secured.filter(({ method }) => method !== 'GET'))('$name', ({ path, method }) => {
  it('refuses a key that may only read, or the input before that', async () => {
    const { headers, ...input } = emptyInput(path, method)
    const key = { 'x-api-key': await keyFor(await newTenant(), ['read']) }
    const init = { method, ...input, headers: { ...headers, ...key } }
    expect([403, 422]).toContain((await send(path.replaceAll(/\{[^}]+\}/g, 'unknown_id'), init)).status)
  })
})

describe('every answer', () => {
  it('carries a request id, the caller’s own if it is well formed, and security headers', async () => {
    const made = await send('/api/health')
    expect(made.headers.get('x-request-id')).toMatch(/^req_/)
    expect(
      (await send('/api/health', { headers: { 'x-request-id': 'caller-42-abc' } })).headers.get('x-request-id'),
    ).toBe('caller-42-abc')
    expect((await send('/api/health', { headers: { 'x-request-id': 'bad id"' } })).headers.get('x-request-id')).toMatch(
      /^req_/,
    )
    expect(Object.fromEntries(made.headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
  })

  it('is a problem, never a page, for what does not exist', async () => {
    const reply = await send('/api/nothing/here')
    expect([reply.status, reply.body.code, reply.body.instance]).toEqual([404, 'NOT_FOUND', '/api/nothing/here'])
  })

  it('names a type that says what the problem is and what to do', async () => {
    const { body } = await send('/api/auth/test')
    const { data } = await send(body.type)
    expect(data).toMatchObject({
      code: 'UNAUTHENTICATED',
      status: 401,
      title: body.title,
      cure: expect.stringMatching(/key/),
    })
    expect((await send('/api/errors')).data).toContainEqual(data)
    expect((await send('/api/errors/NO_SUCH_CODE')).status).toBe(404)
  })

  it('allows the origins that are configured and no other', async () => {
    const preflight = (origin: string) =>
      send('/api/apis', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    expect((await preflight('https://allowed.example')).headers.get('access-control-allow-origin')).toBe(
      'https://allowed.example',
    )
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })
})
