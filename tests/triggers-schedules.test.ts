import { createExecutionContext, createScheduledController } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { createWorld, type World } from '../src/context.ts'
import { runSchedule } from '../src/schedule.ts'
import { latestTime, nextTimes } from '../src/triggers/cron.ts'
import { startDueSchedules } from '../src/triggers/due.ts'
import { keyFor, ledgerOf, newTenant, send, tenantWithStore, testEnv, type Tenant } from './helpers.ts'

const iso = (times: number[]) => times.map((time) => new Date(time).toISOString())
const next = (cron: string, timeZone: string, after: string, count = 3) =>
  iso(nextTimes({ cron, timeZone }, Date.parse(after), count))

/** The world as it is at another time. */
function worldAt(time: number): World {
  return { ...createWorld(testEnv, 'req_schedules', () => {}), now: () => time }
}

async function workflowOf(tenant: Tenant, steps?: unknown[], inputs?: unknown): Promise<string> {
  const body = { name: 'By itself', email: 'itself@example.com' }
  const add = { id: 'add', type: 'api_call', api: 'store', operation: 'POST /customers', body }
  const definition = { name: 'Add', steps: steps ?? [add], ...(inputs ? { inputs } : {}) }
  const { data } = await tenant.call('POST', '/api/workflows', { definition })
  return data.id
}

async function schedule(tenant: Tenant, workflowId: string, body: Record<string, unknown>) {
  const reply = await tenant.call('POST', `/api/workflows/${workflowId}/schedules`, body)
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
  return reply.data
}

async function ended(tenant: Tenant, workflowId: string, count: number) {
  return vi.waitUntil(
    async () => {
      const { data } = await tenant.call('GET', `/api/executions?workflowId=${workflowId}`)
      return data.length >= count && data.every((run: { status: string }) => run.status !== 'running')
        ? data
        : undefined
    },
    { timeout: 10_000 },
  )
}

describe('where clocks change', () => {
  it('a time that does not exist runs when the clock has jumped, once', () => {
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
    expect(next('15,30 2,14 * * *', 'Europe/Berlin', '2026-03-28T20:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T12:15:00.000Z',
    ])
  })

  it('a time that exists twice runs the first time', () => {
    expect(next('30 1 * * *', 'America/New_York', '2026-10-31T12:00:00Z', 2)).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-02T06:30:00.000Z',
    ])
    expect(
      iso([latestTime({ cron: '30 1 * * *', timeZone: 'America/New_York' }, Date.parse('2026-11-01T12:00:00Z')) ?? 0]),
    ).toEqual(['2026-11-01T05:30:00.000Z'])
  })

  it('what is every so many minutes goes on evenly', () => {
    expect(next('*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:45:00Z', 4)).toEqual([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ])
    expect(next('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:15:00Z', 3)).toEqual([
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ])
  })
})

describe('a schedule', () => {
  it('shows when it runs next, and the five times from then, in its zone', async () => {
    const tenant = await tenantWithStore()
    const id = await workflowOf(tenant)
    const made = await schedule(tenant, id, { cron: '0 9 * * *', timeZone: 'Asia/Tokyo', name: 'Mornings' })
    expect(made).toMatchObject({ cron: '0 9 * * *', timeZone: 'Asia/Tokyo', name: 'Mornings', enabled: true })
    expect(made.nextRunAt).toMatch(/T00:00:00\.000Z$/)
    expect(made.nextRuns).toHaveLength(5)
    expect(made.nextRuns[0]).toBe(made.nextRunAt)
    const preview = await tenant.call('GET', '/api/schedules/preview?cron=0%209%20*%20*%20*&timeZone=Asia/Tokyo')
    expect(preview.data.nextRuns).toEqual(made.nextRuns)
    expect((await tenant.call('GET', `/api/workflows/${id}/schedules`)).data).toEqual([made])
    const off = await tenant.call('PATCH', `/api/workflows/${id}/schedules/${made.id}`, { enabled: false, name: null })
    expect(off.data).toMatchObject({ enabled: false, nextRunAt: null, nextRuns: [], name: null })
    const gone = await tenant.call('DELETE', `/api/workflows/${id}/schedules/${made.id}`)
    expect(gone.status).toBe(200)
    expect((await tenant.call('GET', `/api/workflows/${id}/schedules/${made.id}`)).status).toBe(404)
  })

  it.each([
    [{ cron: '60 * * * *' }, '/cron', /"60" for the minute/],
    [{ cron: '0 25 * * *' }, '/cron', /"25" for the hour/],
    [{ cron: '* * * * * *' }, '/cron', /five fields/],
    [{ cron: '@daily' }, '/cron', /five fields/],
    [{ cron: '? * * * *' }, '/cron', /"\?" for the minute/],
    [{ cron: '0 0 30 2 *' }, '/cron', /never comes/],
    [{ cron: '0 0 * * *', timeZone: 'Mars/Base' }, '/timeZone', /no time zone/],
    [{ cron: '0 0 * * *', timeZone: '+02:00' }, '/timeZone', /no time zone/],
  ])('of %j is refused with the field', async (body, path, message) => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant, [{ id: 'a', type: 'transform', value: 1 }])
    const reply = await tenant.call('POST', `/api/workflows/${id}/schedules`, body)
    expect([reply.status, reply.body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(reply.body.errors).toMatchObject([{ path, message: expect.stringMatching(message) }])
  })

  it('holds its input against the workflow', async () => {
    const tenant = await newTenant()
    const inputs = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    const id = await workflowOf(tenant, [{ id: 'a', type: 'transform', value: '{{ input.n }}' }], inputs)
    const reply = await tenant.call('POST', `/api/workflows/${id}/schedules`, { cron: '* * * * *' })
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, '/input/n'])
  })

  it('needs write and execute, and is nobody else’s', async () => {
    const [tenant, other] = await Promise.all([newTenant(), newTenant()])
    const id = await workflowOf(tenant, [{ id: 'a', type: 'transform', value: 1 }])
    const made = await schedule(tenant, id, { cron: '0 0 * * *' })
    for (const scope of ['read', 'write', 'execute'] as const) {
      const headers = { 'x-api-key': await keyFor(tenant, [scope]), 'content-type': 'application/json' }
      const body = JSON.stringify({ cron: '0 0 * * *' })
      expect((await send(`/api/workflows/${id}/schedules`, { method: 'POST', headers, body })).status).toBe(403)
    }
    const path = `/api/workflows/${id}/schedules/${made.id}`
    const headers = { 'x-api-key': await keyFor(tenant, ['write', 'execute']), 'content-type': 'application/json' }
    expect((await send(path, { method: 'PATCH', headers, body: '{"name": "N"}' })).data.name).toBe('N')
    expect((await other.call('GET', path)).status).toBe(404)
    expect((await other.call('PATCH', path, { enabled: false })).status).toBe(404)
    expect((await other.call('DELETE', path)).status).toBe(404)
    expect((await other.call('POST', `/api/workflows/${id}/schedules`, { cron: '0 0 * * *' })).status).toBe(404)
    expect((await tenant.call('GET', path)).status).toBe(200)
  })
})

describe('a due time', () => {
  it('is run once, though the cron comes twice and two at once', async () => {
    const tenant = await tenantWithStore()
    const id = await workflowOf(tenant)
    const made = await schedule(tenant, id, { cron: '0 * * * *' })
    const due = Date.parse(made.nextRunAt)
    await startDueSchedules(worldAt(due - 1))
    expect((await tenant.call('GET', `/api/executions?workflowId=${id}`)).data).toEqual([])
    await Promise.all([1, 2, 3, 4].map((late) => startDueSchedules(worldAt(due + late * 900))))
    await startDueSchedules(worldAt(due + 20_000))
    const runs = await ended(tenant, id, 1)
    expect(runs).toMatchObject([{ trigger: 'schedule', status: 'succeeded' }])
    expect(await ledgerOf(tenant.store)).toHaveLength(1)
    const after = await tenant.call('GET', `/api/workflows/${id}/schedules/${made.id}`)
    expect(after.data).toMatchObject({
      nextRunAt: new Date(due + 3_600_000).toISOString(),
      lastDueAt: made.nextRunAt,
      lastRun: { id: runs[0]?.id, status: 'succeeded', error: null },
      lastError: null,
    })
    expect((await tenant.call('GET', `/api/workflows/${id}/schedules`)).data).toMatchObject([{ id: made.id }])
  })

  it('that one has read and another moved on meanwhile is not run by the first', async () => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant, [{ id: 'a', type: 'transform', value: 1 }])
    const made = await schedule(tenant, id, { cron: '* * * * *' })
    const due = Date.parse(made.nextRunAt)
    const slow = worldAt(due + 59_990)
    // All that the other does falls between what this one reads and what it writes.
    const batch: typeof slow.db.batch = async (statements) => {
      await startDueSchedules(worldAt(due + 60_010))
      return slow.db.batch(statements)
    }
    const db = new Proxy(slow.db, { get: (real, name) => (name === 'batch' ? batch : Reflect.get(real, name)) })
    await startDueSchedules({ ...slow, db })
    expect(await ended(tenant, id, 1)).toHaveLength(1)
    const { data } = await tenant.call('GET', `/api/workflows/${id}/schedules/${made.id}`)
    expect([data.lastDueAt, data.nextRunAt]).toEqual(iso([due + 60_000, due + 120_000]))
  })

  it('that was missed is made up, the latest alone', async () => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant, [{ id: 'a', type: 'transform', value: 1 }])
    const made = await schedule(tenant, id, { cron: '0 * * * *' })
    const later = Date.parse(made.nextRunAt) + 5 * 3_600_000 + 1_800_000
    await startDueSchedules(worldAt(later))
    expect(await ended(tenant, id, 1)).toHaveLength(1)
    const { data } = await tenant.call('GET', `/api/workflows/${id}/schedules/${made.id}`)
    expect([data.lastDueAt, data.nextRunAt]).toEqual(iso([later - 1_800_000, later + 1_800_000]))
  })

  it('of a schedule that is off is not run', async () => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant, [{ id: 'a', type: 'transform', value: 1 }])
    const made = await schedule(tenant, id, { cron: '0 * * * *' })
    await tenant.call('PATCH', `/api/workflows/${id}/schedules/${made.id}`, { enabled: false })
    await startDueSchedules(worldAt(Date.parse(made.nextRunAt)))
    expect((await tenant.call('GET', `/api/executions?workflowId=${id}`)).data).toEqual([])
  })

  it('that cannot be run says why, and the next one has its turn', async () => {
    const tenant = await tenantWithStore()
    const id = await workflowOf(tenant)
    const made = await schedule(tenant, id, { cron: '0 * * * *' })
    await tenant.call('DELETE', `/api/apis/${tenant.apiId}`)
    const due = Date.parse(made.nextRunAt)
    await startDueSchedules(worldAt(due))
    const { data } = await tenant.call('GET', `/api/workflows/${id}/schedules/${made.id}`)
    expect(data).toMatchObject({
      lastRunId: null,
      lastError: { code: 'INVALID_WORKFLOW' },
      nextRunAt: new Date(due + 3_600_000).toISOString(),
    })
  })

  it('whose start died after its row is taken up by the cron of stranded runs', async () => {
    const tenant = await tenantWithStore()
    const id = await workflowOf(tenant)
    const due = Date.parse((await schedule(tenant, id, { cron: '0 * * * *' })).nextRunAt)
    const world = worldAt(due)
    const broken = {
      ...world.env,
      WORKFLOW_RUN: {
        idFromName: () => null,
        get: () => {
          throw new Error('died')
        },
      },
    }
    await startDueSchedules({ ...world, env: broken as unknown as Env })
    const [run] = (await tenant.call('GET', `/api/executions?workflowId=${id}`)).data
    await testEnv.DB.prepare('update runs set created_at = ? where id = ?')
      .bind('2020-01-01T00:00:00.000Z', run.id)
      .run()
    await runSchedule(createScheduledController({ cron: '*/5 * * * *' }), testEnv, createExecutionContext())
    expect(await ended(tenant, id, 1)).toMatchObject([{ id: run.id, status: 'succeeded' }])
    expect(await ledgerOf(tenant.store)).toHaveLength(1)
  })

  it('goes with its workflow', async () => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant, [{ id: 'a', type: 'transform', value: 1 }])
    const made = await schedule(tenant, id, { cron: '0 * * * *' })
    await tenant.call('DELETE', `/api/workflows/${id}`)
    const { results } = await testEnv.DB.prepare('select id from schedules where id = ?').bind(made.id).all()
    expect(results).toEqual([])
  })

  it('is started by the cron of every minute', async () => {
    const tenant = await newTenant()
    const id = await workflowOf(tenant, [{ id: 'a', type: 'transform', value: 1 }])
    const made = await schedule(tenant, id, { cron: '0 * * * *' })
    await testEnv.DB.prepare('update schedules set next_run_at = ? where id = ?')
      .bind(Date.now() - 5000, made.id)
      .run()
    await runSchedule(createScheduledController({ cron: '* * * * *' }), testEnv, createExecutionContext())
    expect(await ended(tenant, id, 1)).toHaveLength(1)
  })
})
