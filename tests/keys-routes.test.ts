import { runInDurableObject } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import type { RateLimiter } from '../src/limits/rate-limiter.ts'
import { grantPlenty, keyFor, newTenant, send, testEnv, type Tenant } from './helpers.ts'

const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString()
const test = (token: string, headers: Record<string, string> = {}) =>
  send('/api/v1/auth/test', { headers: { 'x-api-key': token, ...headers } })
const verdict = async (token: string, headers?: Record<string, string>) => {
  const reply = await test(token, headers)
  return reply.status === 200 ? 200 : `${reply.status} ${reply.body.detail}`
}
const create = async (tenant: Tenant, body: Record<string, unknown> = {}) =>
  (await tenant.call('POST', '/api/keys', { name: 'Export', scopes: ['read'], ...body })).data
const leasesOut = ({ ctx }: Tenant) => {
  const limiter = testEnv.RATE_LIMITER.get(testEnv.RATE_LIMITER.idFromName(`workspace:${ctx.actor.workspaceId}`))
  return runInDurableObject(limiter, async (_, { storage }) => (await storage.list({ prefix: 'lease:' })).size)
}

describe('an API key', () => {
  it('is shown once, and listed by its beginning and its last four', async () => {
    const tenant = await newTenant()
    const made = await tenant.call('POST', '/api/keys', { name: 'Export', scopes: ['read', 'read'] })
    expect(made.status).toBe(201)
    const { token, ...shown } = made.data
    expect(token.startsWith(shown.prefix) && token.endsWith(shown.lastFour)).toBe(true)
    expect(shown).toMatchObject({ status: 'active', scopes: ['read'], requestsPerMinute: 100, allowedIps: null })
    expect((await tenant.call('GET', `/api/keys/${shown.id}`)).data).toEqual(shown)
    const row = await testEnv.DB.prepare('select * from api_keys where id = ?').bind(shown.id).first()
    expect(JSON.stringify(row)).not.toContain(token)
    expect(await verdict(token)).toBe(200)
  })

  it('works with its scopes, its limit and its tier told by auth/test', async () => {
    const tenant = await newTenant()
    const { token } = await create(tenant, { requestsPerMinute: 50, requestsPerDay: 500 })
    const { data, headers } = await test(token)
    expect(data).toMatchObject({
      kind: 'key',
      tier: 'free',
      scopes: ['read'],
      limits: [
        { of: 'key', window: 'minute', limit: 50, remaining: 49 },
        { of: 'key', window: 'day', limit: 500, remaining: 499 },
        { of: 'workspace', window: 'minute', limit: 3000 },
        { of: 'workspace', window: 'day', limit: 50_000 },
      ],
    })
    expect(headers.get('ratelimit-policy')).toBe(
      '"default";q=50;w=60, "day";q=500;w=86400, "workspace";q=3000;w=60, "workspace-day";q=50000;w=86400',
    )
    expect(headers.get('ratelimit')).toMatch(/^"default";r=49;t=\d+, "day";r=499;/)
    expect([headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]).toEqual(['50', '49'])
  })

  it('that is hot is told where it stands by headers and body alike, and never more than is left', async () => {
    const tenant = await newTenant()
    await grantPlenty(tenant)
    const token = await keyFor(tenant, ['read'], 100_000)
    let leased = 0
    for (let requests = 1; requests <= 60; requests++) {
      const { headers, data } = await test(token)
      const [own] = data.limits
      expect(own).toMatchObject({ of: 'key', window: 'minute', limit: 100_000 })
      expect(own.remaining).toBeLessThanOrEqual(100_000 - requests)
      const { ratelimit, 'ratelimit-policy': policy, ...rest } = Object.fromEntries(headers)
      expect(rest).toMatchObject({
        'content-type': 'application/json',
        vary: 'Origin',
        'x-ratelimit-limit': '100000',
        'x-ratelimit-remaining': String(own.remaining),
        'x-ratelimit-reset': String(own.resetSeconds),
      })
      const told = ['default', 'workspace', 'workspace-day'].map((name, index) => {
        const { remaining, resetSeconds } = data.limits[index]
        return `"${name}";r=${remaining};t=${resetSeconds}`
      })
      expect(ratelimit).toBe(told.join(', '))
      expect(policy).toBe('"default";q=100000;w=60, "workspace";q=1000000;w=60, "workspace-day";q=1000000000;w=86400')
      leased = Math.max(leased, await leasesOut(tenant))
    }
    expect(leased).toBeGreaterThan(0)
  })

  it('is changed, and the next request finds the change', async () => {
    const tenant = await newTenant()
    const { id, token } = await create(tenant)
    expect((await test(token)).data.scopes).toEqual(['read'])
    const { data } = await tenant.call('PATCH', `/api/keys/${id}`, { scopes: ['read', 'write'], requestsPerMinute: 3 })
    expect(data).toMatchObject({ scopes: ['read', 'write'], requestsPerMinute: 3, name: 'Export' })
    const reply = await test(token)
    expect(reply.data).toMatchObject({ scopes: ['read', 'write'], requestsPerMinute: 3 })
    // The first request counts against the new limit.
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('1')
  })

  it('is revoked for good, stays listed, and says so', async () => {
    const tenant = await newTenant()
    const { id, token } = await create(tenant)
    expect(await verdict(token)).toBe(200)
    expect((await tenant.call('DELETE', `/api/keys/${id}`)).data.status).toBe('revoked')
    expect(await verdict(token)).toBe('401 API key revoked')
    expect((await tenant.call('DELETE', `/api/keys/${id}`)).status).toBe(200)
    expect((await tenant.call('POST', `/api/keys/${id}/renew`, { expiresAt: null })).body.code).toBe('CONFLICT')
    const ids = async (status: string) =>
      (await tenant.call('GET', `/api/keys?status=${status}`)).data.map((key: { id: string }) => key.id)
    expect([await ids('revoked'), (await ids('active')).includes(id)]).toEqual([[id], false])
  })

  it('expires when it shall, also where a copy is cached, and works again once renewed', async () => {
    const tenant = await newTenant()
    const { id, token } = await create(tenant, { expiresAt: inDays(1) })
    expect(await verdict(token)).toBe(200)
    await testEnv.DB.prepare('update api_keys set expires_at = ? where id = ?').bind(inDays(-1), id).run()
    await tenant.call('PATCH', `/api/keys/${id}`, { name: 'Old' })
    expect(await verdict(token)).toBe('401 API key expired')
    expect((await tenant.call('GET', `/api/keys/${id}`)).data.status).toBe('expired')
    const renewed = await tenant.call('POST', `/api/keys/${id}/renew`, { expiresAt: inDays(1) })
    expect(renewed.data.status).toBe('active')
    expect(await verdict(token)).toBe(200)
    expect((await tenant.call('POST', `/api/keys/${id}/renew`, { expiresAt: inDays(-1) })).status).toBe(422)
  })

  it('is rotated with an overlap, or without one', async () => {
    const tenant = await newTenant()
    const { id, token: first } = await create(tenant)
    expect(await verdict(first)).toBe(200)
    const second = (await tenant.call('POST', `/api/keys/${id}/rotate`, { overlapSeconds: 60 })).data.token
    expect([await verdict(first), await verdict(second)]).toEqual([200, 200])
    const third = (await tenant.call('POST', `/api/keys/${id}/rotate`, { overlapSeconds: 0 })).data.token
    expect([await verdict(second), await verdict(third)]).toEqual(['401 API key revoked', 200])
    expect(await verdict(first)).toBe('401 API key invalid')
    // One key, one count, whatever its token.
    expect((await test(third)).headers.get('x-ratelimit-remaining')).toBe('95')
  })

  it('is limited to its addresses', async () => {
    const tenant = await newTenant()
    const { id, token } = await create(tenant, { allowedIps: ['192.0.2.0/24', '2001:db8::/32'] })
    const from = (address: string) => verdict(token, { 'cf-connecting-ip': address })
    expect([await from('192.0.2.7'), await from('2001:db8:1::1'), await from('::ffff:192.0.2.9')]).toEqual([
      200, 200, 200,
    ])
    const elsewhere = await test(token, { 'cf-connecting-ip': '192.0.3.7' })
    expect([elsewhere.status, elsewhere.body.code]).toEqual([403, 'IP_NOT_ALLOWED'])
    expect((await test(token)).status).toBe(403)
    await tenant.call('PATCH', `/api/keys/${id}`, { allowedIps: null })
    expect(await from('192.0.3.7')).toBe(200)
  })

  it.each([
    [{ allowedIps: ['192.0.2.300'] }, '/allowedIps/0'],
    [{ scopes: [] }, '/scopes'],
    [{ scopes: ['root'] }, '/scopes/0'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ requestsPerMinute: 101 }, '/requestsPerMinute'],
    [{ hash: 'x' }, ''],
  ])('is not made with %j', async (body, path) => {
    const tenant = await newTenant()
    const reply = await tenant.call('POST', '/api/keys', { name: 'Export', scopes: ['read'], ...body })
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, path])
  })

  it('leaves a trace of everything that is done to it, without the token', async () => {
    const tenant = await newTenant()
    const { id } = await create(tenant)
    await tenant.call('PATCH', `/api/keys/${id}`, { name: 'Other' })
    await tenant.call('POST', `/api/keys/${id}/rotate`, {})
    await tenant.call('POST', `/api/keys/${id}/renew`, { expiresAt: null })
    await tenant.call('DELETE', `/api/keys/${id}`)
    const { results } = await testEnv.DB.prepare('select action, details from audit_log where resource = ? order by id')
      .bind(id)
      .all()
    expect(results.map(({ action }) => action)).toEqual([
      'key.create',
      'key.update',
      'key.rotate',
      'key.renew',
      'key.revoke',
    ])
    expect(JSON.stringify(results)).not.toMatch(/apiq_dev_\w{8}/)
  })
})

describe('who manages keys', () => {
  it('needs the scope admin to change, and read to look', async () => {
    const tenant = await newTenant()
    const { id } = await create(tenant)
    const writer = { 'x-api-key': await keyFor(tenant, ['read', 'write', 'execute']) }
    expect((await tenant.call('GET', '/api/keys', undefined, writer)).status).toBe(200)
    const changes: [string, string, unknown?][] = [
      ['POST', '/api/keys', { name: 'x', scopes: ['read'] }],
      ['PATCH', `/api/keys/${id}`, { name: 'x' }],
      ['POST', `/api/keys/${id}/rotate`, {}],
      ['POST', `/api/keys/${id}/renew`, { expiresAt: null }],
      ['DELETE', `/api/keys/${id}`],
    ]
    for (const [method, path, body] of changes)
      expect((await tenant.call(method, path, body, writer)).body.code).toBe('FORBIDDEN')
  })

  it('gives no key more than they have, by making, changing, rotating or renewing one', async () => {
    const tenant = await newTenant()
    const admin = {
      scopes: ['read', 'admin'],
      requestsPerMinute: 10,
      expiresAt: inDays(1),
      allowedIps: ['192.0.2.0/24'],
    }
    const { id: own, token } = await create(tenant, admin)
    const strong = await create(tenant, { scopes: ['read', 'write', 'execute', 'admin'] })
    const headers = { 'x-api-key': token, 'cf-connecting-ip': '192.0.2.1' }
    const fits = {
      name: 'x',
      scopes: ['read'],
      requestsPerMinute: 5,
      expiresAt: inDays(0.5),
      allowedIps: ['192.0.2.8/29'],
    }
    const tried = async (method: string, path: string, body: unknown) =>
      (await tenant.call(method, path, body, { ...headers })).status
    expect(await tried('POST', '/api/keys', fits)).toBe(201)
    for (const more of [
      { scopes: ['write'] },
      { requestsPerMinute: 11 },
      { expiresAt: inDays(2) },
      { expiresAt: undefined },
      { allowedIps: ['192.0.0.0/16'] },
      { allowedIps: undefined },
    ])
      expect([more, await tried('POST', '/api/keys', { ...fits, ...more })]).toEqual([more, 403])
    const { token: rested } = await create(tenant, admin)
    headers['x-api-key'] = rested
    expect(await tried('PATCH', `/api/keys/${own}`, { scopes: ['read', 'write', 'admin'] })).toBe(403)
    expect(await tried('PATCH', `/api/keys/${strong.id}`, { name: 'mine' })).toBe(403)
    expect(await tried('POST', `/api/keys/${strong.id}/rotate`, {})).toBe(403)
    expect(await tried('POST', `/api/keys/${own}/renew`, { expiresAt: inDays(3) })).toBe(403)
  })

  it('sees nothing of other workspaces', async () => {
    const [ours, theirs] = await Promise.all([newTenant(), newTenant()])
    const { id } = await create(ours)
    const calls: [string, string, unknown?][] = [
      ['GET', `/api/keys/${id}`],
      ['GET', `/api/keys/${id}/usage`],
      ['PATCH', `/api/keys/${id}`, { name: 'x' }],
      ['POST', `/api/keys/${id}/rotate`, {}],
      ['POST', `/api/keys/${id}/renew`, { expiresAt: null }],
      ['DELETE', `/api/keys/${id}`],
    ]
    for (const [method, path, body] of calls)
      expect((await theirs.call(method, path, body)).body.code).toBe('NOT_FOUND')
    expect((await theirs.call('GET', '/api/keys')).data).toHaveLength(1)
  })

  it('reads the list page by page, in either order', async () => {
    const tenant = await newTenant()
    for (const name of ['a', 'b']) await create(tenant, { name })
    const first = await tenant.call('GET', '/api/keys?limit=2&sort=oldest')
    const second = await tenant.call('GET', `/api/keys?limit=2&sort=oldest&cursor=${first.body.meta.nextCursor}`)
    const names = [...first.data, ...second.data].map((key: { name: string }) => key.name)
    expect([names, second.body.meta.hasMore]).toEqual([['test', 'a', 'b'], false])
  })
})

it('stops an address that tries too many keys, but not the key that this isolate knows', async () => {
  const { token } = await newTenant()
  const from = { 'cf-connecting-ip': '198.51.100.77' }
  expect((await test(token, from)).status).toBe(200)
  const rate = { of: 'ip:198.51.100.77', limit: 300, span: 60 } as const
  const limiter = testEnv.RATE_LIMITER.get(testEnv.RATE_LIMITER.idFromName(rate.of))
  await runInDurableObject(limiter, (object: RateLimiter) => {
    for (let failure = 0; failure < 290; failure++) object.count(rate)
  })
  const replies = await Promise.all(Array.from({ length: 15 }, (_, n) => test(`apiq_dev_nonsense${n}`, from)))
  const count = (status: number) => replies.filter((reply) => reply.status === status).length
  expect([count(401), count(429)]).toEqual([10, 5])
  expect((await test('apiq_dev_again', from)).body.detail).toBe(
    'Rate limit exceeded: 300 requests per minute from one address without a valid key or session',
  )
  expect((await test(token, from)).status).toBe(200)
  expect((await test('apiq_dev_again', { 'cf-connecting-ip': '198.51.100.78' })).status).toBe(401)
})
