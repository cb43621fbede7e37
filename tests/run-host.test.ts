import {
  abortAllDurableObjects,
  evictDurableObject,
  listDurableObjectIds,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { expect, it, vi } from 'vitest'
import { RunRegister } from '../src/runs/register/run-register.ts'
import { MAX_LIVES } from '../src/runs/run-lives.ts'
import { executeWorkflow } from '../src/runs/service.ts'
import { ledgerOf, type Reply, type Tenant, tenantWithScript, tenantWithStore, testEnv } from './helpers.ts'

type Connected = Awaited<ReturnType<typeof tenantWithStore>>

const orders = { id: 'orders', type: 'api_call', api: 'store', operation: 'GET /orders', parameters: { limit: 2 } }
const add = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'POST /customers',
  body: { name: 'Of {{ run.id }}', email: `${id}@example.com`, city: 'Bath' },
  ...more,
})
const twoWrites = [add('first'), add('second', { when: '{{ steps.first.status = 201 }}' })]

async function store(tenant: Tenant, steps: object[]): Promise<string> {
  const { status, data, body } = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', steps } })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return data.id
}

const execute = (tenant: Tenant, id: string): Promise<Reply> =>
  tenant.call('POST', `/api/workflows/${id}/execute?wait=20`, { input: {} })

async function setFault({ store }: Connected, fault: object): Promise<void> {
  const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) }
  await fetch(`${store.url}/__faults`, init)
}

/** The hosts of the tests so far; each workspace has its own, with what is still in its journal. */
async function hostsOf({ ctx }: Tenant) {
  const ids = await listDurableObjectIds(testEnv.RUN_HOST)
  const own = Array.from({ length: 8 }, (_, number) =>
    testEnv.RUN_HOST.idFromName(`${ctx.actor.workspaceId}/${number}`),
  ).filter((name) => ids.some((id) => id.equals(name)))
  return own.map((id) => testEnv.RUN_HOST.get(id))
}

async function hostOf(tenant: Tenant) {
  const [host] = await hostsOf(tenant)
  if (!host) throw new Error('there is no host')
  return host
}

async function hasObject(runId: string): Promise<boolean> {
  const ids = await listDurableObjectIds(testEnv.WORKFLOW_RUN)
  return ids.some((id) => id.equals(testEnv.WORKFLOW_RUN.idFromName(runId)))
}

const listed = async (tenant: Tenant): Promise<{ id: string; status: string }[]> =>
  (await tenant.call('GET', '/api/executions')).data

/** The one run of a tenant, once it is listed and has ended. */
const theRun = (tenant: Tenant, status: string) =>
  vi.waitUntil(
    async () => {
      const [run] = await listed(tenant)
      return run?.status === status ? (await tenant.call('GET', `/api/executions/${run.id}`)).data : undefined
    },
    { timeout: 10_000 },
  )

const typesOf = async (tenant: Tenant, id: string): Promise<string[]> =>
  (await tenant.call('GET', `/api/executions/${id}/log`)).data.map((event: { type: string }) => event.type)

/** The first write is carried out, and its answer does not come; the host dies meanwhile. */
async function dieAtFirstWrite(tenant: Connected, steps: object[]): Promise<Reply> {
  await setFault(tenant, { method: 'POST', delayMs: 60_000, after: true, times: 1 })
  const answer = execute(tenant, await store(tenant, steps))
  await vi.waitUntil(async () => (await ledgerOf(tenant.store)).length === 1, { timeout: 10_000 })
  await abortAllDurableObjects()
  return answer
}

it('a short run that changes something needs no object, and is shown and logged like any other', async () => {
  const tenant = await tenantWithStore()
  const { data } = await execute(tenant, await store(tenant, [orders, ...twoWrites]))
  expect(data).toMatchObject({ status: 'succeeded', steps: [{ attempt: 1 }, { attempt: 1 }, { attempt: 1 }] })
  expect(await hasObject(data.id)).toBe(false)
  expect(await ledgerOf(tenant.store)).toMatchObject([
    { idempotencyKey: `${data.id}:first` },
    { idempotencyKey: `${data.id}:second` },
  ])
  expect((await tenant.call('GET', `/api/executions/${data.id}`)).data).toEqual(data)
  const step = ['step.started', 'step.succeeded']
  expect(await typesOf(tenant, data.id)).toEqual(['run.started', ...step, ...step, ...step, 'run.succeeded'])
  const attempts = await tenant.call('GET', `/api/executions/${data.id}/steps/first/attempts`)
  expect(attempts.data).toMatchObject([
    { outcome: 'succeeded', request: { method: 'POST' }, response: { status: 201 } },
  ])
  const { data: entries } = await tenant.call('GET', `/api/logs?resource=${data.id}`)
  expect(entries.map(({ action }: { action: string }) => action).toSorted()).toEqual(['run.create', 'run.succeeded'])
  expect((await tenant.call('GET', `/api/executions/${data.id}/undo`)).data.calls).toHaveLength(2)
})

it('a run that takes longer than a second moves to its object; the write that is out is not made again', async () => {
  const tenant = await tenantWithStore()
  await setFault(tenant, { method: 'POST', delayMs: 1500, times: 1 })
  const { data } = await execute(tenant, await store(tenant, twoWrites))
  expect(data).toMatchObject({ status: 'succeeded' })
  expect(await hasObject(data.id)).toBe(true)
  expect(await ledgerOf(tenant.store)).toHaveLength(2)
  expect(await typesOf(tenant, data.id)).not.toContain('run.recovered')
})

it('a run that fails moves to its object and can be taken up again', async () => {
  const tenant = await tenantWithStore()
  await setFault(tenant, { method: 'POST', status: 409, times: 1 })
  const { data } = await execute(tenant, await store(tenant, twoWrites))
  expect(data).toMatchObject({ status: 'failed', error: { step: 'first' } })
  expect((await tenant.call('POST', `/api/executions/${data.id}/resume`, {})).status).toBe(200)
  await theRun(tenant, 'succeeded')
  expect(await ledgerOf(tenant.store)).toHaveLength(2)
})

it('a run that grows large moves to its object, which keeps the large value once', async () => {
  const tenant = await tenantWithScript({ status: 200, body: 'x'.repeat(150_000) }, { status: 200, body: 'done' })
  const call = (id: string, more: object = {}) => ({
    id,
    type: 'api_call',
    api: 'api',
    operation: 'POST /broken/scripted/{id}',
    parameters: { id: tenant.script },
    ...more,
  })
  const { data } = await execute(
    tenant,
    await store(tenant, [call('large', { body: {} }), call('after', { body: {} })]),
  )
  expect(data).toMatchObject({ status: 'succeeded' })
  expect(await hasObject(data.id)).toBe(true)
  expect((await tenant.call('GET', `/api/executions/${data.id}/values/1`)).status).toBe(200)
  expect((await typesOf(tenant, data.id)).filter((type) => type === 'step.started')).toHaveLength(2)
})

it('a run whose host died with a write out goes on in its object, and the write is sent again under its key', async () => {
  const tenant = await tenantWithStore()
  const answer = await dieAtFirstWrite(tenant, twoWrites)
  expect(answer.status).toBe(500)
  expect(await runDurableObjectAlarm(await hostOf(tenant))).toBe(true)
  const run = await theRun(tenant, 'succeeded')
  expect(await typesOf(tenant, run.id)).toContain('run.recovered')
  expect(await ledgerOf(tenant.store)).toMatchObject([
    { idempotencyKey: `${run.id}:first` },
    { idempotencyKey: `${run.id}:second` },
  ])
  // Once it is there it is nowhere else.
  await runDurableObjectAlarm(await hostOf(tenant))
  expect(await runDurableObjectAlarm(await hostOf(tenant))).toBe(false)
})

it('a write that may be sent once at most and was out when the host died needs a decision', async () => {
  const tenant = await tenantWithStore()
  await dieAtFirstWrite(tenant, [add('first', { atMostOnce: true })])
  await runDurableObjectAlarm(await hostOf(tenant))
  const run = await theRun(tenant, 'needs_decision')
  expect(run.steps).toMatchObject([{ id: 'first', status: 'uncertain' }])
  expect(await ledgerOf(tenant.store)).toHaveLength(1)
})

it('what kills whoever takes it up is given up', async () => {
  const tenant = await tenantWithStore()
  const down = vi.spyOn(RunRegister.prototype, 'open').mockRejectedValue(new Error('the register is down'))
  await dieAtFirstWrite(tenant, twoWrites)
  const host = await hostOf(tenant)
  await runDurableObjectAlarm(host)
  await runInDurableObject(host, (_, { storage }) => void storage.sql.exec('update journal set tries = ?', MAX_LIVES))
  down.mockRestore()
  await evictDurableObject(host)
  await runDurableObjectAlarm(await hostOf(tenant))
  expect((await theRun(tenant, 'failed')).error.message).toMatch(/cut short/)
})

it('a run that had ended is not made again when its host dies right after', async () => {
  const tenant = await tenantWithStore()
  const { data } = await execute(tenant, await store(tenant, twoWrites))
  await evictDurableObject(await hostOf(tenant))
  await runDurableObjectAlarm(await hostOf(tenant))
  expect(await listed(tenant)).toMatchObject([{ id: data.id, status: 'succeeded' }])
  expect(await hasObject(data.id)).toBe(false)
  expect(await ledgerOf(tenant.store)).toHaveLength(2)
})

it('an end that the register does not take down is kept, and is there once it does', async () => {
  const tenant = await tenantWithStore()
  const id = await store(tenant, twoWrites)
  const down = vi.spyOn(RunRegister.prototype, 'store').mockRejectedValue(new Error('the register is down'))
  const { data } = await execute(tenant, id)
  expect(data.status).toBe('succeeded')
  await evictDurableObject(await hostOf(tenant))
  down.mockRestore()
  await runDurableObjectAlarm(await hostOf(tenant))
  expect(await listed(tenant)).toMatchObject([{ id: data.id, status: 'succeeded' }])
  expect(await typesOf(tenant, data.id)).toContain('run.succeeded')
  expect(await ledgerOf(tenant.store)).toHaveLength(2)
})

it('a run that had ended is not made again while D1 takes nothing of it', async () => {
  const tenant = await tenantWithStore()
  const id = await store(tenant, twoWrites)
  await testEnv.DB.exec(`create trigger full_runs before insert on runs begin select raise(abort, 'full'); end`)
  try {
    const { data } = await execute(tenant, id)
    expect(data.status).toBe('succeeded')
    await evictDurableObject(await hostOf(tenant))
    await runDurableObjectAlarm(await hostOf(tenant))
    expect(await hasObject(data.id)).toBe(false)
  } finally {
    await testEnv.DB.exec('drop trigger full_runs')
  }
  expect(await listed(tenant)).toMatchObject([{ status: 'succeeded' }])
})

it('a run whose host died is not given up because what takes it up is down for long', async () => {
  const tenant = await tenantWithStore()
  const down = vi.spyOn(RunRegister.prototype, 'open').mockRejectedValue(new Error('the register is down'))
  await dieAtFirstWrite(tenant, twoWrites)
  for (let time = 0; time < MAX_LIVES + 2; time++) await runDurableObjectAlarm(await hostOf(tenant))
  down.mockRestore()
  await runDurableObjectAlarm(await hostOf(tenant))
  expect((await theRun(tenant, 'succeeded')).error).toBeNull()
})

it('what a run has done is not done again where it could not move', async () => {
  const tenant = await tenantWithScript({ status: 200 }, { status: 400 }, { status: 200 })
  const operation = 'POST /broken/scripted/{id}'
  const call = { type: 'api_call', api: 'api', operation, parameters: { id: tenant.script }, body: {} }
  const id = await store(tenant, [
    { id: 'first', ...call },
    { id: 'second', ...call },
  ])
  const down = vi.spyOn(RunRegister.prototype, 'open').mockRejectedValue(new Error('the register is down'))
  expect((await execute(tenant, id)).status).toBe(500)
  down.mockRestore()
  await runDurableObjectAlarm(await hostOf(tenant))
  const run = await theRun(tenant, 'failed')
  expect(run.error).toMatchObject({ step: 'second' })
  expect(await typesOf(tenant, run.id)).not.toContain('run.recovered')
})

it('a run that reads more than a message may have goes on with what it has done', async () => {
  const headers = { 'content-type': 'application/json' }
  const large = { status: 200, headers, body: JSON.stringify({ text: 'x'.repeat(9_000_000) }) }
  for (const first of ['GET', 'POST']) {
    const tenant = await tenantWithScript(large, large, large, large, { status: 200, body: 'done' })
    const call = (id: string, method: string, after: string[] = []) => ({
      id,
      type: 'api_call',
      api: 'api',
      operation: `${method} /broken/scripted/{id}`,
      parameters: { id: tenant.script },
      dependsOn: after,
      ...(method === 'POST' && { body: {} }),
    })
    const reads = [call('b', 'GET', ['a']), call('c', 'GET', ['b']), call('d', 'GET', ['c'])]
    const id = await store(tenant, [call('a', first), ...reads, call('e', 'POST', ['d'])])
    const { data } = await execute(tenant, id)
    expect(data).toMatchObject({ status: 'succeeded' })
    expect((await typesOf(tenant, data.id)).filter((type) => type === 'step.started')).toHaveLength(5)
  }
})

it('calls of runs that have moved leave no room in their host until they are back', async () => {
  const tenant = await tenantWithStore()
  const email = '{{ run.id }}@example.com'
  const id = await store(tenant, [add('first', { body: { name: 'Of {{ run.id }}', email, city: 'Bath' } })])
  await setFault(tenant, { method: 'POST', delayMs: 4000, times: 4 })
  const slow = Promise.all(Array.from({ length: 4 }, () => execute(tenant, id)))
  await vi.waitUntil(async () => (await listed(tenant)).length === 4, { timeout: 10_000 })
  const beside = await execute(tenant, id)
  expect([beside.data.status, await hasObject(beside.data.id)]).toEqual(['succeeded', true])
  expect((await slow).map(({ data }) => data.status)).toEqual(Array(4).fill('succeeded'))
  const after = await execute(tenant, id)
  expect([after.data.status, await hasObject(after.data.id)]).toEqual(['succeeded', false])
})

it('what a run has out in its host is broken off when it is cancelled', async () => {
  const tenant = await tenantWithStore()
  const email = '{{ run.id }}@example.com'
  const id = await store(tenant, [add('first', { body: { name: 'Of {{ run.id }}', email, city: 'Bath' } })])
  await setFault(tenant, { method: 'POST', delayMs: 20_000, times: 4 })
  const slow = Promise.all(Array.from({ length: 4 }, () => execute(tenant, id)))
  await vi.waitUntil(async () => (await listed(tenant)).length === 4, { timeout: 10_000 })
  for (const run of await listed(tenant)) await tenant.call('POST', `/api/executions/${run.id}/cancel`)
  for (const { data } of await slow) expect((await typesOf(tenant, data.id)).at(-1)).toBe('run.cancelled')
  // There is room in it again.
  await vi.waitUntil(async () => !(await hasObject((await execute(tenant, id)).data.id)), { timeout: 5000 })
})

it('a run in a host is awaited though whoever asked goes away', async () => {
  const tenant = await tenantWithStore()
  const id = await store(tenant, twoWrites)
  const work: Promise<unknown>[] = []
  const ctx = { ...tenant.ctx, defer: (one: Promise<unknown>) => void work.push(one) }
  const { finishedAt } = await executeWorkflow(ctx, id, { input: {} }, 20)
  expect(await Promise.all(work)).toContainEqual(expect.objectContaining({ status: 'succeeded', finishedAt }))
})

it('a run that nobody admits lets nothing out, and nothing of it stays', async () => {
  const tenant = await tenantWithStore()
  const id = await store(tenant, twoWrites)
  const down = vi.spyOn(RunRegister.prototype, 'admit').mockRejectedValue(new Error('the register is down'))
  expect((await execute(tenant, id)).status).toBe(500)
  down.mockRestore()
  await runDurableObjectAlarm(await hostOf(tenant))
  expect(await listed(tenant)).toEqual([])
  expect(await ledgerOf(tenant.store)).toEqual([])
})

it('a run in a host counts as open', async () => {
  const tenant = await tenantWithStore()
  await tenant.call('PUT', '/api/limits', { maxConcurrency: 1 })
  const id = await store(tenant, twoWrites)
  await setFault(tenant, { method: 'POST', delayMs: 400, times: 1 })
  const replies = await Promise.all([execute(tenant, id), execute(tenant, id)])
  expect(replies.map(({ status }) => status).toSorted()).toEqual([202, 429])
  expect((await execute(tenant, id)).status).toBe(202)
})

it('many runs at once are carried out wherever there is room', async () => {
  const tenant = await tenantWithStore()
  const id = await store(tenant, [
    add('first', { body: { name: 'Of {{ run.id }}', email: '{{ run.id }}@example.com', city: 'Bath' } }),
  ])
  const replies = await Promise.all(Array.from({ length: 40 }, () => execute(tenant, id)))
  expect(new Set(replies.map(({ data }) => data.status))).toEqual(new Set(['succeeded']))
  expect(await ledgerOf(tenant.store)).toHaveLength(40)
}, 30_000)
