import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../src/catalog/service.ts'
import type { JsonSchema, Parameter } from '../src/specs/operation.ts'
import { checkDefinition, proveDefinition } from '../src/steps/check.ts'
import { WorkflowDefinition } from '../src/steps/schema.ts'

const parameter = (name: string, place: Parameter['in'], schema: JsonSchema, required = false): Parameter => ({
  name,
  in: place,
  required: required || place === 'path',
  description: '',
  schema,
})

const endpoint = (operation: string, more: Partial<Endpoint> = {}): [string, Endpoint] => {
  const [method = '', path = ''] = operation.split(' ')
  const blank = {
    operationId: null,
    summary: '',
    description: '',
    tags: [],
    deprecated: false,
    effect: 'read' as const,
    security: null,
    server: null,
    pagination: null,
    manual: false,
  }
  const empty = { parameters: [], requestBody: null, response: null }
  return [operation, { id: 'end_1', connectionId: 'con_1', method, path, ...blank, ...empty, ...more }]
}

const order: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    id: { type: 'string' },
    total: { type: 'number' },
    lines: { type: 'array', items: { type: 'object' } },
  },
}

const body = (schema: JsonSchema, required = true) => ({
  requestBody: { contentType: 'application/json', required, schema },
})

const operations = new Map([
  endpoint('GET /orders', {
    parameters: [
      parameter('status', 'query', { type: 'string', enum: ['open', 'late'] }),
      parameter('limit', 'query', { type: 'integer' }),
      parameter('X-Tenant', 'header', { type: 'string' }),
    ],
    response: { type: 'object', additionalProperties: false, properties: { items: { type: 'array', items: order } } },
  }),
  endpoint('GET /orders/{id}', { parameters: [parameter('id', 'path', { type: 'string' })], response: order }),
  endpoint('GET /open', { response: { type: 'object', properties: { known: { type: 'boolean' } } } }),
  endpoint('GET /undocumented'),
  endpoint('POST /orders', {
    ...body({
      type: 'object',
      required: ['customerId'],
      properties: {
        customerId: { type: 'string' },
        quantity: { type: 'integer' },
        gift: { type: 'boolean' },
        kind: { enum: ['a', 'b'] },
        address: { type: 'object', required: ['city'], properties: { city: { type: 'string' } } },
        lines: { type: 'array', items: { type: 'object' } },
        either: { oneOf: [{ type: 'string' }, { type: 'number' }] },
        anything: {},
        nullable: { type: ['string', 'null'] },
        oldNullable: { type: 'string', nullable: true },
        partlyKnown: { oneOf: [{ type: 'string' }, { $ref: '#/components/schemas/Far' }] },
        tagged: {
          type: 'array',
          items: { type: 'object', required: ['tag'], properties: { tag: { type: 'string' } } },
        },
      },
    }),
    response: order,
  }),
  endpoint('POST /notes', body({ type: 'object' }, false)),
  endpoint('POST /payments', { parameters: [parameter('Idempotency-Key', 'header', { type: 'string' }, true)] }),
])

const list = { id: 'list', operation: 'GET /orders' }

/** The findings of a definition with these steps; a step without a type is a call to the store. */
function check(steps: object[], more: Partial<WorkflowDefinition> = {}) {
  const full = steps.map((step) =>
    'value' in step ? { type: 'transform', ...step } : { type: 'api_call', api: 'store', ...step },
  )
  const definition = WorkflowDefinition.parse({ name: 'Test', steps: full, ...more })
  return checkDefinition(definition, (api, operation) => (api === 'store' ? operations.get(operation) : undefined))
}

/** Everything that can be said of a definition, in short. */
function prove(steps: object[], more: Partial<WorkflowDefinition> = {}): string[] {
  const full = steps.map((step) => ('type' in step ? step : { type: 'api_call', api: 'store', ...step }))
  const definition = WorkflowDefinition.parse({ name: 'Test', steps: full, ...more })
  return proveDefinition(definition, (_, operation) => operations.get(operation)).map(
    ({ verdict, code, path }) => `${verdict} ${code} ${path}`,
  )
}

/** The one finding of a definition, in short. */
function only(steps: object[], more: Partial<WorkflowDefinition> = {}): string {
  return check(steps, more)
    .map(({ verdict, code, path }) => `${verdict} ${code} ${path}`)
    .join(', ')
}

const create = (given: object) => [
  list,
  { id: 'create', operation: 'POST /orders', body: { customerId: 'c1', ...given } },
]

describe('a definition that is proved', () => {
  it.each([
    ['calls with what they need', [list, { id: 'one', operation: 'GET /orders/{id}', parameters: { id: 'o1' } }]],
    ['a value over a list, which may be one or many', create({ quantity: '{{ steps.list.body.items.id }}' })],
    ['null where it is allowed', create({ nullable: null, oldNullable: null })],
    ['a type that is not known from here', create({ partlyKnown: { any: 'thing' } })],
    ['a path through a list', [list, { id: 'ids', value: '{{ steps.list.body.items.id }}' }]],
    ['status and headers', [list, { id: 'x', value: '{{ steps.list.status & steps.list.headers.etag }}' }]],
    [
      'the result of a transform',
      [
        { id: 'x', value: 1 },
        { id: 'y', value: '{{ steps.x.anything.at.all }}' },
      ],
    ],
    ['a required key that each run gives by itself', [{ id: 'pay', operation: 'POST /payments' }]],
    ['a body that need not be there', [{ id: 'note', operation: 'POST /notes' }]],
    ['values of every kind', create({ quantity: 2, gift: true, kind: 'b', lines: [{}], address: { city: 'x' } })],
    ['one of several types', create({ either: 5 })],
    ['what the document does not describe', create({ more: { x: 1 }, anything: [1] })],
    ['an expression of the wanted type', create({ lines: '{{ steps.list.body.items }}' })],
    ['an expression of any type where text is taken', create({ either: '{{ steps.list.body.items.total }}' })],
    ['an expression that is more than a path', create({ quantity: '{{ $count(steps.list.body.items) }}' })],
    ['dependsOn an earlier step', [list, { id: 'x', value: 1, dependsOn: ['list'] }]],
  ])('has no findings: %s', (_, steps) => {
    expect(check(steps)).toEqual([])
  })

  it('may use its inputs, and everything in its output', () => {
    const inputs = { type: 'object' as const, properties: { status: { type: 'string' } } }
    const steps = [{ ...list, parameters: { status: '{{ input.status }}' } }]
    expect(
      check(steps, { inputs, output: { n: '{{ $count(steps.list.body.items) }}', s: '{{ input.status }}' } }),
    ).toEqual([])
  })
})

describe('a definition that cannot run', () => {
  it.each([
    ['duplicate_id /steps/1/id', [list, list]],
    ['unknown_operation /steps/0/operation', [{ id: 'x', operation: 'GET /nothing' }]],
    ['unknown_operation /steps/0/operation', [{ ...list, api: 'other' }]],
    ['missing_parameter /steps/0/parameters/id', [{ id: 'x', operation: 'GET /orders/{id}' }]],
    ['unknown_parameter /steps/0/parameters/a~1b', [{ ...list, parameters: { 'a/b': 1 } }]],
    ['missing_body /steps/0/body', [{ id: 'x', operation: 'POST /orders' }]],
    ['unexpected_body /steps/0/body', [{ ...list, body: {} }]],
    ['type /steps/0/parameters/limit', [{ ...list, parameters: { limit: 'ten' } }]],
    ['type /steps/0/parameters/limit', [{ ...list, parameters: { limit: 1.5 } }]],
    ['type /steps/0/body', [{ id: 'x', operation: 'POST /orders', body: 'text' }]],
    ['type /steps/0/body', [{ id: 'x', operation: 'POST /orders', body: [] }]],
    ['type /steps/1/body/gift', create({ gift: 'yes' })],
    ['type /steps/1/body/lines', create({ lines: {} })],
    ['type /steps/1/body/tagged/0/tag', create({ tagged: [{ tag: 1 }] })],
    ['missing_property /steps/1/body/tagged/1/tag', create({ tagged: [{ tag: 'a' }, {}] })],
    ['type /steps/1/body/either', create({ either: true })],
    ['type /steps/1/body/address/city', create({ address: { city: 5 } })],
    [
      'type /steps/1/body/quantity',
      [
        { id: 'one', operation: 'GET /orders/{id}', parameters: { id: 'o1' } },
        { id: 'create', operation: 'POST /orders', body: { customerId: 'c1', quantity: '{{ steps.one.body.id }}' } },
      ],
    ],
    ['type /steps/1/body/gift', create({ gift: '{{ steps.list.body.items }}' })],
    ['enum /steps/0/parameters/status', [{ ...list, parameters: { status: 'lost' } }]],
    ['enum /steps/1/body/kind', create({ kind: 'c' })],
    ['missing_property /steps/0/body/customerId', [{ id: 'x', operation: 'POST /orders', body: {} }]],
    ['missing_property /steps/1/body/address/city', create({ address: {} })],
    ['unknown_input /steps/0/parameters/status', [{ ...list, parameters: { status: '{{ input.status }}' } }]],
    ['unknown_step /steps/0/value', [{ id: 'x', value: '{{ steps.gone.body }}' }]],
    ['unknown_step /steps/0/dependsOn', [{ id: 'x', value: 1, dependsOn: ['gone'] }]],
    ['unknown_step /steps/0/dependsOn', [{ id: 'x', value: 1, dependsOn: ['list'] }, list]],
    ['later_step /steps/0/value', [{ id: 'x', value: '{{ steps.list.body }}' }, list]],
    ['later_step /steps/0/value', [{ id: 'x', value: '{{ steps.x.body }}' }]],
    [
      'later_step /steps/1/value',
      [list, { id: 'x', value: '{{ steps.list.body.items[id = $$.steps.y.z] }}' }, { id: 'y', value: 1 }],
    ],
    ['unknown_field /steps/1/value', [list, { id: 'x', value: '{{ steps.list.data }}' }]],
    ['response_path /steps/1/value', [list, { id: 'x', value: '{{ steps.list.body.orders }}' }]],
    ['response_path /steps/1/value', [list, { id: 'x', value: '{{ steps.list.body.items.price }}' }]],
    ['expression /steps/0/value', [{ id: 'x', value: '{{ $sum( }}' }]],
    ['expression /steps/0/parameters/status', [{ ...list, parameters: { status: '{{ input.a' } }]],
  ])('is found wrong once: %s (%#)', (finding, steps) => {
    expect(only(steps)).toBe(`wrong ${finding}`)
  })

  it.each([
    ['unknown_step /output', '{{ steps.gone.body }}'],
    ['unknown_input /output/x/0', { x: ['{{ input.gone }}'] }],
    ['response_path /output', '{{ steps.list.body.gone }}'],
    ['expression /output', '{{ ( }}'],
  ])('is found wrong in its output: %s', (finding, output) => {
    expect(only([list], { output })).toBe(`wrong ${finding}`)
  })

  it('is told everything at once, in words that name what is meant', () => {
    const findings = check([
      { id: 'a', operation: 'GET /orders/{id}' },
      { ...list, parameters: { status: 'lost', color: 'red' } },
    ])
    expect(findings.map(({ message }) => message)).toEqual([
      'the path parameter "id" is required',
      'must be one of open, late',
      'GET /orders has no parameter "color"',
    ])
  })
})

describe('what is said of a definition place by place', () => {
  it('is that an operation, a parameter, an input and a path of an answer are proved', () => {
    const inputs = { type: 'object' as const, properties: { status: { type: 'string' } } }
    const steps = [
      { ...list, parameters: { status: '{{ input.status }}', limit: 5 } },
      { id: 'ids', type: 'transform', value: ['{{ steps.list.body.items.id }}'] },
    ]
    expect(prove(steps, { inputs, output: { all: '{{ steps.ids }}' } })).toEqual([
      'proved operation /steps/0/operation',
      'proved type /steps/0/parameters/status',
      'proved type /steps/0/parameters/limit',
      'proved input /steps/0/parameters/status',
      'proved response_path /steps/1/value/0',
      'proved step /output/all',
    ])
  })

  it('is each leaf of a body, and what the specification leaves open', () => {
    const body = { customerId: 'c1', quantity: '{{ $count(steps.list.body.items) }}', anything: 1, more: true }
    expect(prove([list, { id: 'create', operation: 'POST /orders', body }]).slice(1)).toEqual([
      'proved operation /steps/1/operation',
      'proved type /steps/1/body/customerId',
      'unproven type_unknown /steps/1/body/quantity',
      'unproven type_unknown /steps/1/body/anything',
      'unproven type_unknown /steps/1/body/more',
      'proved response_path /steps/1/body/quantity',
    ])
  })

  it('is what a model is asked for', () => {
    const schema = { type: 'object', properties: { urgent: { type: 'boolean' } }, additionalProperties: false }
    const ask = { id: 'ask', type: 'ai', prompt: 'Is it urgent? {{ steps.list.body.items }}', schema }
    const use = (path: string) => prove([list, ask, { id: 'x', type: 'transform', value: `{{ steps.ask.${path} }}` }])
    expect(use('urgent').slice(1)).toEqual([
      'proved response_path /steps/1/prompt',
      'proved answer_path /steps/2/value',
    ])
    expect(use('calm').at(-1)).toBe('wrong answer_path /steps/2/value')
    expect(prove([{ ...ask, prompt: 'Hm?', schema: { type: 'nothing' } }])).toEqual(['wrong schema /steps/0/schema'])
  })
})

describe('a definition that may or may not run', () => {
  it.each([
    ['a field that the answer does not declare', 'GET /open', 'steps.a.body.unknown'],
    ['an answer that is not described', 'GET /undocumented', 'steps.a.body.id'],
    ['a field below one without properties', 'GET /open', 'steps.a.body.other.deep'],
  ])('is found unproven: %s', (_, operation, path) => {
    expect(
      only([
        { id: 'a', operation },
        { id: 'b', value: `{{ ${path} }}` },
      ]),
    ).toBe('unproven response_path /steps/1/value')
  })

  it('is not held against what it says nothing of', () => {
    expect(
      check([
        { id: 'a', operation: 'GET /undocumented' },
        { id: 'b', value: '{{ steps.a.body }}' },
      ]),
    ).toEqual([])
  })
})
