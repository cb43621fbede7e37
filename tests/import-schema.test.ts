import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BINARY, inferSchema, scalarOf } from '../src/specs/import/infer-schema.ts'
import { templateOf } from '../src/specs/import/path-template.ts'
import { accepts } from './import-reading.ts'

const jsonValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      3,
      -2.5,
      1e21,
      '',
      'text',
      '2026-01-31',
      '2026-01-31T10:00:00Z',
      'a@b.example',
    ),
    fc.string(),
    fc.uuid(),
    fc.webUrl(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', '1', '22', '__proto__', 'toString'), fc.string()), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value

describe('a schema from samples', () => {
  it('is one that each sample is valid against', () => {
    fc.assert(
      fc.property(fc.array(jsonValue, { minLength: 1, maxLength: 5 }), (values) => {
        const samples = values.map((value) => JSON.parse(JSON.stringify(value)) as unknown)
        const schema = inferSchema(samples)
        expect(samples.map((sample) => accepts(schema, sample))).toEqual(samples.map(() => true))
      }),
      { numRuns: 500 },
    )
  })

  it('holds types and names, and what every object has is required', () => {
    const samples = [
      { id: 1, total: 12.5, at: '2026-01-31T10:00:00Z', lines: [{ sku: 'A', count: 2 }], note: null },
      { id: 2, total: 3, at: '2026-02-01T10:00:00+01:00', lines: [], note: 'gift' },
    ]
    expect(inferSchema(samples)).toEqual({
      type: 'object',
      properties: {
        id: { type: 'integer' },
        total: { type: 'number' },
        at: { type: 'string', format: 'date-time' },
        lines: {
          type: 'array',
          items: {
            type: 'object',
            properties: { sku: { type: 'string' }, count: { type: 'integer' } },
            required: ['sku', 'count'],
          },
        },
        note: { type: ['string', 'null'] },
      },
      required: ['id', 'total', 'at', 'lines', 'note'],
    })
  })

  it.each([
    [['2026-01-31'], 'date'],
    [['2026-01-31', '2026-13-31'], undefined],
    [['2026-01-31', '2026-01-31T10:00:00Z'], undefined],
    [['7f0c2e52-8f0b-4d3c-9a57-3f6f2c1f6a10'], 'uuid'],
    [['ann@shop.example'], 'email'],
    [['https://shop.example/a?b=c'], 'uri'],
    [['https://shop.example/a', ''], undefined],
    [[BINARY], 'binary'],
  ])('of the texts %j has the format %s', (samples, format) => {
    expect(inferSchema(samples)['format']).toBe(format)
  })

  it('requires nothing where it must not', () => {
    expect(inferSchema([{ a: 1 }], { required: false })).toEqual({
      type: 'object',
      properties: { a: { type: 'integer' } },
    })
  })

  it('takes an object whose keys are ids for a map', () => {
    const schema = inferSchema([{ 'ORD-1001': { open: true }, 'ORD-1002': { open: false } }])
    expect(schema['additionalProperties']).toMatchObject({ properties: { open: { type: 'boolean' } } })
    expect(JSON.stringify(schema)).not.toContain('1001')
  })

  it('stays small however deep and wide the samples are', () => {
    let deep: unknown = 1
    for (let level = 0; level < 5000; level++) deep = { deep }
    const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`field${index}x`, index]))
    expect(JSON.stringify(inferSchema([deep])).length).toBeLessThan(2000)
    expect(Object.keys(inferSchema([wide])['properties'] as object)).toHaveLength(2000)
  })
})

it.each([
  ['12', 12],
  ['-3.50', -3.5],
  ['007', '007'],
  ['12345678901234567890', '12345678901234567890'],
  ['1e5', '1e5'],
  ['true', true],
  ['', ''],
])('the text %s in a URL stands for %j', (text, value) => {
  expect(scalarOf(text)).toBe(value)
})

describe('a path', () => {
  it.each([
    ['/orders/123', '/orders/{orderId}'],
    ['/orders/123/lines/7f0c2e52-8f0b-4d3c-9a57-3f6f2c1f6a10', '/orders/{orderId}/lines/{lineId}'],
    ['/customers/cus_9s6XKzkNRiz8i3/notes', '/customers/{customerId}/notes'],
    ['/shipments/ORD-1042', '/shipments/{shipmentId}'],
    ['/files/9e107d9d372bb6826bd81d3542a419d6', '/files/{fileId}'],
    ['/users/ann@shop.example', '/users/{userId}'],
    ['/pairs/1/2', '/pairs/{pairId}/{id}'],
    ['/2/orders', '/2/orders'],
    ['/v1/orders/search', '/v1/orders/search'],
    ['/2024-01-01/order-categories/me', '/2024-01-01/order-categories/me'],
    ['/oauth2/authorize', '/oauth2/authorize'],
    ['/a{b}/c', '/a%7Bb%7D/c'],
  ])('%s becomes %s', (path, template) => {
    expect(templateOf(path.slice(1).split('/')).path).toBe(template)
  })

  it('never keeps a secret, whatever it looks like', () => {
    const { path, samples } = templateOf(['hooks', 'plainword', 'send'], new Set(['plainword']))
    expect(path).toBe('/hooks/{hookId}/send')
    expect(samples).toEqual({ hookId: ['text'] })
  })
})
