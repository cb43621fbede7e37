import { describe, expect, it, vi } from 'vitest'
import { ledgerOf, newTenant, tenantWithScript, tenantWithStore, testEnv, type Reply, type Tenant } from './helpers.ts'

const json = { 'content-type': 'application/json' }
const storeCall = (id: string, operation: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation,
  ...more,
})

async function run(tenant: Tenant, definition: object, input = {}, wait = 20): Promise<Reply['data']> {
  const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', ...definition } })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  return (await tenant.call('POST', `/api/workflows/${created.data.id}/execute?wait=${wait}`, { input })).data
}

const replay = (tenant: Tenant, id: string, body: object = {}) =>
  tenant.call('POST', `/api/executions/${id}/replay`, body)
const askedOf = async (script: string): Promise<unknown[]> =>
  (await fetch(`${testEnv.UPSTREAMS}/broken/scripted/${script}/asked`)).json()

describe('a replay', () => {
  const inputs = { type: 'object', properties: { name: { type: 'string' } } }
  const steps = [
    storeCall('orders', 'GET /orders', { parameters: { limit: 2 } }),
    {
      id: 'each',
      type: 'loop',
      items: '{{ steps.orders.body.items }}',
      as: 'order',
      steps: [storeCall('order', 'GET /orders/{orderId}', { parameters: { orderId: '{{ order.id }}' } })],
    },
    storeCall('create', 'POST /customers', { body: { name: '{{ input.name }}', email: 'a@example.com' } }),
  ]

  it('of what ran makes the same requests and comes to the same, and sends nothing', async () => {
    const tenant = await tenantWithStore()
    const execution = await run(tenant, { steps, inputs }, { name: 'Ada' })
    expect(execution.status).toBe('succeeded')
    const before = await ledgerOf(tenant.store)
    const { status, data } = await replay(tenant, execution.id)
    expect(status).toBe(200)
    expect(data).toMatchObject({ status: 'succeeded', output: execution.output, error: null, uncalled: [] })
    expect(
      data.steps.map((one: Record<string, unknown>) => [one['step'], one['attempt'], one['same'], one['answered']]),
    ).toEqual([
      ['orders', 1, true, true],
      ['each[0].order', 1, true, true],
      ['each[1].order', 1, true, true],
      ['create', 1, true, true],
    ])
    expect(await ledgerOf(tenant.store)).toEqual(before)
    expect(JSON.stringify(data)).not.toContain(tenant.store.apiKey)
  })

  it('finds the time and the chance of then: what is evaluated anew comes to the same', async () => {
    const tenant = await tenantWithStore()
    const drawn = '{{ [$now(), $now("[Y]-[M]"), $millis(), $random(), $random(), $shuffle([1..20])] }}'
    const body = {
      name: '{{ $string($random()) }}',
      email: '{{ $string($millis()) }}@example.com',
      city: '{{ $now() }}',
    }
    const steps = [
      { id: 'drawn', type: 'transform', value: [drawn, drawn] },
      storeCall('create', 'POST /customers', { body }),
      {
        id: 'each',
        type: 'loop',
        items: '{{ $shuffle([1..5]) }}',
        steps: [{ id: 'kept', type: 'transform', when: '{{ $random() > 0.5 }}', value: '{{ [item, $random()] }}' }],
      },
      {
        id: 'some',
        type: 'loop',
        while: '{{ $random() < 0.9 }}',
        maxIterations: 1000,
        steps: [{ id: 'one', type: 'transform', value: '{{ $random() }}' }],
      },
    ]
    const output = {
      drawn: '{{ steps.drawn }}',
      each: '{{ steps.each }}',
      some: '{{ steps.some }}',
      now: '{{ $now() }}',
      n: '{{ $random() }}',
    }
    const execution = await run(tenant, { steps, output })
    expect(execution.status).toBe('succeeded')
    const {
      drawn: [first, second],
      n,
    } = execution.output
    // Chance is none: what stands in several places is not the same.
    expect(new Set([first[3], first[4], second[3], second[4], n]).size).toBe(5)
    expect(first.slice(5)).not.toEqual(second.slice(5))
    expect(first.slice(5).toSorted((a: number, b: number) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => n + 1),
    )
    const { data } = await replay(tenant, execution.id)
    expect(data).toMatchObject({ status: 'succeeded', output: execution.output, uncalled: [] })
    expect(data.steps).toMatchObject([{ step: 'create', same: true }])
    const again = await run(tenant, { steps, output })
    expect(again.output.drawn[0][3]).not.toBe(first[3])
  })

  it('of an edited definition tells what it would do otherwise, and where nobody knows', async () => {
    const tenant = await tenantWithStore()
    const execution = await run(tenant, { steps, inputs }, { name: 'Ada' })
    const edited = {
      name: 'Edited',
      inputs,
      steps: [
        steps[0],
        storeCall('create', 'POST /customers', { body: { name: 'Dear {{ input.name }}', email: 'a@example.com' } }),
        storeCall('more', 'GET /products'),
        { id: 'names', type: 'transform', value: '{{ steps.more.body.items.name }}' },
      ],
    }
    const { data } = await replay(tenant, execution.id, { definition: edited })
    expect(data).toMatchObject({ status: 'stopped', output: null })
    expect(data.steps.map((one: Record<string, unknown>) => [one['step'], one['same'], one['answered']])).toEqual([
      ['orders', true, true],
      ['more', false, false],
      ['create', false, true],
    ])
    const create = data.steps.at(-1)
    expect([create.request.body, create.recorded.body]).toEqual([
      expect.stringContaining('Dear Ada'),
      expect.not.stringContaining('Dear'),
    ])
    expect(create.request.headers['idempotency-key']).toBe(create.recorded.headers['idempotency-key'])
    expect(data.steps.find(({ step }: { step: string }) => step === 'more').problem).toContain('not called then')
    expect(data.uncalled.map(({ step }: { step: string }) => step)).toEqual(['each[0].order', 'each[1].order'])
    expect(await ledgerOf(tenant.store)).toHaveLength(1)
  })

  it('makes the attempts that were made, and fails as it failed', async () => {
    const tenant = await tenantWithScript({ status: 503 }, { status: 500, headers: json, body: '{"detail":"broken"}' })
    const call = {
      id: 'call',
      type: 'api_call',
      api: 'api',
      operation: 'GET /broken/scripted/{id}',
      parameters: { id: tenant.script },
      retry: { maxAttempts: 2, delayMs: 10 },
    }
    const execution = await run(tenant, { steps: [call] })
    expect(execution.status).toBe('failed')
    const { data } = await replay(tenant, execution.id)
    expect(data).toMatchObject({ status: 'failed', error: execution.error })
    expect(data.steps.map((one: Record<string, unknown>) => [one['attempt'], one['same']])).toEqual([
      [1, true],
      [2, true],
    ])
    expect(await askedOf(tenant.script)).toHaveLength(2)
    const more = { ...call, retry: { maxAttempts: 3, delayMs: 10 } }
    const further = await replay(tenant, execution.id, { definition: { name: 'More', steps: [more] } })
    expect(further.data).toMatchObject({ status: 'stopped', steps: [{}, {}, { attempt: 3, answered: false }] })
  })

  it('gives the decisions that were given, and waits where none was', async () => {
    const tenant = await newTenant()
    const steps = [
      { id: 'ask', type: 'approval', message: 'Sure?' },
      { id: 'nap', type: 'delay', durationMs: 86_400_000 },
      { id: 'said', type: 'transform', value: '{{ steps.ask.comment }}' },
    ]
    const { id } = await run(tenant, { steps: steps.toSpliced(1, 1) }, {}, 0)
    await vi.waitUntil(
      async () => (await tenant.call('GET', `/api/executions/${id}`)).data.steps[0].status === 'asking',
    )
    expect((await replay(tenant, id)).data).toMatchObject({ status: 'stopped', steps: [] })
    await tenant.call('POST', `/api/executions/${id}/decide`, { step: 'ask', verdict: 'approve', comment: 'go' })
    await vi.waitUntil(async () => (await tenant.call('GET', `/api/executions/${id}`)).data.status === 'succeeded')
    expect((await replay(tenant, id, { definition: { name: 'Slow', steps } })).data).toMatchObject({
      status: 'succeeded',
      output: 'go',
    })
  })

  it('takes the course after somebody took the run up again, with the input of then', async () => {
    const tenant = await tenantWithScript({ status: 400 }, { headers: json, body: '{"n":1}' })
    const inputs = { type: 'object', properties: { script: { type: 'string' } } }
    const call = {
      id: 'call',
      type: 'api_call',
      api: 'api',
      operation: 'POST /broken/scripted/{id}',
      parameters: { id: '{{ input.script }}' },
      body: { name: '{{ input.script }}', password: 'x' },
    }
    const execution = await run(tenant, { steps: [call], inputs }, { script: tenant.script })
    expect(execution.status).toBe('failed')
    await tenant.call('POST', `/api/executions/${execution.id}/resume`, { input: { script: tenant.script } })
    await vi.waitUntil(
      async () => (await tenant.call('GET', `/api/executions/${execution.id}`)).data.status === 'succeeded',
    )
    expect((await replay(tenant, execution.id)).data).toMatchObject({
      status: 'succeeded',
      output: { n: 1 },
      steps: [{ same: true }],
    })
  })

  it('is for the workspace, and for who may execute', async () => {
    const tenant = await newTenant()
    const { id } = await run(tenant, { steps: [{ id: 'one', type: 'transform', value: 1 }] })
    const [stranger, reader] = await Promise.all([newTenant(), newTenant(['read'])])
    expect((await replay(stranger, id)).status).toBe(404)
    expect((await replay(reader, id)).status).toBe(403)
  })
})

describe('running again', () => {
  it('takes the same version with the same input, or another, and is recorded', async () => {
    const tenant = await newTenant()
    const inputs = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    const definition = {
      name: 'Twice',
      inputs,
      steps: [{ id: 'twice', type: 'transform', value: '{{ input.n * 2 }}' }],
    }
    const first = await run(tenant, definition, { n: 4 })
    await tenant.call('PATCH', `/api/workflows/${first.workflowId}`, {
      definition: { ...definition, steps: [{ id: 'twice', type: 'transform', value: 'changed' }] },
    })
    const rerun = async (body: object) => {
      const reply = await tenant.call('POST', `/api/executions/${first.id}/rerun`, body)
      if (reply.status !== 202) return reply.status
      const path = `/api/executions/${reply.data.id}`
      await vi.waitUntil(async () => (await tenant.call('GET', path)).data.status === 'succeeded')
      return (await tenant.call('GET', path)).data
    }
    const same = await rerun({})
    expect(same).toMatchObject({ output: 8, trigger: 'api', workflowId: first.workflowId, workflowVersion: 1 })
    expect(same.id).not.toBe(first.id)
    expect(await rerun({ input: { n: 5 } })).toMatchObject({ output: 10, input: { n: 5 } })
    const awaited = await tenant.call('POST', `/api/executions/${first.id}/rerun?wait=10`, { input: { n: 7 } })
    expect(awaited.data).toMatchObject({ status: 'succeeded', output: 14 })
    expect(await rerun({ input: { n: 'many' } })).toBe(422)
    const { results } = await testEnv.DB.prepare('select details from audit_log where resource = ? and action = ?')
      .bind(same.id, 'run.create')
      .all()
    expect(JSON.parse(String(results[0]?.['details']))).toMatchObject({ source: first.id })
    expect((await (await newTenant()).call('POST', `/api/executions/${first.id}/rerun`, {})).status).toBe(404)
  })
})
