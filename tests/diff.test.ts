import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffOperations, operationHash } from '../src/specs/diff.ts'
import { contractOf } from '../src/specs/diff/contract.ts'
import type { JsonSchema, Operation, Parameter } from '../src/specs/operation.ts'
import { sliceSchema } from '../src/specs/schema-slice.ts'

const base: Operation = {
  method: 'GET',
  path: '/orders/{id}',
  operationId: null,
  summary: '',
  description: '',
  tags: [],
  deprecated: false,
  parameters: [{ name: 'id', in: 'path', required: true, description: '', schema: { type: 'string' } }],
  requestBody: null,
  response: null,
  effect: 'read',
  security: null,
  server: null,
  pagination: null,
}

const operation = (members: Partial<Operation> = {}): Operation => ({ ...base, ...members })
const parameter = (members: Partial<Parameter> = {}): Operation =>
  operation({
    parameters: [
      ...base.parameters,
      { name: 'limit', in: 'query', required: false, description: '', schema: { type: 'integer' }, ...members },
    ],
  })
const object = (properties: Record<string, unknown>, more: JsonSchema = {}): JsonSchema => ({
  type: 'object',
  properties,
  ...more,
})
const body = (schema: JsonSchema, members: Partial<NonNullable<Operation['requestBody']>> = {}): Operation =>
  operation({ requestBody: { contentType: 'application/json', required: true, schema, ...members } })
const bodyField = (schema: JsonSchema) => body(object({ kind: schema }))
const answer = (schema: JsonSchema): Operation => operation({ response: schema })
const answerField = (schema: JsonSchema) => answer(object({ kind: schema }))

const text = { type: 'string' }
const integer = { type: 'integer' }
const BREAKING = true
const FINE = false

type Row = [what: string, before: Operation, after: Operation, breaking: boolean, message: string, path: string]

/** Each change in both directions is two rows; every one is the only change there is. */
const rows: Row[] = [
  ['deprecated', operation(), operation({ deprecated: true }), FINE, 'the operation is now deprecated', '/deprecated'],
  [
    'server',
    operation(),
    operation({ server: 'https://other.example' }),
    BREAKING,
    'the operation is now served from https://other.example, it was the server of the document',
    '/server',
  ],
  [
    'security added',
    operation({ security: [] }),
    operation({ security: [{ key: [] }] }),
    BREAKING,
    'the operation now asks for authentication',
    '/security',
  ],
  [
    'security changed',
    operation({ security: [{ key: [] }] }),
    operation({ security: [{ oauth: ['read'] }] }),
    BREAKING,
    'the operation asks otherwise for authentication',
    '/security',
  ],
  [
    'scope added',
    operation({ security: [{ oauth: ['read'] }] }),
    operation({ security: [{ oauth: ['read', 'write'] }] }),
    BREAKING,
    'the operation asks otherwise for authentication',
    '/security',
  ],
  [
    'another way in',
    operation({ security: [{ key: [] }] }),
    operation({ security: [{ oauth: ['read'] }, { key: [] }] }),
    FINE,
    'the operation asks for less authentication',
    '/security',
  ],
  ['parameter gone', parameter(), operation(), BREAKING, 'the parameter `limit` is gone', '/parameters/limit'],
  ['parameter new', operation(), parameter(), FINE, 'the parameter `limit` is new', '/parameters/limit'],
  [
    'required parameter new',
    operation(),
    parameter({ required: true }),
    BREAKING,
    'the parameter `limit` is new and required',
    '/parameters/limit',
  ],
  [
    'parameter required',
    parameter(),
    parameter({ required: true }),
    BREAKING,
    'the parameter `limit` is now required',
    '/parameters/limit',
  ],
  [
    'parameter optional',
    parameter({ required: true }),
    parameter(),
    FINE,
    'the parameter `limit` is no longer required',
    '/parameters/limit',
  ],
  [
    'parameter moved',
    parameter(),
    parameter({ in: 'header', name: 'Limit' }),
    BREAKING,
    'the parameter `limit` moved from the query to a header',
    '/parameters/limit',
  ],
  [
    'parameter written otherwise',
    parameter({ schema: { type: 'array', items: integer } }),
    parameter({ schema: { type: 'array', items: integer }, explode: false }),
    BREAKING,
    'the parameter `limit` is now written as form, it was form, exploded',
    '/parameters/limit',
  ],
  [
    'maximum tighter',
    parameter({ schema: { type: 'integer', maximum: 100 } }),
    parameter({ schema: { type: 'integer', maximum: 50 } }),
    BREAKING,
    'the maximum of the parameter `limit` is now 50, it was 100',
    '/parameters/limit/maximum',
  ],
  [
    'minimum wider',
    parameter({ schema: { type: 'integer', minimum: 1 } }),
    parameter({ schema: { type: 'integer', minimum: 0 } }),
    FINE,
    'the minimum of the parameter `limit` is now 0, it was 1',
    '/parameters/limit/minimum',
  ],
  [
    'length limited',
    bodyField(text),
    bodyField({ type: 'string', maxLength: 5 }),
    BREAKING,
    'the body field `kind` now has a maximum length of 5',
    '/requestBody/properties/kind/maxLength',
  ],
  [
    'pattern added',
    bodyField(text),
    bodyField({ type: 'string', pattern: '^a' }),
    BREAKING,
    'the body field `kind` now has a pattern',
    '/requestBody/properties/kind/pattern',
  ],
  [
    'default changed',
    parameter({ schema: { type: 'integer', default: 10 } }),
    parameter({ schema: { type: 'integer', default: 20 } }),
    FINE,
    'the default of the parameter `limit` is now 20, it was 10',
    '/parameters/limit/default',
  ],
  [
    'type changed',
    bodyField(text),
    bodyField(integer),
    BREAKING,
    'the body field `kind` is now an integer, it was a string',
    '/requestBody/properties/kind/type',
  ],
  [
    'type widened',
    bodyField(integer),
    bodyField({ type: 'number' }),
    FINE,
    'the body field `kind` is now a number, it was an integer',
    '/requestBody/properties/kind/type',
  ],
  [
    'null no longer taken',
    bodyField({ type: 'string', nullable: true }),
    bodyField(text),
    BREAKING,
    'the body field `kind` no longer takes null',
    '/requestBody/properties/kind/type',
  ],
  [
    'value no longer taken',
    bodyField({ enum: ['a', 'b'] }),
    bodyField({ enum: ['a'] }),
    BREAKING,
    'the body field `kind` no longer takes "b"',
    '/requestBody/properties/kind/enum',
  ],
  [
    'value more',
    bodyField({ enum: ['a'] }),
    bodyField({ enum: ['a', 'b'] }),
    FINE,
    'the body field `kind` now also takes "b"',
    '/requestBody/properties/kind/enum',
  ],
  [
    'limited to values',
    bodyField(text),
    bodyField({ type: 'string', enum: ['a'] }),
    BREAKING,
    'the body field `kind` is now limited to "a"',
    '/requestBody/properties/kind/enum',
  ],
  [
    'format asked for',
    bodyField(text),
    bodyField({ type: 'string', format: 'date' }),
    BREAKING,
    'the body field `kind` is now of the format date, it was without a format',
    '/requestBody/properties/kind/format',
  ],
  [
    'number wider',
    bodyField({ type: 'integer', format: 'int32' }),
    bodyField({ type: 'integer', format: 'int64' }),
    FINE,
    'the body field `kind` is now of the format int64, it was of the format int32',
    '/requestBody/properties/kind/format',
  ],
  [
    'body required',
    body(object({}), { required: false }),
    body(object({})),
    BREAKING,
    'the body is now required',
    '/requestBody',
  ],
  ['body new', operation(), body(text), BREAKING, 'the operation now takes a body, and it is required', '/requestBody'],
  [
    'optional body new',
    operation(),
    body(text, { required: false }),
    FINE,
    'the operation now takes a body',
    '/requestBody',
  ],
  ['body gone', body(text), operation(), BREAKING, 'the operation no longer takes a body', '/requestBody'],
  [
    'content type',
    body(text),
    body(text, { contentType: 'application/xml' }),
    BREAKING,
    'the body is now application/xml, it was application/json',
    '/requestBody/contentType',
  ],
  [
    'required body field new',
    body(object({ a: text })),
    body(object({ a: text, b: text }, { required: ['b'] })),
    BREAKING,
    'the body field `b` is new and required',
    '/requestBody/properties/b',
  ],
  [
    'optional body field new',
    body(object({ a: text })),
    body(object({ a: text, b: text })),
    FINE,
    'the body field `b` is new',
    '/requestBody/properties/b',
  ],
  [
    'body field gone from an open object',
    body(object({ a: text, b: text })),
    body(object({ a: text })),
    FINE,
    'the body field `b` is no longer described',
    '/requestBody/properties/b',
  ],
  [
    'body field gone from a closed object',
    body(object({ a: text, b: text }, { additionalProperties: false })),
    body(object({ a: text }, { additionalProperties: false })),
    BREAKING,
    'the body field `b` is no longer taken',
    '/requestBody/properties/b',
  ],
  [
    'object closed',
    body(object({ a: text })),
    body(object({ a: text }, { additionalProperties: false })),
    BREAKING,
    'the body no longer takes fields besides those described',
    '/requestBody/additionalProperties',
  ],
  [
    'form no longer taken',
    body({ oneOf: [object({ a: text }), object({ b: text })] }),
    body(object({ a: text })),
    BREAKING,
    'the body no longer takes one of its forms',
    '/requestBody',
  ],
  [
    'answer field gone',
    answer(object({ lines: { type: 'array', items: object({ a: text, total: integer }) } })),
    answer(object({ lines: { type: 'array', items: object({ a: text }) } })),
    BREAKING,
    'the response field `lines[].total` is gone',
    '/response/properties/lines/items/properties/total',
  ],
  [
    'answer field new',
    answer(object({ a: text })),
    answer(object({ a: text, b: text })),
    FINE,
    'the response field `b` is new',
    '/response/properties/b',
  ],
  [
    'answer field may be missing',
    answer(object({ a: text }, { required: ['a'] })),
    answer(object({ a: text })),
    BREAKING,
    'the response field `a` may now be missing',
    '/response/properties/a',
  ],
  [
    'answer field always there',
    answer(object({ a: text })),
    answer(object({ a: text }, { required: ['a'] })),
    FINE,
    'the response field `a` is now always there',
    '/response/properties/a',
  ],
  [
    'answer field null',
    answerField(text),
    answerField({ type: ['string', 'null'] }),
    BREAKING,
    'the response field `kind` may now be null',
    '/response/properties/kind/type',
  ],
  [
    'answer field of another type',
    answerField(text),
    answerField(integer),
    BREAKING,
    'the response field `kind` is now an integer, it was a string',
    '/response/properties/kind/type',
  ],
  [
    'answer field of fewer types',
    answerField({ type: 'number' }),
    answerField(integer),
    FINE,
    'the response field `kind` is now an integer, it was a number',
    '/response/properties/kind/type',
  ],
  [
    'answer with a value more',
    answerField({ enum: ['a'] }),
    answerField({ enum: ['a', 'b'] }),
    FINE,
    'the response field `kind` may now also be "b"',
    '/response/properties/kind/enum',
  ],
  [
    'answer with a form more',
    answer({ oneOf: [object({ a: text }), object({ b: text })] }),
    answer({ oneOf: [object({ a: text }), object({ b: text }), object({ c: text })] }),
    BREAKING,
    'the response may now have another form',
    '/response',
  ],
  [
    'answer no longer described',
    answer(text),
    operation(),
    BREAKING,
    'the response is no longer described as JSON',
    '/response',
  ],
]

const pairOf = (before: Operation, after: Operation) => diffOperations([before], [after])

describe('a change', () => {
  it.each(rows)('%s', async (_what, before, after, breaking, message, path) => {
    expect(pairOf(before, after)).toEqual([{ operation: 'GET /orders/{id}', kind: 'changed', breaking, message, path }])
    expect(pairOf(before, before)).toEqual([])
    expect(await operationHash(before)).not.toBe(await operationHash(after))
  })

  it('of the set of operations names each', () => {
    const other = operation({ path: '/orders', parameters: [] })
    expect(diffOperations([base], [other])).toEqual([
      { operation: 'GET /orders/{id}', kind: 'removed', breaking: true, message: 'the operation is gone', path: '' },
      { operation: 'GET /orders', kind: 'added', breaking: false, message: 'the operation is new', path: '' },
    ])
  })

  it('of a path parameter’s name is one operation, and breaking, as workflows set parameters by name', () => {
    const renamed = operation({
      path: '/orders/{orderId}',
      parameters: [{ ...(base.parameters[0] as Parameter), name: 'orderId', schema: integer }],
    })
    expect(pairOf(base, renamed).map(({ message, breaking }) => [message, breaking])).toEqual([
      ['the path parameter `id` is now called `orderId`', true],
      ['the parameter `orderId` is now an integer, it was a string', true],
    ])
  })

  it('within one of several forms is found in the form that is most alike', () => {
    const forms = (extra: JsonSchema): JsonSchema => ({
      oneOf: [object({ card: text, number: text }), object({ account: text, bank: text, ...extra })],
    })
    expect(pairOf(answer(forms({ note: text })), answer(forms({}))).map(({ message }) => message)).toEqual([
      'the response field `note` is gone',
    ])
  })
})

describe('no change', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['words', { ...text, title: 'A', description: 'B', example: 'c' }, text],
    ['nullable for a list of types', { type: 'string', nullable: true }, { type: ['null', 'string'] }],
    ['anyOf with null for a list of types', { anyOf: [text, { type: 'null' }] }, { type: ['string', 'null'] }],
    ['const for one value', { const: 'a' }, { type: 'string', enum: ['a'] }],
    ['the order of values', { enum: ['a', 'b'] }, { enum: ['b', 'a'] }],
    ['a type that the properties say', { properties: { a: text } }, object({ a: text })],
    [
      'allOf for the whole',
      { allOf: [object({ a: text }, { required: ['a'] }), object({ b: integer })] },
      object({ b: integer, a: text }, { required: ['a'] }),
    ],
    [
      'the order of forms',
      { oneOf: [object({ a: text }), object({ b: text })] },
      { anyOf: [object({ b: text }), object({ a: text })] },
    ],
    [
      'exclusive bounds as OpenAPI 3.0 writes them',
      { type: 'integer', minimum: 1, exclusiveMinimum: true },
      { type: 'integer', exclusiveMinimum: 1 },
    ],
  ])('is %s', async (_what, before, after) => {
    for (const make of [bodyField, answerField, (schema: JsonSchema) => parameter({ schema })]) {
      expect(pairOf(make(before), make(after))).toEqual([])
      expect(await operationHash(make(before))).toBe(await operationHash(make(after)))
    }
  })

  it('is what the operation is called, tagged and described with', async () => {
    const after = operation({ summary: 'S', description: 'D', tags: ['t'], operationId: 'getOrder', security: [] })
    expect(pairOf(base, after)).toEqual([])
    expect(await operationHash(after)).toBe(await operationHash(base))
  })

  it('is a field of the body that only answers hold, or the other way round', () => {
    const withId = (extra: JsonSchema) => object({ id: { ...integer, ...extra }, a: text }, { required: ['id'] })
    expect(pairOf(body(object({ a: text })), body(withId({ readOnly: true })))).toEqual([])
    expect(pairOf(answer(object({ a: text })), answer(withId({ writeOnly: true })))).toEqual([])
  })

  it('is claimed of what is not known', () => {
    const cut = { $ref: '#/components/schemas/Deep' }
    const known = object({ a: text }, { required: ['a'] })
    for (const make of [bodyField, answerField]) {
      expect(pairOf(make(cut), make(known))).toEqual([])
      expect(pairOf(make(known), make(cut))).toEqual([])
      expect(pairOf(make({ allOf: [cut, known] }), make(object({ b: text })))).toMatchObject([{}])
      // Where a slice ends, an object has lost its properties.
      expect(pairOf(make(known), make({ type: 'object' }))).toEqual([])
    }
    expect(
      pairOf(answer({ allOf: [object({ b: text }), known] }), answer({ allOf: [object({ b: text }), cut] })),
    ).toEqual([])
  })
})

describe('a schema that grows', () => {
  const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  /** Five levels that refer to each other, the last one with so many fields more. */
  const documentOf = (fields: number) => ({
    components: {
      schemas: Object.fromEntries([
        ...[1, 2, 3, 4].map((level) => [
          `L${level}`,
          object({ name: text, next: refTo(`L${level + 1}`) }, { required: ['name'] }),
        ]),
        [
          'L5',
          object(
            Object.fromEntries([
              ['end', text],
              ...Array.from({ length: fields }, (_, index) => [`f${index}`, object({ a: text })]),
            ]),
          ),
        ],
      ]) as Record<string, JsonSchema>,
    },
  })
  const sliced = (fields: number) => sliceSchema(documentOf(fields), refTo('L1'))

  it('and for that is cut off earlier has lost nothing', () => {
    const [small, large] = [sliced(0), sliced(900)]
    expect(JSON.stringify(small)).toContain('"end"')
    expect(JSON.stringify(large)).not.toContain('"end"')
    for (const make of [body, answer]) {
      expect(pairOf(make(small), make(large))).toEqual([])
      expect(pairOf(make(large), make(small))).toEqual([])
    }
  })
})

describe('many changes', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => operation({ path: `/r${index}`, parameters: [] }))

  it('are cut off, breaking ones last, and what is left out is counted', () => {
    const changes = diffOperations(many(300), many(900).slice(100))
    expect(changes).toHaveLength(500)
    expect(changes.slice(0, 100).every(({ breaking }) => breaking)).toBe(true)
    expect(changes.at(-1)).toMatchObject({ operation: '', breaking: false, message: '201 more changes' })
    expect(diffOperations(many(700), []).at(-1)).toMatchObject({
      breaking: true,
      message: '201 more changes, 201 of them breaking',
    })
    expect(diffOperations(many(700), [], Infinity)).toHaveLength(700)
  })
})

/** Schemas whose every part is known. */
const anySchema = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record(
      {
        type: fc.constantFrom<unknown>('string', 'integer', 'number', 'boolean', ['string', 'null']),
        description: fc.constantFrom('x', 'y'),
        enum: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
        format: fc.constantFrom('date', 'int32', 'int64', 'uuid', 'password'),
        minimum: fc.integer({ min: 0, max: 3 }),
        maxLength: fc.integer({ min: 0, max: 3 }),
        pattern: fc.constantFrom('a', 'b'),
        default: fc.constantFrom<unknown>('a', { b: 1, a: 2 }, 1),
        nullable: fc.boolean(),
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('schema'), {
          maxKeys: 3,
          minKeys: 1,
        }),
        required: fc.subarray(['a', 'b', 'c']),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
        readOnly: fc.boolean(),
      },
      { requiredKeys: ['type', 'properties'] },
    ),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record(
      { allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }), not: tie('schema') },
      { requiredKeys: ['allOf'] },
    ),
  ),
})).schema

const anyParameter: fc.Arbitrary<Parameter> = fc.record(
  {
    name: fc.constantFrom('p', 'q', 'P'),
    in: fc.constantFrom('query', 'header', 'cookie'),
    required: fc.boolean(),
    description: fc.constantFrom('x', 'y'),
    schema: anySchema,
    style: fc.constantFrom('form', 'spaceDelimited'),
    explode: fc.boolean(),
  },
  { requiredKeys: ['name', 'in', 'required', 'description', 'schema'] },
)

const anyOperation: fc.Arbitrary<Operation> = fc.record({
  method: fc.constant('POST'),
  path: fc.constant('/a'),
  operationId: fc.constantFrom('x', null),
  summary: fc.constantFrom('x', ''),
  description: fc.constantFrom('x', ''),
  tags: fc.subarray(['x', 'y']),
  deprecated: fc.boolean(),
  parameters: fc.uniqueArray(anyParameter, {
    maxLength: 2,
    selector: (one) => `${one.in} ${one.in === 'header' ? one.name.toLowerCase() : one.name}`,
  }),
  requestBody: fc.option(
    fc.record({
      contentType: fc.constantFrom('application/json', 'text/plain'),
      required: fc.boolean(),
      schema: anySchema,
    }),
  ),
  response: fc.option(anySchema),
  effect: fc.constant('create' as const),
  security: fc.option(
    fc.array(fc.dictionary(fc.constantFrom('k', 'o'), fc.subarray(['r', 'w']), { maxKeys: 2 }), { maxLength: 2 }),
  ),
  server: fc.option(fc.constant('https://other.example')),
  pagination: fc.constant(null),
})

/** One member of the first put into the second: neighbours rather than strangers. */
const anyEdit = fc
  .tuple(
    anyOperation,
    anyOperation,
    fc.subarray(Object.keys(base) as (keyof Operation)[], { minLength: 1, maxLength: 2 }),
  )
  .map(([a, b, keys]): [Operation, Operation] => [a, { ...a, ...Object.fromEntries(keys.map((key) => [key, b[key]])) }])

const isKnown = (one: Operation) => !JSON.stringify(contractOf(one)).includes('"partial":true')

describe('any two operations', { timeout: 60_000 }, () => {
  it('without changes have the same hash, and with changes another one', async () => {
    const compared = anyEdit.filter(([before, after]) => isKnown(before) && isKnown(after))
    const property = fc.asyncProperty(compared, async ([before, after]) => {
      const same = (await operationHash(before)) === (await operationHash(after))
      expect(same).toBe(pairOf(before, after).length === 0)
    })
    await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined()
  })

  it('with the same hash have no changes, even where not all is known', async () => {
    const property = fc.asyncProperty(anyEdit, async ([before, after]) => {
      const same = (await operationHash(before)) === (await operationHash(after))
      expect(same && pairOf(before, after).length > 0).toBe(false)
    })
    await expect(fc.assert(property, { numRuns: 300 })).resolves.toBeUndefined()
  })

  it('do not change when the members of their schemas are written in another order', async () => {
    const turned = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(turned)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, item]) => [key, turned(item)]),
            )
          : value
    await fc.assert(
      fc.asyncProperty(anyOperation, async (one) => {
        const other = turned(one) as Operation
        expect(pairOf(one, other)).toEqual([])
        expect(await operationHash(other)).toBe(await operationHash(one))
      }),
      { numRuns: 300 },
    )
  })

  it('tell where something changed by a sentence and a pointer', () => {
    fc.assert(
      fc.property(anyEdit, ([before, after]) => {
        for (const change of pairOf(before, after)) {
          expect(change.message).toMatch(/^the /)
          expect(change.path).toMatch(/^\/(deprecated|server|security|parameters|requestBody|response)(\/|$)/)
        }
      }),
    )
  })
})
