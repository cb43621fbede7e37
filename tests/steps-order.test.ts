import { describe, expect, it } from 'vitest'
import { dependencies, isSafe } from '../src/steps/order.ts'
import type { ApiCallStep, Step, TransformStep } from '../src/steps/schema.ts'
import { followPath, propertiesOf, typesOf } from '../src/steps/schema-path.ts'

const transform = (id: string, value: unknown = 1): TransformStep => ({ id, type: 'transform', value })

const call = (id: string, operation: string, more: Partial<ApiCallStep> = {}): ApiCallStep => ({
  id,
  type: 'api_call',
  api: 'store',
  operation,
  ...more,
})

describe('the order of steps', () => {
  it.each([
    [transform('t'), true],
    [call('c', 'GET /a'), true],
    [call('c', 'HEAD /a'), true],
    [call('c', 'POST /a'), false],
    [call('c', 'PUT /a'), false],
    [call('c', 'PATCH /a'), false],
    [call('c', 'DELETE /a'), false],
  ] satisfies [Step, boolean][])('takes %j as safe to repeat: %j', (step, safe) => {
    expect(isSafe(step)).toBe(safe)
  })

  const needs = (steps: Step[]) => Object.fromEntries([...dependencies(steps)].map(([id, ids]) => [id, ids.toSorted()]))

  it('makes a write wait for everything before it, and a read only for what it refers to', () => {
    const steps = [
      call('customers', 'GET /customers'),
      call('orders', 'GET /orders', { parameters: { customerId: '{{ steps.customers.body.id }}' } }),
      call('products', 'GET /products'),
      call('create', 'POST /orders', { body: { product: '{{ steps.products.body.id }}' } }),
      call('cancel', 'POST /orders/{id}/cancel'),
      call('again', 'GET /orders'),
      transform('total', '{{ $sum(steps.orders.body.total) }}'),
    ]
    expect(needs(steps)).toEqual({
      customers: [],
      orders: ['customers'],
      products: [],
      create: ['customers', 'orders', 'products'],
      cancel: ['create', 'customers', 'orders', 'products'],
      again: [],
      total: ['orders'],
    })
  })

  it('makes a read wait for what it names in dependsOn, and for nothing twice', () => {
    const steps = [
      call('a', 'POST /a'),
      call('b', 'GET /b', { dependsOn: ['a'], parameters: { x: '{{ steps.a.body.x }}', y: '{{ steps.a.body.y }}' } }),
    ]
    expect(needs(steps)).toEqual({ a: [], b: ['a'] })
  })

  it.each([
    [
      'parameters and body alike',
      call('x', 'GET /a', { parameters: { p: '{{ steps.a.body }}' }, body: ['{{ steps.b.body }}'] }),
      ['a', 'b'],
    ],
    ['predicates', transform('x', '{{ steps.a.body[z = $$.steps.b.body] }}'), ['a', 'b']],
    ['the top of an expression by its sign', transform('x', '{{ $.steps.a.body }}'), ['a']],
    ['all steps at once', transform('x', '{{ $count($keys(steps)) }}'), ['a', 'b']],
    ['all steps by a variable', transform('x', '{{ ($s := steps; $s.a.body) }}'), ['a', 'b']],
    ['all steps by a wildcard', transform('x', '{{ steps.*.body }}'), ['a', 'b']],
    ['what $eval may read', transform('x', "{{ $eval('steps.a') }}"), ['a', 'b']],
  ])('follows what a step refers to in %s', (_, step, expected) => {
    const needs = dependencies([transform('a'), transform('b'), step, transform('later')])
    expect(needs.get('x')?.toSorted()).toEqual(expected)
  })
})

describe('followPath', () => {
  const order = { type: 'object', properties: { id: { type: 'string' }, total: { type: ['number', 'null'] } } }
  const list = { type: 'object', properties: { items: { type: 'array', items: order } } }

  it.each([
    ['a property', list, 'items', ['array']],
    ['a property of every item', list, 'items.id', ['string']],
    ['a nullable one, without null', list, 'items.total', ['number']],
    ['lists of lists', { items: { items: order } }, 'id', ['string']],
    ['allOf', { allOf: [{ properties: { a: { type: 'integer' } } }, order] }, 'id', ['string']],
    ['one of several', { oneOf: [order, { properties: { b: { type: 'boolean' } } }] }, 'b', ['boolean']],
    ['the whole', order, '', ['object']],
  ])('proves %s', (_, schema, path, types) => {
    const found = followPath(schema, path === '' ? [] : path.split('.'))
    expect(found.verdict === 'proved' && typesOf(found.schema)).toEqual(types)
  })

  it.each([
    ['a name that an open object does not declare', order, 'other', 'unproven'],
    ['a name that a closed object does not declare', { ...order, additionalProperties: false }, 'other', 'wrong'],
    ['a name in an item of a closed object', { items: { ...order, additionalProperties: false } }, 'other', 'wrong'],
    ['what lies behind a reference', { $ref: '#/x' }, 'id', 'unproven'],
    ['what lies behind a property with a reference', { properties: { a: { $ref: '#/x' } } }, 'a.id', 'unproven'],
    ['a response that is not described', null, 'id', 'unproven'],
    ['a name that every object has', order, 'constructor', 'unproven'],
  ])('says of %s what it knows', (_, schema, path, verdict) => {
    expect(followPath(schema, path.split('.')).verdict).toBe(verdict)
  })

  it('knows the properties of all variants, the first one winning', () => {
    const schema = { properties: { a: { title: '1' } }, allOf: [{ properties: { a: { title: '2' }, b: {} } }] }
    expect([...propertiesOf(schema)]).toEqual([
      ['a', { title: '1' }],
      ['b', {}],
    ])
  })
})
