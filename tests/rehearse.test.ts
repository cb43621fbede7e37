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
