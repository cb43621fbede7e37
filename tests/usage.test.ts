import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { limiterOf } from '../src/limits/admit.ts'
import { changeFor } from '../src/limits/change.ts'
import { raiseRevision } from '../src/limits/terms.ts'
import { keyFor, newTenant, send, testEnv, type Tenant } from './helpers.ts'

const today = () => new Date().toISOString().slice(0, 10)

/** Calls a route of no consequence so often, at once. */
const callOften = (tenant: Tenant, times: number, token = tenant.token) =>
  Promise.all(Array.from({ length: times }, () => send('/api/auth/test', { headers: { 'x-api-key': token } })))

/** Gives a workspace other limits, as an administrator does. */
async function setLimits({ ctx }: Tenant, columns: Record<string, number>): Promise<void> {
  const { workspaceId } = ctx.actor
  await changeFor(ctx, workspaceId, async () => {
    await raiseRevision(ctx.db, workspaceId)
    for (const [column, value] of Object.entries(columns))
      await testEnv.DB.prepare(`update workspace_limits set ${column} = ? where workspace_id = ?`)
        .bind(value, workspaceId)
        .run()
  })
}

describe('use', () => {
  it('is counted by key and day, by the weight of routes, and told with the request that asks', async () => {
    const tenant = await newTenant()
    const other = await keyFor(tenant, ['read'])
    await callOften(tenant, 3, other)
    await tenant.call('POST', '/api/chat', { message: 'hello' })
    const { data } = await tenant.call('GET', '/api/usage')
    expect(data.total).toEqual({ requests: 5, units: 9 })
    expect(data.month).toEqual({ units: 9, quota: null })
    const counts = data.days.map((day: Record<string, unknown>) => [
      day['day'],
      day['name'],
      day['requests'],
      day['units'],
    ])
    expect(counts.toSorted()).toEqual([
      [today(), 'other', 3, 3],
      [today(), 'test', 2, 6],
    ])
    const id = data.days.find((day: { name: string }) => day.name === 'other').source
    expect((await tenant.call('GET', `/api/keys/${id}/usage`)).data.total).toEqual({ requests: 3, units: 3 })
    expect((await tenant.call('GET', `/api/keys/${id}`)).data.lastUsedAt).toMatch(today())
  })

  it('is exact when many requests come at once, and after the limiter was restarted', async () => {
    const tenant = await newTenant()
    for (let wave = 0; wave < 4; wave++) await callOften(tenant, 60)
    const limiter = limiterOf(testEnv, tenant.ctx.actor.workspaceId)
    await evictDurableObject(limiter)
    await callOften(tenant, 10)
    expect((await tenant.call('GET', '/api/usage')).data.total.requests).toBe(251)
    // What was handed on once and is handed on again is not counted twice.
    await evictDurableObject(limiter)
    await limiter.flush()
    expect((await tenant.call('GET', '/api/usage')).data.total.requests).toBe(252)
  })

  it.each([
    ['none', null],
    ['one', { leaseId: 'gone', requests: 1, units: 1 }],
  ])('is counted for isolates of the version before, which settle %s lease at a time', async (_, settle) => {
    const { ctx } = await newTenant()
    const { workspaceId } = ctx.actor
    const rates = [{ of: 'key:old', limit: 10, span: 60 }]
    const passage = { workspaceId, source: 'key_old', rates, cost: 1, ahead: 0, revision: Infinity }
    const answer = await limiterOf(testEnv, workspaceId).admit({ ...passage, settle: settle as never })
    expect(answer.kind).toBe('admitted')
  })

  it('is written to D1 by the alarm, without being asked for', async () => {
    const tenant = await newTenant()
    await callOften(tenant, 2)
    await runDurableObjectAlarm(limiterOf(testEnv, tenant.ctx.actor.workspaceId))
    const row = await testEnv.DB.prepare('select requests from usage_days where workspace_id = ?')
      .bind(tenant.ctx.actor.workspaceId)
      .first()
    expect(row).toEqual({ requests: 2 })
  })

  it('is exported for billing, formulas disarmed', async () => {
    const tenant = await newTenant()
    const made = await tenant.call('POST', '/api/keys', { name: '=1+1', scopes: ['read'] })
    await callOften(tenant, 2, made.data.token)
    const csv = await tenant.call('GET', '/api/usage/export')
    expect(csv.headers.get('content-type')).toContain('text/csv')
    const lines = String(csv.body).split('\r\n')
    expect(lines[0]).toBe('day,source,name,requests,units,lastUsedAt')
    expect(lines).toContainEqual(expect.stringMatching(`^${today()},${made.data.id},'=1\\+1,2,2,`))
    const json = await tenant.call('GET', '/api/usage/export?format=json')
    expect(json.body).toContainEqual(expect.objectContaining({ source: made.data.id, requests: 2 }))
    expect((await tenant.call('GET', '/api/usage?from=2026-02-01&to=2026-01-01')).status).toBe(422)
  })
})

describe('the limits of a workspace', () => {
  it('hold for all of its keys together', async () => {
    const tenant = await newTenant()
    await setLimits(tenant, { requests_per_minute: 30 })
    const other = await keyFor(tenant, ['read'])
    const replies = [...(await callOften(tenant, 20)), ...(await callOften(tenant, 20, other))]
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(30)
    expect(replies.at(-1)?.body.detail).toBe('Rate limit exceeded: 30 requests per minute for the workspace')
  })

  it('end at the quota of the month, which counts what was used before it was set', async () => {
    const tenant = await newTenant()
    await callOften(tenant, 5)
    await setLimits(tenant, { requests_per_month: 8 })
    const replies = await callOften(tenant, 10)
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(3)
    const refused = replies.find(({ status }) => status === 429)
    expect([refused?.body.code, refused?.body.detail]).toEqual([
      'QUOTA_EXCEEDED',
      'Monthly quota exceeded: 8 requests per month',
    ])
    const untilNextMonth = Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() + 1) - Date.now()
    expect(Number(refused?.headers.get('retry-after'))).toBeCloseTo(untilNextMonth / 1000, -2)
  })

  it('survive a restart of the limiter with what was counted', async () => {
    const tenant = await newTenant()
    const token = await keyFor(tenant, ['read'], 10)
    await callOften(tenant, 7, token)
    await evictDurableObject(limiterOf(testEnv, tenant.ctx.actor.workspaceId))
    const replies = await callOften(tenant, 7, token)
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(3)
  })

  it('weigh a plan as five requests', async () => {
    const tenant = await newTenant(['read', 'write'])
    const { headers } = await tenant.call('POST', '/api/chat', { message: 'hello' })
    expect(headers.get('x-ratelimit-remaining')).toBe(String(100_000 - 5))
  })

  it('are set by an administrator alone', async () => {
    const register = await send('/api/auth/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        name: 'Ada',
        email: `${crypto.randomUUID()}@example.com`,
        password: 'correct horse battery',
      }),
    })
    const cookie = register.headers
      .getSetCookie()
      .map((text) => text.split(';')[0])
      .filter((text) => text?.includes('session_token'))
      .join('; ')
    const { userId, workspaceId } = register.data
    const set = (body: unknown) =>
      send(`/api/admin/workspaces/${workspaceId}/terms`, {
        method: 'PUT',
        headers: { cookie, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    await testEnv.DB.prepare("update users set role = 'USER' where id = ?").bind(userId).run()
    expect((await set({ tier: 'pro' })).body.code).toBe('FORBIDDEN')
    await testEnv.DB.prepare("update users set role = 'ADMIN' where id = ?").bind(userId).run()
    const { data } = await set({ tier: 'pro', requestsPerMonth: 1_000_000 })
    expect(data).toMatchObject({ tier: 'pro', keyPerMinute: 1000, perDay: 100_000, perMonth: 1_000_000 })
    const me = await send('/api/auth/test', { headers: { cookie } })
    expect(me.data).toMatchObject({ kind: 'session', tier: 'pro' })
    expect(me.data.limits.map(({ of, window }: Record<string, string>) => `${of} ${window}`)).toEqual([
      'user minute',
      'workspace minute',
      'workspace day',
      'workspace month',
    ])
  })
})

describe('GET /api/auth/health', () => {
  it('tells of everything that it takes to let somebody in', async () => {
    // The key of development is made by the first request.
    await send('/api/health')
    const { status, data } = await send('/api/v1/auth/health')
    expect([status, data.ok]).toEqual([200, true])
    expect(Object.keys(data.parts)).toEqual(['database', 'kv', 'durableObjects', 'queue', 'testKey'])
    for (const part of Object.values(data.parts)) expect(part).toEqual({ ok: true, ms: expect.any(Number) })
  })
})
