import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, it, vi } from 'vitest'
import { AskedOfRun } from '../src/runs/asked.ts'
import { RunRegister } from '../src/runs/register/run-register.ts'
import { ledgerOf, tenantWithStore, testEnv, type Reply, type Tenant } from './helpers.ts'

const DAY = 86_400_000

async function begin(tenant: Tenant, steps: object[], more: object = {}, input: object = {}): Promise<Reply> {
  const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', steps, ...more } })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  return tenant.call('POST', `/api/workflows/${created.data.id}/execute`, { input })
}

const until = (tenant: Tenant, id: string, test: (execution: Reply['data']) => boolean) =>
  vi.waitUntil(
    async () => {
      const { data } = await tenant.call('GET', `/api/executions/${id}`)
      return test(data) ? data : undefined
    },
    { timeout: 10_000 },
  )

const isAsking = (id: string) => (data: Reply['data']) =>
  data.steps.some((step: { id: string; status: string }) => step.id === id && step.status === 'asking')

const alarmOf = (id: string) =>
  runInDurableObject(testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(id)), (_, state) =>
    state.storage.getAlarm(),
  )

it('a run that waited for a person and goes on comes back soon should it die, not when the person’s time is up', async () => {
  const tenant = await tenantWithStore()
  const { data } = await begin(tenant, [
    { id: 'first', type: 'approval', message: 'Begin?', timeoutMs: DAY },
    { id: 'second', type: 'approval', message: 'Go on?' },
  ])
  await until(tenant, data.id, isAsking('first'))
  await vi.waitUntil(async () => ((await alarmOf(data.id)) ?? 0) > Date.now() + DAY / 2)
  await tenant.call('POST', `/api/executions/${data.id}/decide`, { step: 'first', verdict: 'approve' })
  await until(tenant, data.id, isAsking('second'))
  expect(await alarmOf(data.id)).toBeLessThan(Date.now() + 60_000)
})

it('a write whose answer was lost is sent again as it was, even when its body says what time it is', async () => {
  const tenant = await tenantWithStore()
  await fetch(`${tenant.store.url}/__faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'POST', reset: true, after: true, times: 1 }),
  })
  const { data } = await begin(tenant, [
    {
      id: 'create',
      type: 'api_call',
      api: 'store',
      operation: 'POST /customers',
      body: { name: 'Made at {{ $millis() }}', email: 'now@example.com', city: '{{ $string($random()) }}' },
      retry: { maxAttempts: 3, delayMs: 50 },
    },
  ])
  const done = await until(tenant, data.id, ({ status }) => status !== 'running')
  expect(done).toMatchObject({ status: 'succeeded', steps: [{ attempt: 2 }] })
  expect(await ledgerOf(tenant.store)).toHaveLength(1)
})

it.each([
  ['as it is', undefined, [''], 'Ada'],
  ['with other input that is no matter to the call', { name: 'Ada', note: 'again' }, [''], 'Ada'],
  ['with other input', { name: 'Grace', note: '' }, ['', ':1'], 'Grace'],
])(
  'a failed write whose answer was lost, taken up again %s, has one key for each request',
  async (_, input, keys, name) => {
    const tenant = await tenantWithStore()
    await fetch(`${tenant.store.url}/__faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ method: 'POST', reset: true, after: true, times: 1 }),
    })
    const text = { type: 'string' }
    const body = { name: '{{ input.name }}', email: '{{ input.name }}.again@example.com' }
    const steps = [
      { id: 'create', type: 'api_call', api: 'store', operation: 'POST /customers', body, retry: { maxAttempts: 1 } },
    ]
    const inputs = { type: 'object', properties: { name: text, note: text } }
    const { data } = await begin(tenant, steps, { inputs }, { name: 'Ada', note: '' })
    await until(tenant, data.id, ({ status }) => status === 'failed')
    await tenant.call('POST', `/api/executions/${data.id}/resume`, input ? { input } : {})
    const ended = await until(tenant, data.id, ({ status }) => status !== 'running')
    expect(ended).toMatchObject({ status: 'succeeded', steps: [{ output: { body: { name } } }] })
    const made = (await ledgerOf(tenant.store)).map(({ idempotencyKey }) => idempotencyKey)
    expect(made).toEqual(keys.map((key) => `${data.id}:create${key}`))
  },
)

it('a run that was begun before its log shared values goes on, and is shown with all it had', async () => {
  const tenant = await tenantWithStore()
  const { data } = await begin(tenant, [
    { id: 'first', type: 'transform', value: { kept: 'x'.repeat(1000) } },
    { id: 'ask', type: 'approval', message: 'Go on?' },
    { id: 'last', type: 'transform', value: '{{ steps.first }}' },
  ])
  await until(tenant, data.id, isAsking('ask'))
  const object = testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(data.id))
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec('alter table events drop column refs')
  })
  await evictDurableObject(object)
  await tenant.call('POST', `/api/executions/${data.id}/decide`, { step: 'ask', verdict: 'approve' })
  const done = await until(tenant, data.id, ({ status }) => status !== 'running')
  expect(done).toMatchObject({ status: 'succeeded', output: { kept: 'x'.repeat(1000) } })
})

it('a run that waits for a person, or is paused, is not woken every few seconds', async () => {
  const tenant = await tenantWithStore()
  const { data } = await begin(tenant, [{ id: 'ask', type: 'approval', message: 'Begin?' }])
  await until(tenant, data.id, isAsking('ask'))
  const object = testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(data.id))
  expect(await runDurableObjectAlarm(object)).toBe(true)
  expect(await alarmOf(data.id)).toBeGreaterThan(Date.now() + 1_800_000)
  await tenant.call('POST', `/api/executions/${data.id}/pause`)
  expect(await runDurableObjectAlarm(object)).toBe(true)
  expect(await alarmOf(data.id)).toBeGreaterThan(Date.now() + 1_800_000)
  await tenant.call('POST', `/api/executions/${data.id}/resume`, {})
  expect(await alarmOf(data.id)).toBeLessThan(Date.now() + 60_000)
  await tenant.call('POST', `/api/executions/${data.id}/decide`, { step: 'ask', verdict: 'approve' })
  await until(tenant, data.id, ({ status }) => status === 'succeeded')
})

it('a call that may be sent once at most and was out when its object died needs a decision, in lists too', async () => {
  const tenant = await tenantWithStore()
  await fetch(`${tenant.store.url}/__faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ method: 'POST', delayMs: 60_000, after: true, times: 1 }),
  })
  const { data } = await begin(tenant, [
    {
      id: 'create',
      type: 'api_call',
      api: 'store',
      operation: 'POST /customers',
      body: { name: 'Ada', email: 'once@example.com', city: 'Bath' },
      atMostOnce: true,
    },
    { id: 'after', type: 'transform', value: 'went on' },
  ])
  const listed = async () => (await tenant.call('GET', '/api/executions')).data[0].status
  await vi.waitUntil(async () => (await ledgerOf(tenant.store)).length === 1, { timeout: 10_000 })
  const object = testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(data.id))
  await abortAllDurableObjects()
  await runDurableObjectAlarm(object)
  const asking = await until(tenant, data.id, ({ status }) => status === 'needs_decision')
  expect(asking.steps[0]).toMatchObject({ id: 'create', status: 'uncertain', message: 'sent, outcome unknown' })
  expect(await listed()).toBe('needs_decision')
  await tenant.call('POST', `/api/executions/${data.id}/decide`, { step: 'create', verdict: 'done' })
  const done = await until(tenant, data.id, ({ status }) => status !== 'running')
  expect(done).toMatchObject({ status: 'succeeded', output: 'went on' })
  expect(await ledgerOf(tenant.store)).toHaveLength(1)
  await expect.poll(listed).toBe('succeeded')
})

it('who cancelled a run is in the audit log with its end, whatever dies once the run is told', async () => {
  const tenant = await tenantWithStore()
  const { data } = await begin(tenant, [{ id: 'ask', type: 'approval', message: 'Go on?' }])
  await until(tenant, data.id, isAsking('ask'))
  // The end cannot be taken down: the request fails, and the object dies.
  const broken = vi.spyOn(RunRegister.prototype, 'close').mockRejectedValue(new Error('the register is down'))
  const headers = { 'cf-connecting-ip': '203.0.113.9', 'user-agent': 'cancel-tests/1' }
  const reply = await tenant.call('POST', `/api/executions/${data.id}/cancel`, undefined, headers)
  expect([reply.status, broken.mock.calls.length]).toEqual([500, 1])
  const object = testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(data.id))
  await evictDurableObject(object)
  broken.mockRestore()

  const actions = async () => {
    const { data: entries } = await tenant.call('GET', `/api/logs?resource=${data.id}`)
    return entries.map(({ action, ip, userAgent }: Record<string, unknown>) => [action, ip, userAgent])
  }
  expect((await actions()).map(([action]: string[]) => action)).not.toContain('run.cancelled')
  expect(await runDurableObjectAlarm(object)).toBe(true)
  expect((await tenant.call('GET', `/api/executions/${data.id}`)).data.status).toBe('cancelled')
  const ends = (await actions()).filter(([action]: string[]) => action?.startsWith('run.cancel'))
  expect(ends.toSorted()).toEqual([
    ['run.cancel', '203.0.113.9', 'cancel-tests/1'],
    ['run.cancelled', null, null],
  ])
  expect((await tenant.call('POST', `/api/executions/${data.id}/cancel`)).status).toBe(409)
  expect(await actions()).toHaveLength(ends.length + 1)
})

it.each([
  ['pause', {}, 'paused'],
  ['resume', {}, 'running'],
  ['decide', { step: 'ask', verdict: 'approve' }, 'running'],
])('who asked for a %s is in the audit log, whatever dies once the run is told', async (verb, body, listed) => {
  const tenant = await tenantWithStore()
  const steps = ['ask', 'again'].map((id) => ({ id, type: 'approval', message: 'Go on?' }))
  const { data } = await begin(tenant, steps)
  await until(tenant, data.id, isAsking('ask'))
  if (verb === 'resume') await tenant.call('POST', `/api/executions/${data.id}/pause`)
  // D1 takes nothing of it, and the object dies.
  const broken = vi.spyOn(AskedOfRun.prototype, 'tell').mockResolvedValue(false)
  const headers = { 'cf-connecting-ip': '203.0.113.9', 'user-agent': 'asked-tests/1' }
  const reply = await tenant.call('POST', `/api/executions/${data.id}/${verb}`, body, headers)
  expect([reply.status, broken.mock.calls.length]).toEqual([200, 1])
  const object = testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(data.id))
  await evictDurableObject(object)
  broken.mockRestore()

  const rows = async () => {
    const { data: entries } = await tenant.call('GET', `/api/logs?resource=${data.id}&action=run.${verb}`)
    return entries.map(({ ip, userAgent }: Record<string, unknown>) => [ip, userAgent])
  }
  expect(await rows()).toEqual([])
  expect(await runDurableObjectAlarm(object)).toBe(true)
  expect(await rows()).toEqual([['203.0.113.9', 'asked-tests/1']])
  expect((await tenant.call('GET', '/api/executions')).data).toMatchObject([{ id: data.id, status: listed }])
  await evictDurableObject(object)
  await runDurableObjectAlarm(object)
  expect(await rows()).toHaveLength(1)
})
