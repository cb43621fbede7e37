import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { isForQueue } from '../src/runs/for-queue.ts'
import { initialState } from '../src/runs/machine/machine.ts'
import { QueuedCalls } from '../src/runs/queued-calls.ts'
import { WorkflowRun } from '../src/runs/workflow-run.ts'
import type { PreparedCall, StepResult } from '../src/steps/result.ts'
import worker from '../src/worker.ts'
import { ledgerOf, newTenant, type Reply, type Tenant, tenantWithStore, testEnv } from './helpers.ts'

type Connected = Awaited<ReturnType<typeof tenantWithStore>>

const addCustomer = (name: string, more: object = {}) => ({
  id: 'add',
  type: 'api_call',
  api: 'store',
  operation: 'POST /customers',
  body: { name, email: '{{ $string($random()) }}@example.com', city: 'Bath' },
  ...more,
})
const many = (count: number, more: object = {}) => ({
  id: 'many',
  type: 'loop',
  items: `{{ [1..${count}] }}`,
  concurrency: 20,
  steps: [addCustomer('No. {{ item }}')],
  ...more,
})

async function begin(tenant: Tenant, steps: object[], output?: unknown): Promise<string> {
  const definition = { name: 'Test', steps, ...(output === undefined ? {} : { output }) }
  const created = await tenant.call('POST', '/api/workflows', { definition })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  return (await tenant.call('POST', `/api/workflows/${created.data.id}/execute`, { input: {} })).data.id
}

const until = (tenant: Tenant, id: string, test: (execution: Reply['data']) => boolean, timeout = 20_000) =>
  vi.waitUntil(
    async () => {
      const { data } = await tenant.call('GET', `/api/executions/${id}`)
      return test(data) ? data : undefined
    },
    { timeout },
  )
const ended = (tenant: Tenant, id: string) => until(tenant, id, ({ status }) => status !== 'running')

function setFault({ store }: Connected, fault: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return fetch(`${store.url}/__faults`, { method: 'PUT', headers, body: JSON.stringify(fault) })
}

describe('calls that the queue makes', () => {
  it('of a loop over many items: each once, under a key of its own, the results in their order', async () => {
    const tenant = await tenantWithStore()
    const id = await begin(tenant, [many(120)], '{{ steps.many.body.name }}')
    const run = await ended(tenant, id)
    expect(run).toMatchObject({ status: 'succeeded', error: null })
    expect(run.output).toEqual(Array.from({ length: 120 }, (_, index) => `No. ${index + 1}`))
    const keys = (await ledgerOf(tenant.store)).map(({ idempotencyKey }) => idempotencyKey)
    expect(keys.toSorted()).toEqual(Array.from({ length: 120 }, (_, index) => `${id}:many[${index}].add`).toSorted())
  })

  it('of a step in the background, also where a step around it says so, and its failures are those of any call', async () => {
    const tenant = await tenantWithStore()
    const inner = {
      id: 'both',
      type: 'parallel',
      branches: [[addCustomer('Ada')], [{ ...addCustomer(''), id: 'bad' }]],
    }
    const run = await ended(tenant, await begin(tenant, [{ ...inner, background: true, onError: 'continue' }]))
    expect(run.status).toBe('succeeded')
    expect(run.steps).toMatchObject([
      { id: 'both', status: 'failed' },
      { id: 'add', status: 'succeeded' },
      { id: 'bad', status: 'failed', error: { code: 'UPSTREAM_STATUS' } },
    ])
    expect(await ledgerOf(tenant.store)).toHaveLength(1)
  })

  it('stop when the run is cancelled: what is out is aborted and nothing more is sent', async () => {
    const tenant = await tenantWithStore()
    await setFault(tenant, { method: 'POST', delayMs: 60_000 })
    const id = await begin(tenant, [many(60)])
    await vi.waitUntil(async () => {
      const { data } = await tenant.call('GET', `/api/executions/${id}/log`)
      return data.filter(({ type }: { type: string }) => type === 'step.started').length === 20
    })
    expect((await tenant.call('POST', `/api/executions/${id}/cancel`)).data.status).toBe('cancelled')
    await setFault(tenant, { method: 'POST', delayMs: 0 })
    expect(await ledgerOf(tenant.store)).toEqual([])
  })

  it('are broken off at the API when a step around them has run out of time, and the others are made', async () => {
    const tenant = await newTenant()
    const cursor = { name: 'cursor', in: 'query', type: 'integer' }
    const endpoints = [{ method: 'GET', path: '/paged/{name}/hang/items', summary: 'Hangs', parameters: [cursor] }]
    const connected = await tenant.call('POST', '/api/apis', { name: 'Api', baseUrl: testEnv.UPSTREAMS, endpoints })
    expect(connected.status).toBe(201)
    const name = crypto.randomUUID()
    const read = (id: string, cursor: number) => ({
      id,
      type: 'api_call',
      api: 'api',
      operation: 'GET /paged/{name}/hang/items',
      parameters: { name, cursor },
      background: true,
    })
    const hanging = { id: 'both', type: 'parallel', branches: [[read('ada', 1)], [read('grace', 2)]] }
    const steps = [{ ...hanging, timeoutMs: 1500, onError: 'continue' }, read('after', 0)]
    const run = await ended(tenant, await begin(tenant, steps, '{{ steps.after.status }}'))
    expect(run).toMatchObject({
      status: 'succeeded',
      output: 200,
      steps: [{ error: { code: 'STEP_TIMEOUT' } }, {}, {}, {}],
    })
    const ledger = async () => (await fetch(`${testEnv.UPSTREAMS}/paged/${name}/ledger`)).json()
    await expect.poll(ledger, { timeout: 5000 }).toMatchObject({ closed: 2 })
  })

  it('wait for their turn at an API that holds callers back, and then all get it', async () => {
    const tenant = await tenantWithStore()
    await setFault(tenant, { method: 'POST', rateLimit: { retryAfterSeconds: 1 }, times: 3 })
    const run = await ended(tenant, await begin(tenant, [many(60)], '{{ $count(steps.many) }}'))
    expect(run).toMatchObject({ status: 'succeeded', output: 60 })
    const keys = (await ledgerOf(tenant.store)).map(({ idempotencyKey }) => idempotencyKey)
    expect(new Set(keys).size).toBe(60)
  })
})

it('a call whose consumer fails every time comes to the dead-letter queue, and its step fails with what went wrong', async () => {
  const tenant = await tenantWithStore()
  await setFault(tenant, { method: 'POST', delayMs: 1000 })
  const id = await begin(tenant, [{ ...addCustomer('Ada', { background: true }), onError: 'continue' }])
  // Whoever makes the call cannot report it, however often the queue comes with it.
  const { reportCall } = WorkflowRun.prototype
  WorkflowRun.prototype.reportCall = () => Promise.reject(new Error('the consumer ran out of memory'))
  await setFault(tenant, { method: 'POST', delayMs: 0 })
  const run = await until(tenant, id, ({ status }) => status !== 'running', 100_000).finally(() => {
    WorkflowRun.prototype.reportCall = reportCall
  })
  expect(run).toMatchObject({
    status: 'succeeded',
    steps: [{ id: 'add', status: 'failed', error: { code: 'DEAD_LETTER' } }],
  })
  expect(run.steps[0].error.message).toContain('ran out of memory')
  // It was made each time, under the one key by which the API knows it again.
  const keys = (await ledgerOf(tenant.store)).map(({ idempotencyKey }) => idempotencyKey)
  expect(keys).toEqual([`${id}:add`])
}, 120_000)

it('a call that may go out once at most is not given to the queue, which may deliver twice', () => {
  const call = { id: 'add', type: 'api_call', api: 'store', operation: 'POST /customers', background: true } as const
  expect(isForQueue(call, 'add', initialState)).toBe(true)
  expect(isForQueue({ ...call, atMostOnce: true }, 'add', initialState)).toBe(false)
})

it('a message about a call that nobody wants any more is taken off the queue and does nothing', async () => {
  const tenant = await tenantWithStore()
  const id = await begin(tenant, [addCustomer('Ada', { background: true })])
  await ended(tenant, id)
  const { workspaceId } = tenant.ctx.actor
  const body = { kind: 'step.call', workspaceId, runId: id, ticket: 'gone', worker: 'late', requestId: 'req_test0000' }
  for (const queue of ['apiq-steps-high', 'apiq-steps-high-dead']) {
    const batch = createMessageBatch(queue, [{ id: 'm', timestamp: new Date(), attempts: 1, body }])
    const execution = createExecutionContext()
    await worker.queue(batch, testEnv, execution)
    expect(await getQueueResult(batch, execution)).toMatchObject({ explicitAcks: ['m'] })
  }
  expect(await ledgerOf(tenant.store)).toHaveLength(1)
})

describe('the calls of a run on the queue', () => {
  const call = (url: string) => ({ request: { url } }) as PreparedCall
  const done = (output: unknown): StepResult => ({ ok: true, output })
  const never = new AbortController().signal
  /** Calls, and the tickets that were sent for them. */
  function create() {
    const sent: { ticket: string; worker: string; delaySeconds: number }[] = []
    const calls = new QueuedCalls(async (tickets, delaySeconds) => {
      for (const ticket of tickets) sent.push({ ...ticket, delaySeconds })
    })
    return {
      calls,
      sent,
      take: (at: number, worker = sent[at]?.worker ?? '') => calls.take(sent[at]?.ticket ?? '', worker),
    }
  }

  it('are made by whoever comes first; one who comes with the same ticket gets nothing', async () => {
    const { calls, sent, take } = create()
    const made = calls.make(call('a'), never)
    await vi.waitUntil(() => sent.length === 1)
    const handed = take(0)
    expect(handed?.call).toEqual(call('a'))
    expect(take(0, 'another')).toBeNull()
    // The same message, delivered again.
    expect(take(0)).toEqual(handed)
    await calls.report(handed?.ticket ?? '', sent[0]?.worker ?? '', done(1), false)
    expect(await made).toEqual(done(1))
    expect(take(0)).toBeNull()
  })

  it('that come up while a worker asks for more go to it without a message', async () => {
    const { calls, sent, take } = create()
    void calls.make(call('a'), never)
    await vi.waitUntil(() => sent.length === 1)
    const more = calls.report(take(0)?.ticket ?? '', sent[0]?.worker ?? '', done(1), true)
    const second = calls.make(call('b'), never)
    const handed = await more
    expect([handed?.call, sent.length]).toEqual([call('b'), 1])
    expect(await calls.report(handed?.ticket ?? '', sent[0]?.worker ?? '', done(2), true)).toBeNull()
    expect(await second).toEqual(done(2))
  })

  it('are not handed out any more once they are aborted', async () => {
    const { calls, sent, take } = create()
    const stop = new AbortController()
    const made = calls.make(call('a'), stop.signal)
    await vi.waitUntil(() => sent.length === 1)
    stop.abort(new Error('over'))
    await expect(made).rejects.toThrow('over')
    expect(take(0)).toBeNull()
  })

  it('that could not be made go to the queue again after a while, and fail in the end', async () => {
    const { calls, sent, take } = create()
    const made = calls.make(call('a'), never)
    const busy: StepResult = {
      ok: false,
      error: { code: 'UPSTREAM_BUSY', message: 'busy', retryable: true, retryAfterMs: 1 },
    }
    await vi.waitUntil(() => sent.length === 1)
    for (let time = 0; time <= 10; time++) {
      const handed = take(time)
      expect(handed).not.toBeNull()
      await calls.giveBack(handed?.ticket ?? '', busy, 7)
    }
    expect(await made).toEqual(busy)
    expect(sent.slice(1).every(({ delaySeconds }) => delaySeconds === 7)).toBe(true)
  })

  it('fail with what went wrong when their message is given up, whichever of the worker’s they are', async () => {
    const { calls, sent, take } = create()
    void calls.make(call('a'), never)
    await vi.waitUntil(() => sent.length === 1)
    const worker = sent[0]?.worker ?? ''
    const more = calls.report(take(0)?.ticket ?? '', worker, done(1), true)
    const second = calls.make(call('b'), never)
    await more
    calls.note(worker, 'the isolate ran out of memory')
    calls.giveUp(sent[0]?.ticket ?? '', worker)
    expect(await second).toMatchObject({
      ok: false,
      error: { code: 'DEAD_LETTER', message: expect.stringContaining('ran out of memory'), retryable: false },
    })
  })
})
