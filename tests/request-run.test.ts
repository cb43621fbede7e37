import { evictDurableObject, listDurableObjectIds, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { newRecord, newRow, toAcceptance } from '../src/runs/accept.ts'
import { registerOf } from '../src/runs/register/register.ts'
import type { Handed } from '../src/runs/run-keeper.ts'
import { loadRunnable } from '../src/runs/runnable.ts'
import { ledgerOf, newTenant, type Reply, type Tenant, tenantWithStore, testEnv } from './helpers.ts'

type Connected = Awaited<ReturnType<typeof tenantWithStore>>

const orders = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'GET /orders',
  parameters: { limit: 2 },
  ...more,
})
const count = { id: 'count', type: 'transform', value: { orders: '{{ $count(steps.orders.body.items) }}' } }
const addCustomer = {
  id: 'add',
  type: 'api_call',
  api: 'store',
  operation: 'POST /customers',
  body: { name: 'Of {{ run.id }}', email: 'new@example.com', city: 'Bath' },
}

async function store(tenant: Tenant, steps: object[]): Promise<string> {
  const { status, data, body } = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', steps } })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return data.id
}

const execute = (tenant: Tenant, id: string): Promise<Reply> =>
  tenant.call('POST', `/api/workflows/${id}/execute?wait=20`, { input: {} })

async function setFault({ store }: Connected, fault: object): Promise<void> {
  await fetch(`${store.url}/__faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
}

async function hasObject(runId: string): Promise<boolean> {
  const ids = await listDurableObjectIds(testEnv.WORKFLOW_RUN)
  return ids.some((id) => id.equals(testEnv.WORKFLOW_RUN.idFromName(runId)))
}

async function auditsOf(runId: string): Promise<unknown[]> {
  const { results } = await testEnv.DB.prepare('select action from audit_log where resource = ? order by seq')
    .bind(runId)
    .all()
  return results.map(({ action }) => action)
}

const typesOf = (log: Reply) => log.data.map((event: { type: string }) => event.type)

describe('a run that is waited for and only reads', () => {
  it('needs no object, and is shown, watched and logged like any other', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [orders('orders'), count])
    const { data } = await execute(tenant, id)
    expect(data).toMatchObject({ status: 'succeeded', output: { orders: 2 }, workflowId: id })
    expect(await hasObject(data.id)).toBe(false)
    const shown = await tenant.call('GET', `/api/executions/${data.id}`)
    expect(shown.data).toEqual(data)
    const log = await tenant.call('GET', `/api/executions/${data.id}/log`)
    const types = ['run.started', 'step.started', 'step.succeeded', 'step.started', 'step.succeeded', 'run.succeeded']
    expect(typesOf(log)).toEqual(types)
    const page = await tenant.call('GET', `/api/executions/${data.id}/log?limit=2&cursor=1`)
    expect([typesOf(page), page.body.meta]).toEqual([types.slice(1, 3), { nextCursor: '3', hasMore: true }])
    const events = await tenant.call('GET', `/api/executions/${data.id}/events`, undefined, { 'last-event-id': '4' })
    expect(events.body.match(/^id: \d+$/gm)).toEqual(['id: 5', 'id: 6'])
    expect((await tenant.call('GET', '/api/executions')).data).toMatchObject([{ id: data.id, status: 'succeeded' }])
    const other = await newTenant()
    for (const path of ['', '/log', '/events', '/values/1'])
      expect((await other.call('GET', `/api/executions/${data.id}${path}`)).status).toBe(404)
  })

  it('cannot be cancelled, paused or resumed any more', async () => {
    const tenant = await tenantWithStore()
    const { data } = await execute(tenant, await store(tenant, [orders('orders')]))
    for (const what of ['cancel', 'pause', 'resume'])
      expect((await tenant.call('POST', `/api/executions/${data.id}/${what}`, {})).status).toBe(409)
    expect((await tenant.call('GET', `/api/executions/${data.id}`)).data.status).toBe('succeeded')
  })

  it('is kept while D1 takes nothing, and is there once it does', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [orders('orders')])
    await testEnv.DB.exec('alter table audit_log rename to audit_log_away')
    const { data } = await execute(tenant, id).finally(() =>
      testEnv.DB.exec('alter table audit_log_away rename to audit_log'),
    )
    expect(data.status).toBe('succeeded')
    expect((await tenant.call('GET', '/api/executions')).data).toMatchObject([{ id: data.id, status: 'succeeded' }])
    expect(await auditsOf(data.id)).toEqual(['run.create', 'run.succeeded'])
  })
})

describe('a run that changes something', () => {
  it('is accepted and carried out while D1 takes nothing, and is there once it does', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [addCustomer])
    await testEnv.DB.exec('alter table audit_log rename to audit_log_away')
    const { data } = await execute(tenant, id).finally(() =>
      testEnv.DB.exec('alter table audit_log_away rename to audit_log'),
    )
    expect(data.status).toBe('succeeded')
    expect(await ledgerOf(tenant.store)).toHaveLength(1)
    expect((await tenant.call('GET', '/api/executions')).data).toMatchObject([{ id: data.id, status: 'succeeded' }])
    expect(await auditsOf(data.id)).toEqual(['run.create', 'run.succeeded'])
  })

  it('is not accepted when nobody takes it down: nothing of it leaves, nothing stays', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [addCustomer])
    const register = registerOf(tenant.ctx, tenant.ctx.actor.workspaceId)
    await register.changed()
    await runInDurableObject(register, (_, state) => void state.storage.sql.exec('alter table pending rename to away'))
    const before = new Set((await listDurableObjectIds(testEnv.WORKFLOW_RUN)).map(String))
    expect((await execute(tenant, id)).status).toBe(500)
    const added = (await listDurableObjectIds(testEnv.WORKFLOW_RUN)).filter((one) => !before.has(String(one)))
    // Nor does anything come back to it.
    for (const one of added) expect(await runDurableObjectAlarm(testEnv.WORKFLOW_RUN.get(one))).toBe(false)
    await runInDurableObject(register, (_, state) => void state.storage.sql.exec('alter table away rename to pending'))
    expect((await tenant.call('GET', '/api/executions')).data).toEqual([])
    expect(await ledgerOf(tenant.store)).toEqual([])
    // The workflow itself is as good as before.
    expect((await execute(tenant, id)).data.status).toBe('succeeded')
    expect(await ledgerOf(tenant.store)).toHaveLength(1)
  })
})

describe('a run that is waited for moves', () => {
  it('to a host before its first effect, with all that it has read', async () => {
    const tenant = await tenantWithStore()
    const { data } = await execute(tenant, await store(tenant, [orders('orders'), addCustomer]))
    expect(data).toMatchObject({ status: 'succeeded', steps: [{ attempt: 1 }, { attempt: 1 }] })
    expect(await hasObject(data.id)).toBe(false)
    expect(await ledgerOf(tenant.store)).toMatchObject([{ idempotencyKey: `${data.id}:add` }])
    const log = await tenant.call('GET', `/api/executions/${data.id}/log`)
    expect(typesOf(log).filter((type: string) => type === 'run.started')).toHaveLength(1)
    await registerOf(tenant.ctx, tenant.ctx.actor.workspaceId).written()
    const audit = await testEnv.DB.prepare('select action, actor_kind from audit_log where resource = ? order by id')
      .bind(data.id)
      .all()
    expect(audit.results).toEqual([
      { action: 'run.create', actor_kind: 'key' },
      { action: 'run.succeeded', actor_kind: 'key' },
    ])
  })

  it('to an object when it takes long; the call that is out is not made again', async () => {
    const tenant = await tenantWithStore()
    await setFault(tenant, { pathPrefix: '/orders', delayMs: 1800, times: 1 })
    const { data } = await execute(tenant, await store(tenant, [orders('orders'), count]))
    expect(data).toMatchObject({ status: 'succeeded', output: { orders: 2 } })
    expect(await hasObject(data.id)).toBe(true)
    const log = await tenant.call('GET', `/api/executions/${data.id}/log`)
    expect(typesOf(log)).not.toContain('run.recovered')
    expect(log.data.filter((event: { type: string; step: string }) => event.step === 'orders')).toHaveLength(2)
  })

  it('and is soon looked at again should the request die that has a call out', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [orders('orders')])
    const { definition, targets, allowance } = await loadRunnable(tenant.ctx, id)
    const record = newRecord(tenant.ctx, { definition, targets, confirmed: false }, {}, allowance.limits)
    const origin = { workflowId: id, workflowVersion: 1, trigger: 'api', planId: null } as const
    const accepted = toAcceptance(tenant.ctx, newRow(tenant.ctx, record, origin), null)
    const at = Date.now()
    const handed: Handed = {
      events: [
        { type: 'run.started', at, input: {} },
        { type: 'step.started', at, step: 'orders', attempt: 1, request: null },
      ],
      running: ['orders'],
    }
    const object = testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(record.runId))
    await object.start(record, targets, { waitMs: 0, accepted, handed })
    expect(await runDurableObjectAlarm(object)).toBe(true)
    const alarm = await runInDurableObject(object, (_, state) => state.storage.getAlarm())
    expect(alarm).toBeLessThan(Date.now() + 60_000)
    // The object itself died, and with it what it was told of calls elsewhere.
    await evictDurableObject(object)
    expect(await runDurableObjectAlarm(object)).toBe(true)
    await object.wait(10_000)
    expect((await tenant.call('GET', `/api/executions/${record.runId}`)).data.status).toBe('succeeded')
  })

  it('to an object when it fails, so that it can be taken up again', async () => {
    const tenant = await tenantWithStore()
    await setFault(tenant, { pathPrefix: '/orders', status: 404, times: 1 })
    const { data } = await execute(tenant, await store(tenant, [orders('orders'), count]))
    expect(data).toMatchObject({ status: 'failed', error: { step: 'orders' } })
    expect((await tenant.call('POST', `/api/executions/${data.id}/resume`, {})).status).toBe(200)
    const done = await vi.waitUntil(async () => {
      const reply = await tenant.call('GET', `/api/executions/${data.id}`)
      return reply.data.status === 'succeeded' ? reply.data : undefined
    })
    expect(done.output).toEqual({ orders: 2 })
  })

  it('to an object when a retry has to be waited for', async () => {
    const tenant = await tenantWithStore()
    await setFault(tenant, { pathPrefix: '/orders', status: 503, times: 1 })
    const { data } = await execute(tenant, await store(tenant, [orders('orders')]))
    expect(data).toMatchObject({ status: 'succeeded', steps: [{ attempt: 2 }] })
    expect(await hasObject(data.id)).toBe(true)
  })
})

describe('a workflow that runs again and again', () => {
  it('is run as it was changed in between', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [orders('orders'), count])
    for (let time = 0; time < 2; time++) expect((await execute(tenant, id)).data.output).toEqual({ orders: 2 })
    const definition = { name: 'Test', steps: [orders('orders', { parameters: { limit: 1 } }), count] }
    expect((await tenant.call('PATCH', `/api/workflows/${id}`, { definition })).status).toBe(200)
    expect((await execute(tenant, id)).data).toMatchObject({ output: { orders: 1 }, workflowVersion: 2 })
    expect((await tenant.call('DELETE', `/api/workflows/${id}`)).status).toBe(200)
    expect((await execute(tenant, id)).status).toBe(404)
  })

  it('is not run when its API was switched off, and is when it is on again', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [orders('orders')])
    await execute(tenant, id)
    await tenant.call('PATCH', `/api/apis/${tenant.apiId}`, { status: 'INACTIVE' })
    expect(await execute(tenant, id)).toMatchObject({ status: 422, body: { code: 'INVALID_WORKFLOW' } })
    await tenant.call('PATCH', `/api/apis/${tenant.apiId}`, { status: 'ACTIVE' })
    expect((await execute(tenant, id)).data.status).toBe('succeeded')
  })

  it('takes up another credential at once', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, [orders('orders')])
    expect((await execute(tenant, id)).data.status).toBe('succeeded')
    await tenant.call('PATCH', `/api/apis/${tenant.apiId}`, {
      auth: { type: 'apiKey', value: 'wrong-key-of-the-store' },
    })
    expect((await execute(tenant, id)).data).toMatchObject({ status: 'failed', error: { step: 'orders' } })
  })
})
