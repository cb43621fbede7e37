import { evictDurableObject } from 'cloudflare:test'
import { describe, expect, it, vi } from 'vitest'
import { ledgerOf, tenantWithStore, testEnv, type Reply, type Tenant } from './helpers.ts'

type Definition = Record<string, unknown>

async function run(tenant: Tenant, steps: Definition[], more: Definition = {}, input = {}): Promise<Reply> {
  const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Test', steps, ...more } })
  if (created.status !== 201) throw new Error(JSON.stringify(created.body))
  return tenant.call('POST', `/api/workflows/${created.data.id}/execute?wait=20`, { input })
}

const until = (tenant: Tenant, id: string, test: (execution: Reply['data']) => boolean) =>
  vi.waitUntil(
    async () => {
      const { data } = await tenant.call('GET', `/api/executions/${id}`)
      return test(data) ? data : undefined
    },
    { timeout: 10_000 },
  )

const set = (id: string, value: unknown, more: Definition = {}) => ({ id, type: 'transform', value, ...more })
const stepOf = (data: Reply['data'], id: string) => data.steps.find((step: { id: string }) => step.id === id)

describe('a condition', () => {
  const steps = [
    set('n', '{{ input.n }}'),
    {
      id: 'check',
      type: 'condition',
      if: '{{ steps.n > 2 }}',
      then: [set('big', 'large')],
      else: [set('small', 'little')],
    },
    set('after', { was: '{{ steps.check }}', big: '{{ steps.big }}' }),
  ]
  const inputs = { type: 'object', properties: { n: { type: 'integer' } } }

  it('runs one of its branches, and later steps see what that gave', async () => {
    const tenant = await tenantWithStore()
    const yes = await run(tenant, steps, { inputs }, { n: 3 })
    expect(yes.data).toMatchObject({ status: 'succeeded', output: { was: 'large', big: 'large' } })
    const no = await run(tenant, steps, { inputs }, { n: 1 })
    expect(no.data.output).toEqual({ was: 'little' })
    expect(stepOf(no.data, 'big').status).toBe('pending')
  })
})

describe('a loop', () => {
  it('goes over items with bounded concurrency, and gives what each iteration gave, in order', async () => {
    const tenant = await tenantWithStore()
    const items = '{{ [1..40] }}'
    const inner = set('double', '{{ [n * 2, index] }}')
    const { data } = await run(tenant, [{ id: 'all', type: 'loop', items, as: 'n', concurrency: 7, steps: [inner] }])
    expect(data.status).toBe('succeeded')
    expect(data.output).toEqual(Array.from({ length: 40 }, (_, index) => [(index + 1) * 2, index]))
  })

  it('sends each write once, in its own iteration, under a key of its own', async () => {
    const tenant = await tenantWithStore()
    const create = {
      id: 'create',
      type: 'api_call',
      api: 'store',
      operation: 'POST /customers',
      body: { name: 'Customer {{ index }}', email: 'c{{ index }}@example.com' },
    }
    const { data } = await run(tenant, [
      { id: 'all', type: 'loop', items: '{{ [1..5] }}', concurrency: 5, steps: [create] },
    ])
    expect(data.status).toBe('succeeded')
    const keys = (await ledgerOf(tenant.store)).map((entry) => entry.idempotencyKey)
    expect(keys.toSorted()).toEqual([0, 1, 2, 3, 4].map((index) => `${data.id}:all[${index}].create`))
  })

  it('goes on while its condition holds, and is stopped at its cap', async () => {
    const tenant = await tenantWithStore()
    const loop = (cap: number) => [
      {
        id: 'count',
        type: 'loop',
        while: '{{ $count(steps.count) < 5 }}',
        maxIterations: cap,
        steps: [set('one', '{{ index }}')],
      },
    ]
    expect((await run(tenant, loop(10))).data.output).toEqual([0, 1, 2, 3, 4])
    const capped = await run(tenant, loop(3))
    expect(capped.data).toMatchObject({ status: 'failed', error: { step: 'count' } })
  })

  it('over nothing gives an empty list; over one thing, a list of one', async () => {
    const tenant = await tenantWithStore()
    const loop = (items: string) => [{ id: 'all', type: 'loop', items, steps: [set('same', '{{ item }}')] }]
    expect((await run(tenant, loop('{{ [] }}'))).data.output).toEqual([])
    expect((await run(tenant, loop('{{ 7 }}'))).data.output).toEqual([7])
  })

  it('fails with the step and iteration that failed, unless that is to be passed over', async () => {
    const tenant = await tenantWithStore()
    const get = (onError?: string) => ({
      id: 'order',
      type: 'api_call',
      api: 'store',
      operation: 'GET /orders/{orderId}',
      parameters: { orderId: '{{ item }}' },
      ...(onError && { onError }),
    })
    const items = ['ord_3013', 'ord_nothing', 'ord_3014']
    const failing = await run(tenant, [{ id: 'all', type: 'loop', items, steps: [get()] }])
    expect(failing.data.error.message).toContain('all[1].order')
    const passing = await run(tenant, [
      {
        id: 'all',
        type: 'loop',
        items,
        steps: [get('continue'), set('got', '{{ $exists(steps.order.error) ? "none" : steps.order.body.id }}')],
      },
    ])
    expect(passing.data.output).toEqual(['ord_3013', 'none', 'ord_3014'])
  })

  it('nested in a loop knows both items', async () => {
    const tenant = await tenantWithStore()
    const inner = {
      id: 'inner',
      type: 'loop',
      items: ['a', 'b'],
      as: 'letter',
      steps: [set('pair', '{{ letter & $string(number) }}')],
    }
    const { data } = await run(tenant, [
      { id: 'outer', type: 'loop', items: [1, 2], as: 'number', concurrency: 2, steps: [inner] },
    ])
    expect(data.output).toEqual([
      ['a1', 'b1'],
      ['a2', 'b2'],
    ])
  })
})

describe('parallel branches', () => {
  it('run side by side, and their values come in the order of the branches', async () => {
    const tenant = await tenantWithStore()
    const branches = [[set('a', 1), set('b', '{{ steps.a + 1 }}')], [set('c', 5)]]
    const { data } = await run(tenant, [
      { id: 'both', type: 'parallel', branches },
      set('sum', '{{ steps.b + steps.c }}'),
    ])
    expect(stepOf(data, 'both').output).toEqual([2, 5])
    expect(data.output).toBe(7)
  })
})

describe('when and onError', () => {
  it('a step whose condition does not hold is skipped, and what needs it goes on without', async () => {
    const tenant = await tenantWithStore()
    const { data } = await run(tenant, [set('a', 1, { when: '{{ false }}' }), set('b', { a: '{{ steps.a }}' })])
    expect(data).toMatchObject({ status: 'succeeded', output: {} })
    expect(stepOf(data, 'a').status).toBe('skipped')
  })

  it('goes on at a later step and skips those between', async () => {
    const tenant = await tenantWithStore()
    const missing = {
      type: 'api_call',
      api: 'store',
      operation: 'GET /orders/{orderId}',
      parameters: { orderId: 'none' },
    }
    const { data } = await run(tenant, [
      { id: 'order', ...missing, onError: { goto: 'end' } },
      set('between', 'never'),
      set('end', '{{ steps.order.error.status }}'),
    ])
    expect(data).toMatchObject({ status: 'succeeded', output: 404 })
    expect(stepOf(data, 'between').status).toBe('skipped')
  })
})

describe('waiting', () => {
  it('for a time: what is listed after a delay comes after it', async () => {
    const tenant = await tenantWithStore()
    const { data } = await run(tenant, [
      { id: 'nap', type: 'delay', durationMs: 150 },
      set('then', '{{ steps.nap.until }}'),
    ])
    expect(data.status).toBe('succeeded')
    expect(Date.parse(stepOf(data, 'then').startedAt)).toBeGreaterThanOrEqual(Date.parse(data.output))
  })

  it('for a person: approved it goes on, refused it fails, by whom is kept', async () => {
    const tenant = await tenantWithStore()
    const steps = [
      { id: 'ask', type: 'approval', message: 'Refund {{ input.sum }}?' },
      set('then', '{{ steps.ask.approved }}'),
    ]
    const inputs = { type: 'object', properties: { sum: { type: 'integer' } } }
    const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Ask', steps, inputs } })
    const begin = () => tenant.call('POST', `/api/workflows/${created.data.id}/execute`, { input: { sum: 5 } })
    const first = await begin()
    const asking = await until(tenant, first.data.id, (data) => stepOf(data, 'ask').status === 'asking')
    expect(stepOf(asking, 'ask').message).toBe('Refund 5?')
    const decide = (id: string, verdict: string) =>
      tenant.call('POST', `/api/executions/${id}/decide`, { step: 'ask', verdict, comment: 'seen' })
    expect((await decide(first.data.id, 'repeat')).status).toBe(409)
    expect((await decide(first.data.id, 'approve')).status).toBe(200)
    expect((await until(tenant, first.data.id, (data) => data.status === 'succeeded')).output).toBe(true)
    const second = await begin()
    await until(tenant, second.data.id, (data) => stepOf(data, 'ask').status === 'asking')
    await decide(second.data.id, 'refuse')
    const refused = await until(tenant, second.data.id, (data) => data.status === 'failed')
    expect(refused.error.message).toContain('seen')
  })
})

describe('a run in somebody’s hands', () => {
  const waits = [{ id: 'ask', type: 'approval', message: 'Go on?' }, set('end', 'done')]

  it('is paused and resumed', async () => {
    const tenant = await tenantWithStore()
    const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Pause', steps: waits } })
    const { data } = await tenant.call('POST', `/api/workflows/${created.data.id}/execute`, { input: {} })
    await until(tenant, data.id, (execution) => stepOf(execution, 'ask').status === 'asking')
    expect((await tenant.call('POST', `/api/executions/${data.id}/pause`)).data.status).toBe('paused')
    await tenant.call('POST', `/api/executions/${data.id}/decide`, { step: 'ask', verdict: 'approve' })
    expect(stepOf((await tenant.call('GET', `/api/executions/${data.id}`)).data, 'end').status).toBe('pending')
    expect((await tenant.call('POST', `/api/executions/${data.id}/resume`, {})).status).toBe(200)
    await until(tenant, data.id, (execution) => execution.status === 'succeeded')
    expect((await tenant.call('POST', `/api/executions/${data.id}/resume`, {})).status).toBe(409)
  })

  it('that failed is taken up again with other input; what was done stays done', async () => {
    const tenant = await tenantWithStore()
    const create = { type: 'api_call', api: 'store', operation: 'POST /customers' }
    const steps = [
      { id: 'first', ...create, body: { name: 'Ada Byron', email: 'ada.byron@example.com' } },
      {
        id: 'order',
        type: 'api_call',
        api: 'store',
        operation: 'GET /orders/{orderId}',
        parameters: { orderId: '{{ input.order }}' },
        dependsOn: ['first'],
      },
    ]
    const inputs = { type: 'object', properties: { order: { type: 'string' } } }
    const failed = await run(tenant, steps, { inputs }, { order: 'none' })
    expect(failed.data.status).toBe('failed')
    const resumed = await tenant.call('POST', `/api/executions/${failed.data.id}/resume`, {
      input: { order: 'ord_3013' },
    })
    expect(resumed.status).toBe(200)
    const done = await until(tenant, failed.data.id, (data) => data.status === 'succeeded')
    expect(done.output.id).toBe('ord_3013')
    expect(await ledgerOf(tenant.store)).toHaveLength(1)
  })

  it('survives the death of its object in the middle of a loop, and has a log from which it can be rebuilt', async () => {
    const tenant = await tenantWithStore()
    const ask = { id: 'ask', type: 'approval', message: 'Number {{ item }}?' }
    const steps = [
      { id: 'all', type: 'loop', items: [1, 2], steps: [set('n', '{{ item }}'), ask, set('out', '{{ steps.n }}')] },
    ]
    const created = await tenant.call('POST', '/api/workflows', { definition: { name: 'Die', steps } })
    const { data } = await tenant.call('POST', `/api/workflows/${created.data.id}/execute`, { input: {} })
    const approve = async (path: string) => {
      await until(tenant, data.id, (execution) => stepOf(execution, path)?.status === 'asking')
      await evictDurableObject(testEnv.WORKFLOW_RUN.get(testEnv.WORKFLOW_RUN.idFromName(data.id)))
      await tenant.call('POST', `/api/executions/${data.id}/decide`, { step: path, verdict: 'approve' })
    }
    await approve('all[0].ask')
    await approve('all[1].ask')
    const done = await until(tenant, data.id, (execution) => execution.status === 'succeeded')
    expect(done.output).toEqual([1, 2])
    const log = await tenant.call('GET', `/api/executions/${data.id}/log`)
    expect(log.data.at(0).type).toBe('run.started')
    expect(log.data.at(-1)).toMatchObject({ type: 'run.succeeded', output: [1, 2] })
  })
})

describe('a definition that cannot run', () => {
  it.each([
    [
      'a reference to a step within a loop',
      [{ id: 'l', type: 'loop', items: [1], steps: [set('x', 1)] }, set('y', '{{ steps.x }}')],
      '/steps/1/value',
    ],
    [
      'an id used twice, in two branches',
      [{ id: 'c', type: 'condition', if: true, then: [set('x', 1)], else: [set('x', 2)] }],
      '/steps/0/else/0/id',
    ],
    ['a jump to nowhere', [set('x', 1, { onError: { goto: 'nowhere' } })], '/steps/0/onError/goto'],
  ])('%s: refused, with its place', async (_, steps, path) => {
    const tenant = await tenantWithStore()
    const reply = await tenant.call('POST', '/api/workflows', { definition: { name: 'Bad', steps } })
    expect([reply.status, reply.body.errors[0].path]).toEqual([422, path])
  })
})

it('a text of more expressions than anybody writes is refused, not worked through', async () => {
  const tenant = await tenantWithStore()
  const definition = { name: 'Many', steps: [set('x', '{{ 1 }}'.repeat(100_000))] }
  expect((await tenant.call('POST', '/api/workflows', { definition })).body.code).toBe('INVALID_WORKFLOW')
})
