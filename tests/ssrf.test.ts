import { createExecutionContext } from 'cloudflare:test'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { app } from '../src/app.ts'
import { AppError } from '../src/errors.ts'
import { fetchOutbound } from '../src/platform/outbound.ts'
import { grantPlenty, newTenant, testEnv, type Tenant } from './helpers.ts'
import { FORBIDDEN_URLS, inHeader } from './ssrf-table.ts'

// As in production: loopback and private addresses are closed. The rest of the tests' Worker has them open.
const strictEnv = { ...testEnv, ALLOW_PRIVATE_UPSTREAMS: 'false' }
const PUBLIC = 'https://docs.example.com/openapi.json'

let tenant: Tenant
beforeAll(async () => {
  tenant = await newTenant()
  await grantPlenty(tenant)
})
afterEach(() => vi.unstubAllGlobals())

/** Stands in for the network beyond the Worker: answers everything in the same way, and writes down what it was asked. */
function network(answer: () => Response): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    asked.push(new Request(input, init).url)
    return answer()
  })
  return asked
}

/** Connects an API through the whole Worker, its address check closed. */
async function connectStrictly(body: unknown): Promise<{ status: number; code: string | undefined }> {
  const headers = { 'x-api-key': tenant.token, 'content-type': 'application/json' }
  const request = new Request('https://apiq.test/api/apis', { method: 'POST', headers, body: JSON.stringify(body) })
  const response = await app.fetch(request, strictEnv, createExecutionContext())
  return { status: response.status, code: ((await response.json()) as { code?: string }).code }
}

const document = (changes: Record<string, unknown>) => ({
  openapi: '3.1.0',
  info: { title: 'Small', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  paths: { '/things': { get: { responses: { 200: { description: 'Things' } } } } },
  ...changes,
})

it('holds sixty spellings and more', () => {
  expect(new Set(FORBIDDEN_URLS).size).toBeGreaterThan(60)
})

describe('a specification', () => {
  it.each(FORBIDDEN_URLS)('is not fetched from %s', async (specUrl) => {
    const asked = network(() => Response.json(document({})))
    const { status, code } = await connectStrictly({ specUrl })
    expect([status, asked]).toEqual([422, []])
    expect(['ADDRESS_REFUSED', 'VALIDATION_FAILED']).toContain(code)
  })

  it.each(FORBIDDEN_URLS)('is not fetched through a redirect to %s', async (url) => {
    const asked = network(() => new Response(null, { status: 302, headers: { location: inHeader(url) } }))
    expect(await connectStrictly({ specUrl: PUBLIC })).toEqual({ status: 422, code: 'ADDRESS_REFUSED' })
    expect(asked).toEqual([PUBLIC])
  })

  it.each(FORBIDDEN_URLS)('does not lead to %s by a reference', async (url) => {
    const asked = network(() => Response.json({ type: 'object' }))
    const schema = { $ref: `${url}#/Thing` }
    const content = { 'application/json': { schema } }
    await connectStrictly({
      spec: document({ paths: { '/a': { get: { responses: { 200: { description: 'A', content } } } } } }),
    })
    expect(asked).toEqual([])
  })

  it.each(FORBIDDEN_URLS)('does not lead to %s by a reference that is redirected', async (url) => {
    const asked = network(() => new Response(null, { status: 302, headers: { location: inHeader(url) } }))
    const content = { 'application/json': { schema: { $ref: 'https://docs.example.com/schemas.json#/Thing' } } }
    await connectStrictly({
      spec: document({ paths: { '/a': { get: { responses: { 200: { description: 'A', content } } } } } }),
    })
    expect(asked).toEqual(['https://docs.example.com/schemas.json'])
  })

  it.each(FORBIDDEN_URLS)('does not lead calls to a server at %s', async (url) => {
    const asked = network(() => new Response())
    const { status } = await connectStrictly({ spec: document({ servers: [{ url }] }) })
    expect([status, asked]).toEqual([422, []])
  })

  it('is not to be called at a base URL that is private, whatever it says itself', async () => {
    const reply = await connectStrictly({ spec: document({}), baseUrl: 'https://169.254.169.254/' })
    expect(reply).toEqual({ status: 422, code: 'ADDRESS_REFUSED' })
  })
})

describe('any outgoing call', () => {
  const policy = { allowPrivate: false, timeoutMs: 10_000, maxBytes: 1000 }

  it.each([301, 302, 303, 307, 308])('follows no redirect of %i to any of them', async (status) => {
    for (const url of FORBIDDEN_URLS) {
      const asked = network(() => new Response(null, { status, headers: { location: inHeader(url) } }))
      const error: unknown = await fetchOutbound((...call) => fetch(...call), { url: PUBLIC }, policy).catch(
        (thrown: unknown) => thrown,
      )
      expect([url, error instanceof AppError && error.code, asked]).toEqual([url, 'ADDRESS_REFUSED', [PUBLIC]])
    }
  })

  it('follows none behind a redirect that is allowed', async () => {
    const hops = ['/b', 'https://other.example.com/c', 'https://10.0.0.1/']
    const asked = network(() => new Response(null, { status: 302, headers: { location: hops.shift() ?? '' } }))
    const calling = fetchOutbound((...call) => fetch(...call), { url: PUBLIC }, policy)
    await expect(calling).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' })
    expect(asked).toEqual([PUBLIC, 'https://docs.example.com/b', 'https://other.example.com/c'])
  })
})
