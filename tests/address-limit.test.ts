import { createExecutionContext } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { app } from '../src/app.ts'
import { operations, requestFor } from './documented.ts'
import { newTenant, send, testEnv } from './helpers.ts'
import { newPerson } from './people.ts'

const LIMIT = 300
let subscribers = 0
/** An address that nobody else in this file has. */
const newAddress = () => ({ 'cf-connecting-ip': `198.51.100.${++subscribers}` })
const POLICY = `"default";q=${LIMIT};w=60`

/** Requests that nobody is known to have sent, each of another kind. */
const kinds: ((from: Record<string, string>) => Promise<{ status: number }>)[] = [
  (from) => send('/api/errors/NOT_FOUND', { headers: from }),
  (from) => send('/api/health', { headers: { ...from, 'x-api-key': 'apiq_dev_never_looked_at' } }),
  (from) => send('/api/auth/providers', { headers: from }),
  (from) => send('/api/keys', { headers: from }),
  (from) => send('/api/keys', { headers: { ...from, 'x-api-key': `apiq_dev_${'a'.repeat(40)}` } }),
  (from) => send('/api/keys', { headers: { ...from, cookie: 'apiq.session_token=made.up' } }),
  (from) => send('/api/no/such/route', { headers: from }),
  (from) => send('/hooks/hok_nothing', { method: 'POST', headers: from, body: '{}' }),
]

describe('an address', () => {
  it('is let in exactly as often as its limit when many come at once, whatever they ask for', async () => {
    const from = newAddress()
    const replies = await Promise.all(
      Array.from({ length: 400 }, (_, n) => kinds[n % kinds.length]?.(from) ?? Promise.reject()),
    )
    const statuses = replies.map(({ status }) => status)
    expect(statuses.filter((status) => status !== 429)).toHaveLength(LIMIT)
    expect(new Set(statuses)).toEqual(new Set([200, 401, 404, 429]))
    const refused = await send('/api/errors', { headers: from })
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      429,
      'RATE_LIMITED',
      'Rate limit exceeded: 300 requests per minute from one address without a valid key or session',
    ])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.headers.get('ratelimit')).toMatch(/^"default";r=0;t=\d+$/)
    expect((await send('/api/errors', { headers: newAddress() })).status).toBe(200)
  }, 30_000)

  it('that has no room left still lets in who has a key or a session', async () => {
    const from = newAddress()
    const [{ token }, { cookie }] = [await newTenant(), await newPerson()]
    const test = (headers: Record<string, string>) => send('/api/auth/test', { headers: { ...headers, ...from } })
    expect((await test({ 'x-api-key': token })).status).toBe(200)
    await Promise.all(Array.from({ length: LIMIT + 1 }, () => send('/api/errors/NOT_FOUND', { headers: from })))
    expect((await test({})).status).toBe(429)
    const [byKey, byCookie] = [await test({ 'x-api-key': token }), await test({ cookie })]
    expect([byKey.status, byCookie.status]).toEqual([200, 200])
    expect(byKey.headers.get('ratelimit-policy')).toContain('"default";q=100000;w=60')
  }, 30_000)

  it.each([
    ['of IPv6 counts with the 64 bits of its network', '2001:db8:7:7::1', '2001:db8:7:7:ffff::2', '2001:db8:7:8::1'],
    ['of IPv4 counts alone, however it is written', '203.0.113.20', '::ffff:203.0.113.20', '203.0.113.21'],
  ])('%s', async (_, first, same, other) => {
    const left = async (ip: string) => {
      const { headers } = await send('/api/errors/NOT_FOUND', { headers: { 'cf-connecting-ip': ip } })
      return Number(headers.get('x-ratelimit-remaining'))
    }
    expect([await left(first), await left(same), await left(other)]).toEqual([LIMIT - 1, LIMIT - 2, LIMIT - 1])
  })

  it('of this machine itself has no limit, and one that is not known neither', async () => {
    for (const headers of [{ 'cf-connecting-ip': '127.0.0.1' }, { 'cf-connecting-ip': '::1' }, {}])
      expect((await send('/api/errors/NOT_FOUND', { headers })).headers.get('ratelimit')).toBeNull()
  })
})

describe('every route', () => {
  it.each(operations)('$name counts against the address of a caller without identity', async (operation) => {
    const { url, headers, ...rest } = requestFor(operation, () => 'unknown_id')
    const init = { method: operation.method, headers: { ...headers, ...newAddress() }, redirect: 'manual' as const }
    const reply = await send(url, { ...init, ...rest })
    expect(reply.headers.get('ratelimit-policy')).toBe(POLICY)
    expect(reply.headers.get('x-ratelimit-remaining')).toBe(String(LIMIT - 1))
  })

  it.each(['/openapi.json', '/api/nothing', '/nothing'])('so does %s', async (path) => {
    expect((await send(path, { headers: newAddress() })).headers.get('ratelimit-policy')).toBe(POLICY)
  })
})

describe('counting an address', () => {
  const call = (env: object, headers: Record<string, string>, path = '/api/auth/test') =>
    app.fetch(new Request(`https://apiq.test${path}`, { headers }), env as Env, createExecutionContext())

  it('costs a caller with a key nothing: no object but that of its workspace is asked', async () => {
    const { token, ctx } = await newTenant()
    const asked: string[] = []
    const { RATE_LIMITER } = testEnv
    const idFromName = (name: string) => (asked.push(name), RATE_LIMITER.idFromName(name))
    const env = { ...testEnv, RATE_LIMITER: { idFromName, get: RATE_LIMITER.get.bind(RATE_LIMITER) } }
    const headers = { 'x-api-key': token, ...newAddress() }
    for (let n = 0; n < 3; n++) expect((await call(env, headers)).status).toBe(200)
    expect(new Set(asked)).toEqual(new Set([`workspace:${ctx.actor.workspaceId}`]))
  })

  it('keeps nothing shut that is open where the limiter does not answer', async () => {
    const env = { ...testEnv, RATE_LIMITER: undefined }
    expect((await call(env, newAddress(), '/api/errors')).status).toBe(200)
    expect((await call(env, newAddress())).status).toBe(401)
  })
})
