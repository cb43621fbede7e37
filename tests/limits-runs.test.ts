import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { ceilings, defaultLimits, limitExceeded } from '../src/runs/limits.ts'
import { startStrandedRuns } from '../src/runs/stranded.ts'
import { keyFor, ledgerOf, newTenant, send, tenantWithStore, testEnv, type Reply, type Tenant } from './helpers.ts'

const addCustomer = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'POST /customers',
  body: { name: id, email: `${id}-{{ run.id }}@example.com`, city: 'Bath' },
  ...more,
})
const orders = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'GET /orders',
  parameters: { limit: 1 },
  ...more,
})
const ask = { id: 'ask', type: 'approval', message: 'Go on?' }

async function store(tenant: Tenant, steps: object[]): Promise<string> {
  const { status, data, body } = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', steps } })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return data.id
}

const execute = (tenant: Tenant, id: string, wait = 0): Promise<Reply> =>
  tenant.call('POST', `/api/workflows/${id}/execute?wait=${wait}`, { input: {} })

async function run(tenant: Tenant, steps: object[], wait = 20): Promise<Reply['data']> {
  return (await execute(tenant, await store(tenant, steps), wait)).data
}

async function limit(tenant: Tenant, settings: object): Promise<void> {
  expect((await tenant.call('PUT', '/api/limits', settings)).status).toBe(200)
}

const until = (tenant: Tenant, id: string, test: (execution: Reply['data']) => boolean) =>
  vi.waitUntil(
    async () => {
      const { data } = await tenant.call('GET', `/api/executions/${id}`)
      return test(data) ? data : undefined
    },
    { timeout: 10_000 },
  )
const isAsking = ({ steps }: Reply['data']) => steps.some(({ status }: { status: string }) => status === 'asking')
const isOver = ({ status }: Reply['data']) => status !== 'running'
const approve = (tenant: Tenant, id: string) =>
  tenant.call('POST', `/api/executions/${id}/decide`, { step: 'ask', verdict: 'approve' })

const objectOf = (id: string) => testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(id))
const tooMany = (steps: number) => ({
  status: 'failed',
  error: {
    step: null,
    message: `the run took more than ${steps} steps, the limit of this workspace (GET /api/limits)`,
  },
})

describe('the limits of a workspace', () => {
  it('are shown with defaults and ceilings, and are those that an administrator set', async () => {
    const [ours, theirs] = await Promise.all([newTenant(), newTenant()])
    const initial = { values: defaultLimits, defaults: defaultLimits, ceilings, open: 0 }
    expect((await ours.call('GET', '/api/limits')).data).toEqual(initial)
    const set = await ours.call('PUT', '/api/limits', { maxSteps: 7, maxDataBytes: 2_000_000 })
    const values = { ...defaultLimits, maxSteps: 7, maxDataBytes: 2_000_000 }
    expect(set.data).toEqual({ ...initial, values })
    expect((await ours.call('GET', '/api/limits')).data).toEqual({ ...initial, values })
    expect((await theirs.call('GET', '/api/limits')).data).toEqual(initial)
    await limit(ours, { maxSteps: 8 })
    expect((await ours.call('GET', '/api/limits')).data.values).toEqual({ ...defaultLimits, maxSteps: 8 })
    const audit = await testEnv.DB.prepare('select details from audit_log where workspace_id = ? and action = ?')
      .bind(ours.ctx.actor.workspaceId, 'limits.update')
      .all<{ details: string }>()
    expect(audit.results.map(({ details }) => JSON.parse(details))).toEqual([
      { maxSteps: 7, maxDataBytes: 2_000_000 },
      { maxSteps: 8 },
    ])
  })

  it('are not set without the scope for it, beyond a ceiling, or to nothing that is a limit', async () => {
    const tenant = await newTenant()
    const key = { 'x-api-key': await keyFor(tenant, ['read', 'write', 'execute']), 'content-type': 'application/json' }
    const refused = await send('/api/limits', { method: 'PUT', headers: key, body: '{"maxSteps":5}' })
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN'])
    const wrong = Object.entries(ceilings).flatMap(([name, most]) => [{ [name]: most + 1 }, { [name]: 0 }])
    for (const settings of [...wrong, { maxSteps: 1.5 }, { maxStep: 5 }]) {
      const { status, body } = await tenant.call('PUT', '/api/limits', settings)
      expect([settings, status, body.code]).toEqual([settings, 422, 'VALIDATION_FAILED'])
    }
    expect((await tenant.call('GET', '/api/limits')).data.values).toEqual(defaultLimits)
    await limit(tenant, ceilings)
    expect((await tenant.call('GET', '/api/limits')).data.values).toEqual(ceilings)
  })
})

describe('a run beyond its number of steps', () => {
  it('fails and sends nothing more; resumed, its steps count anew', async () => {
    const tenant = await tenantWithStore()
    await limit(tenant, { maxSteps: 2 })
    const failed = await run(
      tenant,
      ['a', 'b', 'c', 'd'].map((id) => addCustomer(id)),
    )
    expect(failed).toMatchObject(tooMany(2))
    expect(await ledgerOf(tenant.store)).toHaveLength(2)
    expect((await tenant.call('GET', '/api/executions')).data).toMatchObject([{ id: failed.id, status: 'failed' }])
    expect((await tenant.call('POST', `/api/executions/${failed.id}/resume`, {})).status).toBe(200)
    expect(await until(tenant, failed.id, isOver)).toMatchObject({ status: 'succeeded' })
    expect((await ledgerOf(tenant.store)).map(({ idempotencyKey }) => idempotencyKey)).toEqual(
      ['a', 'b', 'c', 'd'].map((id) => `${failed.id}:${id}`),
    )
  })

  it('goes on under limits that were raised since, once somebody resumes it, and under none that an open run has not seen', async () => {
    const tenant = await tenantWithStore()
    await limit(tenant, { maxSteps: 1 })
    const failed = await run(
      tenant,
      ['a', 'b', 'c'].map((id) => addCustomer(id)),
    )
    expect(failed).toMatchObject(tooMany(1))
    await limit(tenant, { maxSteps: 5 })
    await tenant.call('POST', `/api/executions/${failed.id}/resume`, {})
    expect(await until(tenant, failed.id, isOver)).toMatchObject({ status: 'succeeded' })
    await limit(tenant, { maxSteps: 1 })
    const open = await run(tenant, [ask, addCustomer('d'), addCustomer('e')], 0)
    await limit(tenant, { maxSteps: 5 })
    await until(tenant, open.id, isAsking)
    await approve(tenant, open.id)
    expect(await until(tenant, open.id, isOver)).toMatchObject(tooMany(1))
    const paused = await run(tenant, [ask, addCustomer('f'), addCustomer('g')], 0)
    await until(tenant, paused.id, isAsking)
    await tenant.call('POST', `/api/executions/${paused.id}/pause`, {})
    await limit(tenant, { maxSteps: 1 })
    await tenant.call('POST', `/api/executions/${paused.id}/resume`, {})
    await approve(tenant, paused.id)
    expect(await until(tenant, paused.id, isOver)).toMatchObject(tooMany(1))
  })

  it('fails in the middle of a loop, and when it only reads', async () => {
    const tenant = await tenantWithStore()
    await limit(tenant, { maxSteps: 3 })
    const loop = (step: object) => ({ id: 'each', type: 'loop', items: '{{ [1..20] }}', concurrency: 5, steps: [step] })
    expect(await run(tenant, [loop(addCustomer('add'))])).toMatchObject(tooMany(3))
    expect((await ledgerOf(tenant.store)).length).toBeLessThanOrEqual(3)
    const read = await run(tenant, [loop(orders('read'))])
    expect(read).toMatchObject(tooMany(3))
    const { data } = await tenant.call('GET', `/api/executions/${read.id}/log`)
    expect(data.filter(({ type }: { type: string }) => type === 'step.started')).toHaveLength(3)
  })

  it('does not fail for steps that are skipped, nor in another workspace', async () => {
    const [ours, theirs] = await Promise.all([tenantWithStore(), tenantWithStore()])
    await limit(ours, { maxSteps: 1 })
    const skipped = [orders('a'), orders('b', { when: '{{ false }}' })]
    expect(await run(ours, skipped)).toMatchObject({ status: 'succeeded' })
    expect(await run(theirs, [addCustomer('a'), addCustomer('b')])).toMatchObject({ status: 'succeeded' })
  })

  it('is counted across the death of its object, by the limit it was accepted under', async () => {
    const tenant = await tenantWithStore()
    await limit(tenant, { maxSteps: 2 })
    const steps = [
      addCustomer('a'),
      { ...ask, dependsOn: ['a'] },
      addCustomer('b', { dependsOn: ['ask'] }),
      addCustomer('c'),
    ]
    const { id } = await run(tenant, steps, 0)
    await until(tenant, id, isAsking)
    await limit(tenant, { maxSteps: 100 })
    await abortAllDurableObjects()
    await approve(tenant, id)
    expect(await until(tenant, id, isOver)).toMatchObject(tooMany(2))
    expect(await ledgerOf(tenant.store)).toHaveLength(2)
  })

  it('is counted for a run that was accepted and started late', async () => {
    const tenant = await tenantWithStore()
    await limit(tenant, { maxSteps: 1 })
    const workflowId = await store(tenant, [addCustomer('a'), addCustomer('b')])
    const { id } = (await execute(tenant, workflowId, 20)).data
    expect((await tenant.call('GET', '/api/executions')).data).toHaveLength(1)
    const stranded = `${id}_stranded`
    await testEnv.DB.prepare(
      `insert into runs (id, workspace_id, workflow_id, workflow_version, name, "trigger", status, input, created_by, created_at)
       select ?, workspace_id, workflow_id, workflow_version, name, "trigger", 'running', input, created_by, '2020' from runs where id = ?`,
    )
      .bind(stranded, id)
      .run()
    await startStrandedRuns(tenant.ctx)
    expect(await until(tenant, stranded, isOver)).toMatchObject(tooMany(1))
    expect(await ledgerOf(tenant.store)).toHaveLength(2)
  })
})

describe('a run beyond its time', () => {
  const message = 'the run took longer than 1 seconds, the limit of this workspace (GET /api/limits)'

  it('fails while it waits, and sends nothing more', async () => {
    const tenant = await tenantWithStore()
    await limit(tenant, { maxDurationMs: 1_000 })
    const wait = { id: 'wait', type: 'delay', durationMs: 3_600_000 }
    const failed = await run(tenant, [wait, addCustomer('a', { dependsOn: ['wait'] })])
    expect(failed).toMatchObject({ status: 'failed', error: { step: null, message } })
    expect(await ledgerOf(tenant.store)).toEqual([])
  })

  it('is come back to at that time when it waits for a person', async () => {
    const tenant = await newTenant()
    await limit(tenant, { maxDurationMs: 60_000 })
    const { id } = await run(tenant, [ask], 0)
    await until(tenant, id, isAsking)
    await runDurableObjectAlarm(objectOf(id))
    const alarm = await runInDurableObject(objectOf(id), (_, state) => state.storage.getAlarm())
    const { data } = await tenant.call('GET', `/api/executions/${id}/log`)
    expect(alarm).toBe(data[0].at + 60_000)
  })
})

it('a run beyond its data fails before it sends anything more, also after the death of its object', async () => {
  const tenant = await tenantWithStore()
  await limit(tenant, { maxDataBytes: 1_000_000 })
  const large = (id: string) => ({ id, type: 'transform', value: `{{ $pad('${id}', 90000) }}` })
  const ids = (name: string, count: number) => Array.from({ length: count }, (_, index) => `${name}${index}`)
  const message = 'the run gathered more than 1000000 bytes of data, the limit of this workspace (GET /api/limits)'
  const error = { status: 'failed', error: { step: null, message } }
  const all = ids('t', 12)
  expect(await run(tenant, [...all.map(large), addCustomer('add', { dependsOn: all })])).toMatchObject(error)
  const [some, more] = [ids('t', 6), ids('u', 6)]
  const wait = { ...ask, dependsOn: some }
  const later = more.map((id) => ({ ...large(id), dependsOn: ['ask'] }))
  const { id } = await run(tenant, [...some.map(large), wait, ...later, addCustomer('add', { dependsOn: more })], 0)
  await until(tenant, id, isAsking)
  await abortAllDurableObjects()
  await approve(tenant, id)
  expect(await until(tenant, id, isOver)).toMatchObject(error)
  expect(await ledgerOf(tenant.store)).toEqual([])
  expect(await run(tenant, [...some.map(large), addCustomer('add')])).toMatchObject({ status: 'succeeded' })
})

it('no more executions are taken than may be open; those of others go on', async () => {
  const [ours, theirs] = await Promise.all([tenantWithStore(), tenantWithStore()])
  await limit(ours, { maxConcurrency: 1 })
  const done = await run(ours, [orders('a')])
  const plan = await ours.call('POST', '/api/chat', { message: 'List customers' })
  const waiting = await run(ours, [ask], 0)
  expect((await ours.call('GET', '/api/limits')).data.open).toBe(1)
  const write = await store(ours, [addCustomer('a')])
  const read = await store(ours, [orders('a')])
  for (const [path, body] of [
    [`/api/workflows/${write}/execute`, {}],
    [`/api/workflows/${read}/execute?wait=20`, {}],
    [`/api/executions/${done.id}/rerun`, {}],
    ['/api/chat/execute', { planId: plan.data.id }],
  ] as const) {
    const reply = await ours.call('POST', path, body)
    expect([path, reply.status, reply.body.code]).toEqual([path, 429, 'TOO_MANY_EXECUTIONS'])
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(reply.body.detail).toContain('its limit is 1 (GET /api/limits)')
  }
  expect(await ledgerOf(ours.store)).toEqual([])
  expect((await ours.call('GET', '/api/executions')).data).toHaveLength(2)
  expect(await run(theirs, [addCustomer('a')])).toMatchObject({ status: 'succeeded' })
  await ours.call('POST', `/api/executions/${waiting.id}/cancel`)
  expect((await execute(ours, write, 20)).data.status).toBe('succeeded')
  expect((await ours.call('POST', '/api/chat/execute', { planId: plan.data.id })).status).toBe(202)
})

it('a run is beyond a limit when one of its numbers is, and the message names that limit', () => {
  const below = (most: number) => fc.integer({ min: 1, max: most })
  const limits = fc.record({
    maxSteps: below(ceilings.maxSteps),
    maxDurationMs: below(ceilings.maxDurationMs),
    maxConcurrency: below(ceilings.maxConcurrency),
    maxDataBytes: below(ceilings.maxDataBytes),
  })
  const used = fc.record({ steps: fc.nat(), bytes: fc.nat(), since: fc.nat() })
  fc.assert(
    fc.property(limits, used, fc.nat(), (limits, usage, now) => {
      const named = [
        ...(usage.steps > limits.maxSteps ? [limits.maxSteps] : []),
        ...(now - usage.since >= limits.maxDurationMs ? [limits.maxDurationMs / 1000] : []),
        ...(usage.bytes > limits.maxDataBytes ? [limits.maxDataBytes] : []),
      ]
      const message = limitExceeded(limits, usage, now)
      expect(message === null).toBe(named.length === 0)
      expect(message === null || named.some((number) => message.includes(` ${number} `))).toBe(true)
    }),
  )
})
