import { describe, expect, it } from 'vitest'
import { fetchSpec } from '../src/specs/fetch.ts'
import { keyFor, newTenant, send, testEnv, type Tenant } from './helpers.ts'

const minimal = `${testEnv.UPSTREAMS}/broken/minimal`

/** A tenant whose cache holds the same document under as many URLs. */
async function tenantWithCached(count: number): Promise<Tenant & { urls: string[] }> {
  const tenant = await newTenant()
  const urls = Array.from({ length: count }, (_, index) => `${minimal}?n=${index}`)
  await Promise.all(urls.map(async (url) => (await fetchSpec(tenant.ctx, url)).keep()))
  return { ...tenant, urls }
}

const urlsOf = (items: { url: string }[]) => items.map(({ url }) => url).toSorted()

describe('the cache of specifications', () => {
  it('is listed with age, size and validator', async () => {
    const { call, urls } = await tenantWithCached(1)
    const { status, data, body } = await call('GET', '/api/admin/spec-cache')
    expect([status, body.meta]).toEqual([200, { nextCursor: null, hasMore: false }])
    const { size } = await (await fetch(minimal)).blob()
    const fetchedAt = expect.stringMatching(/^\d{4}-.*Z$/)
    expect(data).toEqual([{ url: urls[0], fetchedAt, ttlRemaining: expect.any(Number), bytes: size, etag: null }])
    expect(data[0].ttlRemaining).toBeGreaterThan(24 * 3600 - 60)
    expect(data[0].ttlRemaining).toBeLessThanOrEqual(24 * 3600)
  })

  it('is walked once, page by page', async () => {
    const { call, urls } = await tenantWithCached(5)
    const seen: { url: string }[] = []
    let cursor = ''
    do {
      const { body } = await call('GET', `/api/admin/spec-cache?limit=2${cursor}`)
      expect(body.data.length).toBeLessThanOrEqual(2)
      seen.push(...body.data)
      cursor = body.meta.hasMore ? `&cursor=${encodeURIComponent(body.meta.nextCursor)}` : ''
    } while (cursor)
    expect(urlsOf(seen)).toEqual(urls)
  })

  it('shows and drops nobody else’s', async () => {
    const [one, other] = await Promise.all([tenantWithCached(2), tenantWithCached(3)])
    expect((await one.call('GET', '/api/admin/spec-cache')).data).toHaveLength(2)
    expect((await one.call('DELETE', '/api/admin/spec-cache')).data).toEqual({ purged: 2 })
    expect((await one.call('GET', '/api/admin/spec-cache')).data).toEqual([])
    expect((await other.call('GET', '/api/admin/spec-cache')).data).toHaveLength(3)
  })

  it('drops one document by its URL, and says when there was none', async () => {
    const { call, urls } = await tenantWithCached(3)
    const drop = () => call('DELETE', `/api/admin/spec-cache?url=${encodeURIComponent(`${urls[1]}#/paths`)}`)
    expect((await drop()).data).toEqual({ purged: 1 })
    expect((await drop()).data).toEqual({ purged: 0 })
    expect(urlsOf((await call('GET', '/api/admin/spec-cache')).data)).toEqual([urls[0], urls[2]])
  })

  it('has every purge audited with its count, and without what the URL’s query holds', async () => {
    const { call, ctx } = await tenantWithCached(2)
    await call('DELETE', `/api/admin/spec-cache?url=${encodeURIComponent(`${minimal}?n=1`)}`)
    await call('DELETE', '/api/admin/spec-cache')
    const { results } = await testEnv.DB.prepare(
      `select resource, details from audit_log where workspace_id = ? and action = 'spec_cache.purge' order by id`,
    )
      .bind(ctx.actor.workspaceId)
      .all()
    expect(results).toEqual([
      { resource: `${minimal}?n=…`, details: '{"purged":1}' },
      { resource: 'all', details: '{"purged":1}' },
    ])
  })

  it('is for administrators', async () => {
    const tenant = await tenantWithCached(1)
    const headers = { 'x-api-key': await keyFor(tenant, ['read', 'write', 'execute']) }
    for (const method of ['GET', 'DELETE'])
      expect((await send('/api/admin/spec-cache', { method, headers })).status).toBe(403)
    expect((await tenant.call('GET', '/api/admin/spec-cache')).data).toHaveLength(1)
  })

  it.each(['?url=nonsense', '?url='])('refuses %s rather than take it for all', async (query) => {
    const { call } = await tenantWithCached(1)
    expect((await call('DELETE', `/api/admin/spec-cache${query}`)).status).toBe(422)
    expect((await call('GET', '/api/admin/spec-cache')).data).toHaveLength(1)
  })
})
