import { abortAllDurableObjects, runDurableObjectAlarm } from 'cloudflare:test'
import { describe, expect, it } from 'vitest'
import { ledgerOf, newTenant, tenantWithStore, testEnv, type Tenant } from './helpers.ts'

type Connected = Awaited<ReturnType<typeof tenantWithStore>>

const twoReads = {
  name: 'Two reads',
  steps: [
    {
      id: 'customers',
      type: 'api_call',
      api: 'store',
      operation: 'GET /customers',
      parameters: { search: 'Ada Lovelace' },
    },
    {
      id: 'orders',
      type: 'api_call',
      api: 'store',
      operation: 'GET /customers/{customerId}/orders',
      parameters: { customerId: '{{ steps.customers.body.items[0].id }}' },
    },
    { id: 'shape', type: 'transform', value: { orders: '{{ $count(steps.orders.body.items) }}', by: '{{ run.id }}' } },
  ],
}

const addCustomer = {
  name: 'Add a customer',
  inputs: {
    type: 'object',
    properties: { name: { type: 'string' }, city: { type: 'string', default: 'Bath' } },
    required: ['name'],
  },
  steps: [
    {
      id: 'customer',
      type: 'api_call',
      api: 'store',
      operation: 'POST /customers',
      body: {
        name: '{{ input.name }}',
        email: '{{ $lowercase(input.name) & "@example.com" }}',
        city: '{{ input.city }}',
      },
    },
  ],
}

async function store(tenant: Tenant, definition: unknown): Promise<string> {
  const reply = await tenant.call('POST', '/api/workflows', { definition })
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body))
  return reply.data.id
}

function setFault(tenant: Connected, fault: object): Promise<Response> {
  return fetch(`${tenant.store.url}/__faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
  })
}

function objectOf(runId: string) {
  return testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(runId))
}

/** The events of a finished stream: type and data. */
function parseEvents(text: string): { id: number; type: string; data: Record<string, unknown> }[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('id:'))
    .map((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
      return { id: Number(field('id')), type: field('event'), data: JSON.parse(field('data')) }
    })
}

describe('a run', () => {
  it('carries data from step to step and keeps what each step sent and got', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, twoReads)
    const { status, data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    expect([status, data.status, data.output]).toEqual([202, 'succeeded', { orders: 4, by: data.id }])
    expect(
      data.steps.map((step: { id: string; status: string; attempt: number }) => [step.id, step.status, step.attempt]),
    ).toEqual([
      ['customers', 'succeeded', 1],
      ['orders', 'succeeded', 1],
      ['shape', 'succeeded', 1],
    ])
    expect(data.steps[1].output).toMatchObject({
      status: 200,
      body: { items: [{ customerId: 'cus_1001' }, {}, {}, {}] },
    })
    const listed = await tenant.call('GET', '/api/executions')
    expect(listed.data).toMatchObject([{ id: data.id, status: 'succeeded', workflowId: id, trigger: 'api' }])
    expect((await tenant.call('GET', `/api/apis/${tenant.apiId}`)).data.lastUsedAt).not.toBeNull()
  })

  it('fills inputs and their defaults, and refuses to start without a required one', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, addCustomer)
    const refused = await tenant.call('POST', `/api/workflows/${id}/execute`, { input: { city: 'Rome' } })
    expect([refused.status, refused.body.code, refused.body.errors[0].path]).toEqual([
      422,
      'MISSING_INPUT',
      '/input/name',
    ])
    const run = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, { input: { name: 'Euler' } })
    expect(run.data.output).toMatchObject({ name: 'Euler', email: 'euler@example.com', city: 'Bath' })
    expect(await ledgerOf(tenant.store)).toMatchObject([{ method: 'POST', idempotencyKey: `${run.data.id}:customer` }])
  })

  it('tries a read again when the API is down for a moment, and honours Retry-After', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, twoReads)
    await setFault(tenant, { status: 503, times: 1 })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=20`, {})
    expect([data.status, data.steps[0].attempt]).toEqual(['succeeded', 2])
  })

  it('takes the statuses that a step succeeds on for success, and no others', async () => {
    const tenant = await tenantWithStore()
    const remove = { type: 'api_call', api: 'store', operation: 'DELETE /customers/{customerId}' }
    const id = await store(tenant, {
      name: 'Remove',
      inputs: { type: 'object', properties: { customer: { type: 'string' } } },
      steps: [
        { id: 'remove', ...remove, parameters: { customerId: '{{ input.customer }}' }, succeedsOn: [404] },
        { id: 'after', type: 'transform', value: '{{ steps.remove.status }}' },
      ],
    })
    const run = async (customer: string) =>
      (await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, { input: { customer } })).data
    expect(await run('cus_0')).toMatchObject({ status: 'succeeded', output: 404 })
    // It has orders.
    expect(await run('cus_1001')).toMatchObject({ status: 'failed', error: { step: 'remove' } })
  })

  it('reads a list page by page, as one answer', async () => {
    const tenant = await tenantWithStore()
    const orders = { api: 'store', operation: 'GET /orders', parameters: { limit: 4 }, paginate: { maxItems: 1000 } }
    const id = await store(tenant, {
      name: 'All orders',
      steps: [{ id: 'orders', type: 'api_call', ...orders }],
      output: '{{ {"ids": steps.orders.body.items.id, "total": steps.orders.body.total, "more": steps.orders.more} }}',
    })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    const { ids, total, more } = data.output as { ids: string[]; total: number; more: boolean }
    expect([ids.length, new Set(ids).size, more]).toEqual([total, total, false])
    expect(total).toBeGreaterThan(8)
  })

  it('repeats a write whose answer was lost where the API knows it by its key, so that it happens once', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, addCustomer)
    await setFault(tenant, { reset: true, after: true, times: 1 })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, { input: { name: 'Gauss' } })
    expect([data.status, data.steps[0].attempt]).toEqual(['succeeded', 2])
    expect(await ledgerOf(tenant.store)).toMatchObject([{ idempotencyKey: `${data.id}:customer` }])
  })

  it('does not repeat a write that may have gone through where the API documents no key', async () => {
    const tenant = await newTenant()
    const api = `${testEnv.UPSTREAMS}/limited/${tenant.ctx.actor.workspaceId}`
    const spec = {
      openapi: '3.1.0',
      info: { title: 'Down', version: '1' },
      servers: [{ url: `${api}/down/1000` }],
      paths: { '/things': { post: { responses: { 201: { description: 'Made' } } } } },
    }
    await tenant.call('POST', '/api/apis', { slug: 'down', spec })
    const steps = [{ id: 'thing', type: 'api_call', api: 'down', operation: 'POST /things' }]
    const id = await store(tenant, { name: 'Make', steps })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    expect([data.status, data.steps[0].attempt, data.error.step]).toEqual(['failed', 1, 'thing'])
    const { calls } = (await (await fetch(`${api}/ledger`)).json()) as { calls: unknown[] }
    expect(calls).toHaveLength(1)
  })

  it('fails with what the API said', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, {
      name: 'One order',
      steps: [
        {
          id: 'order',
          type: 'api_call',
          api: 'store',
          operation: 'GET /orders/{orderId}',
          parameters: { orderId: 'ord_9999' },
        },
      ],
    })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    expect(data.status).toBe('failed')
    expect(data.error.message).toMatch(/^the API answered 404: .*ord_9999/)
  })

  it('says which value was missing when a search found nothing', async () => {
    const tenant = await tenantWithStore()
    const [customers, orders] = twoReads.steps
    const id = await store(tenant, {
      name: 'Nobody',
      steps: [{ ...customers, parameters: { search: 'Nobody at all' } }, orders],
    })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    expect(data.error).toEqual({ step: 'orders', message: 'the path parameter "customerId" has no value' })
  })

  it('keeps a large value once, refers to it, and gives it whole', async () => {
    const tenant = await newTenant()
    const value = "{{ $join([1..90000].('€€€€€€€€€€')) }}"
    const steps = [
      { id: 'big', type: 'transform', value: { text: value, small: 1 } },
      { id: 'again', type: 'transform', value: '{{ steps.big.text }}' },
    ]
    const id = await store(tenant, { name: 'Big', steps, output: '{{ steps.big }}' })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    const ref = { $ref: `/api/executions/${data.id}/values/1`, bytes: 2_700_002 }
    expect(data).toMatchObject({ status: 'succeeded', output: { text: ref, small: 1 } })
    expect(data.steps.map(({ output }: { output: unknown }) => output)).toEqual([{ text: ref, small: 1 }, ref])
    expect((await tenant.call('GET', `/api/executions/${data.id}`)).data).toEqual(data)
    expect((await tenant.call('GET', ref.$ref)).body).toBe('€€€€€€€€€€'.repeat(90_000))
    expect((await tenant.call('GET', `/api/executions/${data.id}/values/2`)).status).toBe(404)
    const log = await tenant.call('GET', `/api/executions/${data.id}/log`)
    expect(JSON.stringify(log.body).length).toBeLessThan(5000)
    await abortAllDurableObjects()
    expect((await tenant.call('GET', `/api/executions/${data.id}`)).data).toEqual(data)
    expect((await tenant.call('GET', ref.$ref)).body).toHaveLength(900_000)
  })

  it('fails with a reason when its result is larger than any value may be', async () => {
    const tenant = await newTenant()
    const steps = [{ id: 'half', type: 'transform', value: "{{ $join([1..90000].('€€€€€€€€€€')) }}" }]
    const id = await store(tenant, { name: 'Big', steps, output: Array(4).fill('{{ steps.half }}') })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute?wait=10`, {})
    expect(data).toMatchObject({
      status: 'failed',
      error: { step: null, message: expect.stringContaining('at most 10000000 are kept') },
    })
  })

  it('stops when it is cancelled: the call in flight is aborted and nothing more is sent', async () => {
    const tenant = await tenantWithStore()
    await setFault(tenant, { delayMs: 60_000 })
    const id = await store(tenant, {
      ...twoReads,
      steps: [twoReads.steps[0], ...addCustomer.steps],
      inputs: addCustomer.inputs,
    })
    const started = await tenant.call('POST', `/api/workflows/${id}/execute`, { input: { name: 'Noether' } })
    expect(started.data.status).toBe('running')
    const cancelled = await tenant.call('POST', `/api/executions/${started.data.id}/cancel`)
    expect(cancelled.data.status).toBe('cancelled')
    expect(await ledgerOf(tenant.store)).toEqual([])
    expect((await tenant.call('POST', `/api/executions/${started.data.id}/cancel`)).status).toBe(409)
  })
})

describe('watching', () => {
  it('streams every event once, in order, to the end, and resumes after the last one seen', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, twoReads)
    const run = await tenant.call('POST', `/api/workflows/${id}/execute`, {})
    const live = await tenant.call('GET', `/api/executions/${run.data.id}/events`)
    expect(live.headers.get('content-type')).toContain('text/event-stream')
    const events = parseEvents(live.body)
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1))
    expect(events[0]?.type).toBe('run.started')
    expect(events.at(-1)?.type).toBe('run.succeeded')
    expect(events.filter((event) => event.type === 'step.succeeded')).toHaveLength(3)
    const rest = await tenant.call('GET', `/api/executions/${run.data.id}/events`, undefined, { 'last-event-id': '3' })
    expect(parseEvents(rest.body)).toEqual(events.slice(3))
  })
})

describe('a run whose object dies', () => {
  it('comes back by its alarm and ends as if nothing had happened', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, twoReads)
    await setFault(tenant, { delayMs: 60_000, times: 1 })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute`, {})
    await waitFor(async () => (await faultHits(tenant)) === 1)
    await abortAllDurableObjects()
    expect(await runDurableObjectAlarm(objectOf(data.id))).toBe(true)
    await objectOf(data.id).wait(10_000)
    const after = await tenant.call('GET', `/api/executions/${data.id}`)
    expect([after.data.status, after.data.output.orders]).toEqual(['succeeded', 4])
  })

  it('comes back also from a database that was away when it came back', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, twoReads)
    await setFault(tenant, { delayMs: 60_000, times: 1 })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute`, {})
    await waitFor(async () => (await faultHits(tenant)) === 1)
    await abortAllDurableObjects()
    await testEnv.DB.exec('alter table endpoints rename to endpoints_away')
    expect(await runDurableObjectAlarm(objectOf(data.id))).toBe(true)
    await objectOf(data.id).events(0, 100)
    await testEnv.DB.exec('alter table endpoints_away rename to endpoints')
    expect(await runDurableObjectAlarm(objectOf(data.id))).toBe(true)
    await objectOf(data.id).wait(10_000)
    expect((await tenant.call('GET', `/api/executions/${data.id}`)).data.status).toBe('succeeded')
  })

  it('is given up when carrying it on kills its object again and again', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, twoReads)
    await setFault(tenant, { delayMs: 60_000 })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute`, {})
    for (let lives = 1; lives <= 21; lives++) {
      await waitFor(async () => (await faultHits(tenant)) === lives)
      await abortAllDurableObjects()
      expect(await runDurableObjectAlarm(objectOf(data.id))).toBe(true)
    }
    const after = await tenant.call('GET', `/api/executions/${data.id}`)
    expect([after.data.status, after.data.error.message]).toEqual([
      'failed',
      expect.stringContaining('cut short 20 times'),
    ])
  }, 30_000)

  it('repeats a write in flight under the same idempotency key, so that it happens once', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, addCustomer)
    await setFault(tenant, { delayMs: 60_000, after: true, times: 1 })
    const { data } = await tenant.call('POST', `/api/workflows/${id}/execute`, { input: { name: 'Hypatia' } })
    await waitFor(async () => (await ledgerOf(tenant.store)).length === 1)
    await abortAllDurableObjects()
    await objectOf(data.id).wait(10_000)
    const after = await tenant.call('GET', `/api/executions/${data.id}`)
    expect(after.data.status).toBe('succeeded')
    const created = (await ledgerOf(tenant.store)).filter((entry) => entry.method === 'POST')
    expect(new Set(created.map((entry) => entry.idempotencyKey)).size).toBe(1)
    const found = await tenant.call('POST', '/api/chat', { message: 'List customers' })
    expect(found.status).toBe(201)
    const customers = (await (
      await fetch(`${tenant.store.url}/customers?search=Hypatia`, { headers: { 'x-store-key': tenant.store.apiKey } })
    ).json()) as { total: number }
    expect(customers.total).toBe(1)
  })
})

/** Asks until something has happened; the upstream, not a clock, says when. */
async function waitFor(happened: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) if (await happened()) return
  throw new Error('it never happened')
}

async function faultHits(tenant: Connected): Promise<number> {
  const faults = (await (await fetch(`${tenant.store.url}/__faults`)).json()) as { hits: number }
  return faults.hits
}

describe('what cannot run', () => {
  it.each([
    [
      'an unknown operation',
      [{ id: 'a', type: 'api_call', api: 'store', operation: 'GET /nothing' }],
      '/steps/0/operation',
    ],
    [
      'another workspace’s API',
      [{ id: 'a', type: 'api_call', api: 'theirs', operation: 'GET /orders' }],
      '/steps/0/operation',
    ],
    [
      'a missing path parameter',
      [{ id: 'a', type: 'api_call', api: 'store', operation: 'GET /orders/{orderId}' }],
      '/steps/0/parameters/orderId',
    ],
    [
      'a value outside the enumeration',
      [{ id: 'a', type: 'api_call', api: 'store', operation: 'GET /orders', parameters: { status: 'lost' } }],
      '/steps/0/parameters/status',
    ],
    [
      'a step that comes later',
      [
        { id: 'a', type: 'transform', value: '{{ steps.b }}' },
        { id: 'b', type: 'transform', value: 1 },
      ],
      '/steps/0/value',
    ],
    ['an expression that does not parse', [{ id: 'a', type: 'transform', value: '{{ 1 + }}' }], '/steps/0/value'],
  ])('%s: refused with a pointer to the place', async (_, steps, path) => {
    const { call } = await tenantWithStore()
    const reply = await call('POST', '/api/workflows', { definition: { name: 'Wrong', steps } })
    expect([reply.status, reply.body.code, reply.body.errors[0].path]).toEqual([422, 'INVALID_WORKFLOW', path])
  })

  it('a workflow whose API was disconnected since', async () => {
    const tenant = await tenantWithStore()
    const id = await store(tenant, twoReads)
    await tenant.call('DELETE', `/api/apis/${tenant.apiId}`)
    expect((await tenant.call('POST', `/api/workflows/${id}/execute`, {})).body.code).toBe('INVALID_WORKFLOW')
  })

  it('a plan twice: the second is told which execution the first became, also when both come at once', async () => {
    const { call, store } = await tenantWithStore()
    const plan = await call('POST', '/api/chat', {
      message: 'Create a customer named Emmy Noether with email emmy@example.com',
    })
    const both = await Promise.all(
      [1, 2, 3].map(() => call('POST', '/api/chat/execute?wait=10', { planId: plan.data.id })),
    )
    const [done, ...refused] = both.toSorted((a, b) => a.status - b.status)
    expect([done?.status, ...refused.map((reply) => reply.status)]).toEqual([202, 409, 409])
    for (const reply of refused)
      expect(reply.body).toMatchObject({ code: 'PLAN_ALREADY_EXECUTED', executionId: done?.data.id })
    expect(await ledgerOf(store)).toHaveLength(1)
    expect((await call('GET', '/api/workflows')).data).toHaveLength(1)
    expect((await call('GET', `/api/chat/${plan.data.id}`)).data.executionId).toBe(done?.data.id)
  })

  it('a plan nobody made, and one that found nothing', async () => {
    const { call } = await newTenant()
    expect((await call('POST', '/api/chat/execute', { planId: 'pln_nothing' })).status).toBe(404)
    const plan = await call('POST', '/api/chat', { message: 'Fly me to the moon' })
    expect((await call('POST', '/api/chat/execute', { planId: plan.data.id })).body.code).toBe('INVALID_WORKFLOW')
  })
})
