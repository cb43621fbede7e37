import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleOf } from '../src/specs/sample.ts'
import { ledgerOf, tenantWithStore } from './helpers.ts'

const call = (id: string, operation: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation,
  ...more,
})

describe('a rehearsal', () => {
  it('shows the requests of every branch and iteration, and sends none', async () => {
    const tenant = await tenantWithStore()
    const steps = [
      call('orders', 'GET /orders', { parameters: { limit: '{{ input.limit }}' } }),
      {
        id: 'each',
        type: 'loop',
        items: '{{ steps.orders.body.items }}',
        as: 'order',
        steps: [call('order', 'GET /orders/{orderId}', { parameters: { orderId: '{{ order.id }}' } })],
      },
      {
        id: 'many',
        type: 'condition',
        if: '{{ input.limit > 100 }}',
        then: [call('one', 'GET /customers')],
        else: [call('create', 'POST /customers', { body: { name: 'Ada', email: 'a@example.com' } })],
      },
      { id: 'nap', type: 'delay', durationMs: 86_400_000 },
      { id: 'ask', type: 'approval', message: 'Sure?' },
      call('last', 'GET /products'),
    ]
    const inputs = { type: 'object', properties: { limit: { type: 'integer', minimum: 5 } } }
    const { status, data } = await tenant.call('POST', '/api/rehearsals', {
      definition: { name: 'Try', steps, inputs },
    })
    expect(status).toBe(200)
    expect(data.input).toEqual({ limit: 5 })
    const shown = data.steps.map((one: { step: string; request: { method: string }; otherwise: boolean }) => [
      one.step,
      one.request?.method,
      one.otherwise,
    ])
    expect(shown).toEqual([
      ['orders', 'GET', false],
      ['each[0].order', 'GET', false],
      ['each[1].order', 'GET', false],
      ['create', 'POST', false],
      ['last', 'GET', false],
      ['one', 'GET', true],
    ])
    expect(data.steps[0].request.url).toContain('limit=5')
    expect(JSON.stringify(data)).not.toContain(tenant.store.apiKey)
    expect(await ledgerOf(tenant.store)).toEqual([])
  })

  it('says where a request could not be written', async () => {
    const tenant = await tenantWithStore()
    const steps = [call('order', 'GET /orders/{orderId}', { parameters: { orderId: '{{ $error("no order") }}' } })]
    const { data } = await tenant.call('POST', '/api/rehearsals', { definition: { name: 'Bad', steps } })
    expect(data.steps).toMatchObject([{ step: 'order', request: null, problem: expect.stringContaining('no order') }])
  })
})

describe('a rehearsal goes every way:', () => {
  const set = (id: string, value: unknown = 1, more: object = {}) => ({ id, type: 'transform', value, ...more })
  const rehearse = async (steps: object[]) => {
    const tenant = await tenantWithStore()
    const { status, data } = await tenant.call('POST', '/api/rehearsals', { definition: { name: 'Try', steps } })
    expect([status, await ledgerOf(tenant.store)]).toEqual([200, []])
    const calls = data.steps.filter(({ request }: { request: unknown }) => request)
    return {
      ...data,
      paths: calls.map(({ step }: { step: string }) => step),
      unvisited: data.branches.filter(({ visited }: { visited: boolean }) => !visited),
    }
  }
  const choice = (id: string, then: object[], otherwise?: object[]) => ({
    id,
    type: 'condition',
    if: true,
    then,
    ...(otherwise && { else: otherwise }),
  })
  const get = (id: string, more: object = {}) => call(id, 'GET /customers', more)

  it('each branch of conditions within conditions, one at a time', async () => {
    const { paths, unvisited, branches } = await rehearse([
      choice(
        'a',
        [choice('b', [get('b1')], [choice('c', [get('c1')], [get('c2')])])],
        [choice('d', [get('d1')], [get('d2')]), get('e')],
      ),
      choice('f', [get('f1')], [get('f2')]),
    ])
    expect(paths.toSorted()).toEqual(['b1', 'c1', 'c2', 'd1', 'd2', 'e', 'f1', 'f2'])
    expect(unvisited).toEqual([])
    expect(branches).toHaveLength(10)
    expect(branches.filter(({ otherwise }: { otherwise: boolean }) => !otherwise)).toEqual([
      { step: 'a', way: 'then', visited: true, otherwise: false },
      { step: 'b', way: 'then', visited: true, otherwise: false },
      { step: 'f', way: 'then', visited: true, otherwise: false },
    ])
  })

  it('branches whose condition cannot be told from what is made up', async () => {
    const { steps, unvisited } = await rehearse([
      { ...choice('odd', [get('one')], [get('two')]), if: '{{ $error("not known") }}' },
    ])
    expect(unvisited).toEqual([])
    expect(steps.map((one: { step: string; problem: string | null }) => [one.step, one.problem !== null])).toEqual([
      ['odd', true],
      ['one', false],
      ['two', false],
    ])
  })

  it('conditions within loops, loops that would not begin, and the branches of a parallel', async () => {
    const { paths, unvisited } = await rehearse([
      { id: 'each', type: 'loop', items: [1, 2], steps: [choice('pick', [get('x')], [get('y')])] },
      { id: 'again', type: 'loop', while: '{{ false }}', steps: [get('z')] },
      { id: 'ever', type: 'loop', while: '{{ true }}', steps: [get('w')] },
      { id: 'both', type: 'parallel', branches: [[get('p')], [choice('q', [get('q1')], [get('q2')])]] },
      { id: 'none', type: 'loop', items: [], steps: [get('n')] },
    ])
    expect(paths.toSorted()).toEqual(
      [
        'each[0].x',
        'each[1].x',
        'each[0].y',
        'each[1].y',
        'again[0].z',
        'ever[0].w',
        'ever[1].w',
        'p',
        'q1',
        'q2',
      ].toSorted(),
    )
    // Over nothing there is no item to go on with.
    expect(unvisited.map(({ step }: { step: string }) => step)).toEqual(['none'])
  })

  it('steps that would be skipped, and what follows a failure that is gone beyond', async () => {
    const { paths, unvisited, branches } = await rehearse([
      get('first', { when: '{{ false }}' }),
      get('risky', { onError: { goto: 'late' } }),
      get('between'),
      get('late', { when: '{{ $exists(steps.risky.error) }}' }),
      { id: 'ask', type: 'approval', message: 'Go on?', onError: 'continue' },
      choice('refused', [get('undo')]),
      set('end'),
    ])
    expect(paths.toSorted()).toEqual(['between', 'first', 'late', 'risky', 'undo'])
    expect(unvisited).toEqual([])
    expect(branches.map(({ step, way }: { step: string; way: string }) => `${step} ${way}`)).toEqual([
      'first run',
      'first skipped',
      'risky failed',
      'late run',
      'late skipped',
      'ask failed',
      'refused then',
      'refused else',
    ])
  })

  it('and stops somewhere', async () => {
    const { branches, unvisited } = await rehearse(
      Array.from({ length: 80 }, (_, index) => choice(`c${index}`, [set(`t${index}`)], [set(`e${index}`)])),
    )
    expect(branches).toHaveLength(160)
    expect(unvisited.length).toBeGreaterThan(0)
  })
})

describe('a sample of a schema', () => {
  it.each([
    [{ type: 'string', format: 'date' }, '2026-01-31'],
    [{ type: ['null', 'integer'], minimum: 3 }, 3],
    [{ enum: ['late', 'new'] }, 'late'],
    [{ type: 'string', minLength: 6, maxLength: 6 }, 'textxx'],
    [
      { allOf: [{ type: 'object', properties: { a: { const: 1 } } }, { properties: { b: { default: 2 } } }] },
      { a: 1, b: 2 },
    ],
    [{ oneOf: [{ type: 'boolean' }, { type: 'string' }] }, true],
    [{ type: 'array', items: { type: 'integer' }, minItems: 3 }, [1, 1, 1]],
    [{ $ref: '#/unknown' }, null],
  ])('%j gives %j', (schema, value) => {
    expect(sampleOf(schema)).toEqual(value)
  })

  it('fits the schema it is made from, however deep', () => {
    const schema = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        fc.record({ type: fc.constantFrom('string', 'integer', 'boolean') }),
        fc.record({ type: fc.constant('array'), items: tie('node') }),
        fc.record({ type: fc.constant('object'), properties: fc.dictionary(fc.string(), tie('node')) }),
      ),
    })).node as fc.Arbitrary<Shape>
    fc.assert(
      fc.property(schema, (shape) => {
        expect(fits(sampleOf(shape), shape)).toBe(true)
      }),
    )
  })
})

type Shape = { type: string; items?: Shape; properties?: Record<string, Shape> }

function fits(value: unknown, { type, items, properties }: Shape): boolean {
  if (type === 'array') return Array.isArray(value) && items !== undefined && value.every((item) => fits(item, items))
  if (type === 'integer') return Number.isInteger(value)
  if (type !== 'object') return typeof value === type
  const members = Object.entries(properties ?? {})
  return members.every(([name, shape]) =>
    fits(Object.entries(value as object).find(([key]) => key === name)?.[1], shape),
  )
}
