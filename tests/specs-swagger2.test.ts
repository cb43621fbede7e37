import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { resolvePointer } from '../src/lib/json-pointer.ts'
import type { Operation, Spec } from '../src/specs/operation.ts'
import { readSpec } from '../src/specs/read.ts'
import { upgradeSwagger2 } from '../src/specs/swagger2.ts'
import { validateDocument } from '../src/specs/validate.ts'

type Json = Record<string, unknown>

const documentOf = (members: Json): Json => ({
  swagger: '2.0',
  info: { title: 'T', version: '1' },
  paths: {},
  ...members,
})
const upgrade = (members: Json): Json => upgradeSwagger2(documentOf(members))
const at = (document: Json, pointer: string): unknown => resolvePointer(document, pointer)

/** Upgrades, checks and reads a document of these members, as the real way in does. */
async function read(members: Json, documentUrl: string | null = null): Promise<Spec> {
  return readSpec(await validateDocument(upgrade(members)), documentUrl)
}

/** Reads `POST /a`, the one operation of its document. */
async function readOne(operation: Json, members: Json = {}, item: Json = {}): Promise<Operation> {
  const { operations } = await read({ paths: { '/a': { ...item, post: operation } }, ...members })
  const [first] = operations
  if (!first || operations.length > 1) throw new Error('not one operation was read')
  return first
}

/** Upgrades an operation of a path that declares these parameters. */
const operationOf = (operation: Json, members: Json = {}, item: Json = {}) =>
  at(upgrade({ paths: { '/a': { ...item, post: operation } }, ...members }), '/paths/~1a/post')

const parameterOf = (operation: Operation, name: string) => operation.parameters.find((one) => one.name === name)
const bodyOf = (schema: Json, more: Json = {}): Json => ({ name: 'body', in: 'body', schema, ...more })
const field = (name: string, more: Json = {}): Json => ({ name, in: 'formData', type: 'string', ...more })
const pet = { $ref: '#/definitions/Pet' }
const petMoved = { $ref: '#/components/schemas/Pet' }
const Pet = { type: 'object', properties: { name: { type: 'string' } } }

describe('the document', () => {
  it('says that it is OpenAPI 3.0.3 and keeps what both versions have', () => {
    const kept = {
      info: { title: 'T', version: '1', contact: { name: 'N' }, 'x-logo': { url: 'u' } },
      tags: [{ name: 'a', description: 'D' }],
      externalDocs: { url: 'https://docs.example.com' },
      security: [{ key: [] }],
      'x-ours': [1, { a: null }],
    }
    const result = upgrade({ ...kept, schemes: ['https'], consumes: ['a/b'], produces: ['a/b'] })
    expect(result).toEqual({
      openapi: '3.0.3',
      ...kept,
      paths: {},
      servers: [{ url: '/' }],
      components: expect.anything(),
    })
  })

  it('is left as it was', () => {
    const document = documentOf({
      paths: { '/a': { parameters: [field('f')], post: { parameters: [bodyOf(pet)], responses: { 200: {} } } } },
      definitions: { Pet: { ...Pet, discriminator: 'name', 'x-nullable': true } },
    })
    const before = structuredClone(document)
    upgradeSwagger2(document)
    expect(document).toEqual(before)
  })

  it('without paths has none, for the validator to say so', () => {
    expect(upgradeSwagger2({ swagger: '2.0' })).not.toHaveProperty('paths')
  })
})

describe('servers', () => {
  it.each<[Json, string[]]>([
    [
      { host: 'a.example', basePath: '/v1/', schemes: ['ws', 'http', 'https'] },
      ['https://a.example/v1', 'http://a.example/v1'],
    ],
    [{ host: 'a.example:8080', schemes: ['http', 'wss'] }, ['http://a.example:8080']],
    [{ host: 'a.example', basePath: 'v1' }, ['//a.example/v1']],
    [{ host: 'a.example', basePath: '/', schemes: ['ws'] }, ['//a.example']],
    [{ host: 'https://a.example/', schemes: ['https'] }, ['https://a.example']],
    [{ basePath: '/v1/', schemes: ['https'] }, ['/v1']],
    [{ basePath: '///' }, ['/']],
    [{ host: 5, basePath: [], schemes: 'https' }, ['/']],
  ])('of %j are %j', (members, urls) => {
    expect(upgrade(members)['servers']).toEqual(urls.map((url) => ({ url })))
  })

  it('give the base URL, of which the document’s own URL fills in what is missing', async () => {
    const url = 'http://localhost:8080/v2/api-docs'
    expect((await read({ host: 'a.example', basePath: '/v1', schemes: ['https'] })).baseUrl).toBe(
      'https://a.example/v1',
    )
    expect((await read({ host: 'localhost:8080', basePath: '/v1' }, url)).baseUrl).toBe('http://localhost:8080/v1')
    expect((await read({ basePath: '/v1' }, url)).baseUrl).toBe('http://localhost:8080/v1')
    expect((await read({ host: 'a.example' })).baseUrl).toBeNull()
  })
})

describe('operations', () => {
  it('keep what says what they are', async () => {
    const documented = { operationId: 'x', summary: 'S', description: 'D', tags: ['a'], deprecated: true }
    const kept = { ...documented, security: [{ key: ['s'] }], externalDocs: { url: 'u' }, 'x-ours': { a: 1 } }
    const operation = { ...kept, schemes: ['http'], consumes: [], produces: [], responses: {} }
    expect(operationOf(operation)).toEqual({ ...kept, responses: {} })
    expect(await readOne(operation)).toMatchObject({ ...documented, method: 'POST', path: '/a' })
  })

  it('of a path item that stands elsewhere are upgraded where they are used', async () => {
    const item = { get: { parameters: [{ name: 'q', in: 'query', type: 'integer' }] } }
    const { operations } = await read({
      paths: { '/a': { $ref: '#/x-items/a' }, '/b': { $ref: '#/paths/~1a' }, 'x-ours': { $ref: 'theirs' } },
      'x-items': { a: item },
    })
    expect(operations.map(({ path, parameters }) => [path, parameters[0]?.schema])).toEqual([
      ['/a', { type: 'integer' }],
      ['/b', { type: 'integer' }],
    ])
  })
})

describe('extensions', () => {
  it('between paths and between responses are copied, whatever they look like', () => {
    const ours = { schemes: ['http'], post: { parameters: [field('f')] }, schema: { type: 'integer' } }
    expect(at(upgrade({ paths: { 'x-ours': ours } }), '/paths/x-ours')).toEqual(ours)
    expect(operationOf({ responses: { 'x-ours': ours } })).toEqual({ responses: { 'x-ours': ours } })
  })
})

describe('parameters', () => {
  const upgraded = (parameter: Json) => at(upgrade({ parameters: { P: parameter } }), '/components/parameters/P')

  it('have in a schema what they say of their value', () => {
    const value = { type: 'string', format: 'f', enum: ['a'], default: 'a', minLength: 1, maxLength: 2, pattern: 'p' }
    const kept = { name: 'q', in: 'query', required: true, description: 'D', allowEmptyValue: true, 'x-ours': 1 }
    expect(upgraded({ ...kept, ...value, 'x-example': 'a', 'x-nullable': true })).toEqual({
      ...kept,
      schema: { ...value, nullable: true },
      example: 'a',
    })
    const number = { type: 'integer', minimum: 1, exclusiveMinimum: true, maximum: 9, multipleOf: 2 }
    expect(upgraded({ name: 'h', in: 'header', ...number })).toEqual({ name: 'h', in: 'header', schema: number })
  })

  it('that have a schema against the rules keep it', () => {
    const parameter = { name: 'q', in: 'query', schema: { type: 'integer' } }
    expect(upgraded(parameter)).toEqual(parameter)
  })

  it.each([
    ['query', undefined, { style: 'form', explode: false }],
    ['query', 'csv', { style: 'form', explode: false }],
    ['query', 'multi', { style: 'form', explode: true }],
    ['query', 'ssv', { style: 'spaceDelimited', explode: false }],
    ['query', 'pipes', { style: 'pipeDelimited', explode: false }],
    ['query', 'tsv', {}],
    ['path', 'csv', { style: 'simple' }],
    ['path', 'pipes', { style: 'simple' }],
    ['header', undefined, { style: 'simple' }],
  ])('that are lists in the %s written as %s are written the same', (place, collectionFormat, style) => {
    const items = { type: 'array', items: { type: 'string' }, collectionFormat: 'csv' }
    const parameter = { name: 'p', in: place, type: 'array', items, ...(collectionFormat ? { collectionFormat } : {}) }
    expect(upgraded(parameter)).toEqual({
      name: 'p',
      in: place,
      schema: { type: 'array', items: { type: 'array', items: { type: 'string' } } },
      ...style,
    })
  })

  it('of the path and of the document hold for the operation', async () => {
    const operation = await readOne(
      { parameters: [{ $ref: '#/parameters/Page' }, { name: 'q', in: 'query', type: 'integer' }] },
      { parameters: { Page: { name: 'page', in: 'query', type: 'array', items: { type: 'integer' } } } },
      {
        parameters: [
          { name: 'q', in: 'query', type: 'string' },
          { name: 'h', in: 'header', type: 'boolean' },
        ],
      },
    )
    expect(parameterOf(operation, 'q')?.schema).toEqual({ type: 'integer' })
    expect(parameterOf(operation, 'h')?.schema).toEqual({ type: 'boolean' })
    expect(parameterOf(operation, 'page')).toMatchObject({ style: 'form', explode: false })
  })

  it('of the document stay references', () => {
    const parameters = [{ $ref: '#/parameters/Page' }]
    const shared = { Page: { name: 'page', in: 'query', type: 'integer' } }
    expect(operationOf({ parameters }, { parameters: shared })).toEqual({
      parameters: [{ $ref: '#/components/parameters/Page' }],
    })
  })

  it('that are referred to where another operation has them are put in place', async () => {
    const list = [bodyOf({}), { name: 'q', in: 'query', type: 'integer' }]
    const { operations } = await read({
      paths: {
        '/a': { post: { parameters: list } },
        '/b': { get: { parameters: [{ $ref: '#/paths/~1a/post/parameters/1' }] } },
      },
    })
    expect(operations[1]?.parameters).toMatchObject([{ name: 'q', schema: { type: 'integer' } }])
  })

  it('that lead nowhere, out of the document or round in circles stay references', () => {
    const parameters = [
      { $ref: '#/parameters/None' },
      { $ref: 'other.json#/parameters/P' },
      { $ref: '/parameters/Page' },
      { $ref: '#/parameters/Self' },
    ]
    const shared = { Self: { $ref: '#/parameters/Self' }, Page: { name: 'page', in: 'query', type: 'integer' } }
    expect(operationOf({ parameters }, { parameters: shared })).toEqual({
      parameters: [
        { $ref: '#/components/parameters/None' },
        { $ref: 'other.json#/parameters/P' },
        { $ref: '/parameters/Page' },
        { $ref: '#/components/parameters/Self' },
      ],
    })
  })
})

describe('a body parameter', () => {
  it('becomes the request body, as JSON where nothing else is said', async () => {
    const operation = await readOne({ parameters: [bodyOf(pet, { required: true })] }, { definitions: { Pet } })
    expect(operation.requestBody).toEqual({ contentType: 'application/json', required: true, schema: Pet })
    expect(operation.parameters).toEqual([])
    expect(operationOf({ parameters: [bodyOf(pet, { description: 'D' })] })).toEqual({
      parameters: [],
      requestBody: { description: 'D', content: { 'application/json': { schema: petMoved } } },
    })
  })

  it('is of the operation’s media types, else of the document’s, JSON first', () => {
    const typesOf = (own: unknown, global: unknown) => {
      const operation = operationOf({ parameters: [bodyOf({})], consumes: own }, { consumes: global })
      return Object.keys(at({ operation }, '/operation/requestBody/content') ?? {})
    }
    expect(typesOf(undefined, ['text/xml', 'application/vnd.api+json'])).toEqual([
      'application/vnd.api+json',
      'text/xml',
    ])
    expect(typesOf(['text/csv', 5], ['text/xml'])).toEqual(['text/csv'])
    expect(typesOf([], ['text/xml'])).toEqual(['application/json'])
    expect(typesOf(['text/xml'], undefined)).toEqual(['text/xml'])
  })

  it('of the path is that of each operation without one of its own', () => {
    const item = { parameters: [bodyOf({ type: 'integer' })] }
    const schemaOf = (operation: Json) =>
      at({ operation: operationOf(operation, {}, item) }, '/operation/requestBody/content/application~1json/schema')
    expect(schemaOf({})).toEqual({ type: 'integer' })
    expect(schemaOf({ parameters: [bodyOf({ type: 'string' })] })).toEqual({ type: 'string' })
    const form = operationOf({ parameters: [field('f')] }, {}, item)
    expect(at({ form }, '/form/requestBody/content')).toHaveProperty('application/x-www-form-urlencoded')
    expect(at(upgrade({ paths: { '/a': item } }), '/paths/~1a')).toEqual({ parameters: [] })
  })

  it('of the document stays a reference, unless the operation has media types of its own', async () => {
    const shared = { parameters: { New: bodyOf(pet) }, definitions: { Pet } }
    const parameters = [{ $ref: '#/parameters/New' }]
    expect(operationOf({ parameters }, shared)).toMatchObject({
      requestBody: { $ref: '#/components/requestBodies/New' },
    })
    expect((await readOne({ parameters }, shared)).requestBody?.schema).toEqual(Pet)
    const merge = await readOne({ parameters, consumes: ['application/merge-patch+json'] }, shared)
    expect(merge.requestBody).toMatchObject({ contentType: 'application/merge-patch+json', schema: Pet })
  })
})

describe('form parameters', () => {
  it('become an object sent as a form', async () => {
    const fields = [field('a', { required: true, description: 'D', 'x-example': 'e' }), field('b', { type: 'integer' })]
    const { requestBody } = await readOne({ parameters: fields, consumes: ['application/x-www-form-urlencoded'] })
    expect(requestBody).toEqual({
      contentType: 'application/x-www-form-urlencoded',
      required: true,
      schema: {
        type: 'object',
        properties: { a: { type: 'string', description: 'D', example: 'e' }, b: { type: 'integer' } },
        required: ['a'],
      },
    })
  })

  it.each([
    ['application/x-www-form-urlencoded', undefined, 'string'],
    ['application/x-www-form-urlencoded', ['application/json'], 'string'],
    ['application/x-www-form-urlencoded', ['application/json', 'application/x-www-form-urlencoded'], 'string'],
    ['application/x-www-form-urlencoded', ['multipart/form-data', 'application/x-www-form-urlencoded'], 'string'],
    ['multipart/form-data', ['multipart/form-data; boundary=x'], 'string'],
    ['multipart/form-data', undefined, 'file'],
    ['multipart/form-data', ['application/x-www-form-urlencoded'], 'file'],
  ])('are sent as %s when %j is consumed and a field is a %s', async (expected, consumes, type) => {
    const { requestBody } = await readOne({ parameters: [field('f', { type })], ...(consumes ? { consumes } : {}) })
    expect(requestBody?.contentType).toBe(expected)
    const schema = type === 'file' ? { type: 'string', format: 'binary' } : { type }
    expect(requestBody?.schema).toEqual({ type: 'object', properties: { f: schema } })
  })

  it('of the path, the document and the operation make one form, the nearest first', async () => {
    const { requestBody } = await readOne(
      { parameters: [field('b', { type: 'boolean' }), { $ref: '#/parameters/C' }] },
      { parameters: { C: field('c', { required: true }) } },
      { parameters: [field('a'), field('b')] },
    )
    expect(requestBody?.schema).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'boolean' }, c: { type: 'string' } },
      required: ['c'],
    })
    expect(at(upgrade({ parameters: { C: field('c') } }), '/components/parameters')).toEqual({})
  })

  it('that are lists say how they are written', () => {
    const list = { type: 'array', items: { type: 'string' } }
    const fields = [field('a', list), field('b', { ...list, collectionFormat: 'multi' }), field('c')]
    const pointer = '/operation/requestBody/content/application~1x-www-form-urlencoded/encoding'
    expect(at({ operation: operationOf({ parameters: fields }) }, pointer)).toEqual({
      a: { style: 'form', explode: false },
      b: { style: 'form', explode: true },
    })
  })
})

describe('responses', () => {
  const responseOf = (response: Json, produces?: unknown) =>
    at({ operation: operationOf({ responses: { 200: response }, produces }) }, '/operation/responses/200')

  it('have their schema and example by media type', async () => {
    const response = {
      description: 'D',
      schema: pet,
      examples: { 'text/xml': '<a/>', 'application/json': { $ref: 'x' } },
    }
    expect(responseOf(response, ['text/xml', 'application/json', 'text/csv'])).toEqual({
      description: 'D',
      content: {
        'application/json': { schema: petMoved, example: { $ref: 'x' } },
        'text/xml': { schema: petMoved, example: '<a/>' },
        'text/csv': { schema: petMoved },
      },
    })
    expect((await readOne({ responses: { 200: response } }, { definitions: { Pet } })).response).toEqual(Pet)
  })

  it('without a schema have no content, except for their examples', () => {
    expect(responseOf({ description: 'D' })).toEqual({ description: 'D' })
    expect(responseOf({ examples: { 'application/json': 1 } })).toEqual({
      description: '',
      content: { 'application/json': { example: 1 } },
    })
  })

  it('have headers with a schema', () => {
    const headers = {
      'X-Left': { type: 'integer', description: 'D' },
      'X-Ids': { type: 'array', items: { type: 'string' } },
    }
    expect(responseOf({ description: '', headers })).toMatchObject({
      headers: {
        'X-Left': { description: 'D', schema: { type: 'integer' } },
        'X-Ids': { style: 'simple', schema: { type: 'array', items: { type: 'string' } } },
      },
    })
  })

  it('that are files are binary', () => {
    expect(responseOf({ description: '', schema: { type: 'file' } }, ['image/png'])).toMatchObject({
      content: { 'image/png': { schema: { type: 'string', format: 'binary' } } },
    })
  })

  it('of the document stay references, unless the operation has media types of its own', async () => {
    const shared = {
      responses: { One: { description: 'D', schema: pet } },
      definitions: { Pet },
      produces: ['text/xml'],
    }
    const responses = { 200: { $ref: '#/responses/One' } }
    expect(operationOf({ responses }, shared)).toEqual({ responses: { 200: { $ref: '#/components/responses/One' } } })
    expect((await readOne({ responses }, shared)).response).toBeNull()
    expect((await readOne({ responses, produces: ['application/json'] }, shared)).response).toEqual(Pet)
  })
})

describe('schemas', () => {
  const schemaOf = (schema: unknown) => at(upgrade({ definitions: { S: schema } }), '/components/schemas/S')

  it('say in the words of OpenAPI 3 what they said, at every depth', () => {
    const old = { type: 'object', discriminator: 'kind', properties: { kind: { type: 'string', 'x-nullable': true } } }
    const upgraded = {
      type: 'object',
      discriminator: { propertyName: 'kind' },
      properties: { kind: { type: 'string', nullable: true } },
    }
    const around = (schema: Json) => ({
      allOf: [schema, { items: schema }],
      properties: { a: { additionalProperties: schema, readOnly: true } },
      additionalProperties: false,
      xml: { name: 'x' },
    })
    expect(schemaOf(around(old))).toEqual(around(upgraded))
  })

  it('may have properties named as keywords are', () => {
    const properties = (one: Json) => ({ properties: { default: one, enum: one, example: one, discriminator: one } })
    expect(schemaOf(properties(pet))).toEqual(properties(petMoved))
  })

  it('cannot take the place of what every object has', () => {
    const result = schemaOf(JSON.parse('{ "properties": { "__proto__": { "type": "string" }, "a": {} } }'))
    const properties = at({ result }, '/result/properties')
    expect(properties).toEqual({ a: {} })
    expect(Object.getPrototypeOf(properties)).toBe(Object.prototype)
  })

  it('keep references in values as they are', () => {
    const schema = { example: pet, default: { a: pet }, enum: [pet] }
    expect(schemaOf(schema)).toEqual(schema)
  })

  it.each([
    [true],
    [null],
    ['text'],
    [[{ type: 'file' }]],
    [{ items: 5, properties: [], discriminator: {}, 'x-nullable': 1 }],
  ])('that are as malformed as %j do no harm', (schema) => {
    expect(() => schemaOf(schema)).not.toThrow()
  })

  it('may be very deep', () => {
    let schema: Json = { type: 'file' }
    for (let depth = 0; depth < 100_000; depth++) schema = { items: schema }
    let result = schemaOf(schema)
    while (at({ result }, '/result/items') !== undefined) result = at({ result }, '/result/items')
    expect(result).toEqual({ type: 'string', format: 'binary' })
  })

  it('may stand in many places and within themselves', () => {
    let shared: Json = { type: 'string' }
    for (let level = 0; level < 60; level++) shared = { properties: { a: shared, b: shared } }
    const cycle: Json = { type: 'object' }
    cycle['properties'] = { self: cycle, shared }
    const result = schemaOf(cycle)
    expect(at({ result }, '/result/properties/self')).toBe(result)
    expect(at({ result }, '/result/properties/shared/properties/a')).toBe(
      at({ result }, '/result/properties/shared/properties/b'),
    )
  })
})

describe('references', () => {
  const target = {
    definitions: { 'A/b c': { properties: { y: { type: 'integer' } } } },
    parameters: {
      B: bodyOf({ items: { type: 'integer' } }),
      Q: { name: 'q', in: 'query', type: 'array', items: { type: 'integer' } },
    },
    responses: { R: { description: '', schema: { items: { type: 'integer' } } } },
    paths: {
      '/a': {
        post: {
          consumes: ['text/xml'],
          produces: ['text/xml', 'application/hal+json'],
          parameters: [bodyOf({ type: 'integer' })],
          responses: { 200: { description: '', schema: { type: 'integer' } } },
        },
      },
    },
  }

  it.each([
    ['#/definitions/A~1b%20c/properties/y', '#/components/schemas/A~1b%20c/properties/y'],
    ['#/parameters/B/schema/items', '#/components/requestBodies/B/content/application~1json/schema/items'],
    ['#/parameters/Q/items', '#/components/parameters/Q/schema/items'],
    ['#/responses/R/schema/items', '#/components/responses/R/content/application~1json/schema/items'],
    ['#/paths/~1a/post/responses/200/schema', '#/paths/~1a/post/responses/200/content/application~1hal+json/schema'],
    ['#/paths/~1a/post/parameters/0/schema', '#/paths/~1a/post/requestBody/content/text~1xml/schema'],
  ])('to %s lead to the same as before', (before, after) => {
    const result = upgrade({ ...target, definitions: { ...target.definitions, S: { allOf: [{ $ref: before }] } } })
    expect(at(result, '/components/schemas/S')).toEqual({ allOf: [{ $ref: after }] })
    expect(at(result, after)).toEqual({ type: 'integer' })
  })

  it.each([['other.yaml#/definitions/A'], ['#'], ['#Name'], ['#/x-ours/A'], ['#/paths/~1a']])('to %s stay', ($ref) => {
    expect(at(upgrade({ ...target, definitions: { S: { $ref } } }), '/components/schemas/S')).toEqual({ $ref })
  })
})

describe('security schemes', () => {
  it.each<[Json, Json]>([
    [
      { type: 'basic', description: 'D' },
      { type: 'http', scheme: 'basic', description: 'D' },
    ],
    [
      { type: 'apiKey', in: 'header', name: 'X' },
      { type: 'apiKey', in: 'header', name: 'X' },
    ],
    [
      { type: 'oauth2', flow: 'accessCode', authorizationUrl: 'a', tokenUrl: 't', scopes: { s: 'S' }, 'x-ours': 1 },
      {
        type: 'oauth2',
        flows: { authorizationCode: { authorizationUrl: 'a', tokenUrl: 't', scopes: { s: 'S' } } },
        'x-ours': 1,
      },
    ],
    [
      { type: 'oauth2', flow: 'application', tokenUrl: 't' },
      { type: 'oauth2', flows: { clientCredentials: { tokenUrl: 't', scopes: {} } } },
    ],
    [
      { type: 'oauth2', flow: 'implicit', authorizationUrl: 'a' },
      { type: 'oauth2', flows: { implicit: { authorizationUrl: 'a', scopes: {} } } },
    ],
    [
      { type: 'oauth2', flow: 'password', tokenUrl: 't' },
      { type: 'oauth2', flows: { password: { tokenUrl: 't', scopes: {} } } },
    ],
    [
      { type: 'oauth2', flow: 'unknown' },
      { type: 'oauth2', flow: 'unknown' },
    ],
  ])('%j', (scheme, upgraded) => {
    expect(at(upgrade({ securityDefinitions: { S: scheme } }), '/components/securitySchemes/S')).toEqual(upgraded)
  })

  it('of an API key can be used', async () => {
    const { securitySchemes } = await read({ securityDefinitions: { S: { type: 'apiKey', in: 'query', name: 'key' } } })
    expect(securitySchemes).toEqual([{ id: 'S', description: '', type: 'apiKey', in: 'query', name: 'key' }])
  })
})

describe('whatever a document holds', () => {
  const members =
    'get post parameters responses consumes produces schema items properties headers in name type required examples ' +
    'default 200 $ref __proto__ constructor /a x-a'
  const names = fc.constantFrom(...members.split(' '))
  const leaf = fc.oneof(
    fc.constantFrom('body', 'formData', 'query', 'file', 'array', '', '#', '#/', '#/parameters/P', '#/paths/~1a/get'),
    fc.constantFrom('#/responses/R', '#/definitions', '#/parameters', '#/%', '#/paths/~1a/parameters/0', 'other.json'),
    fc.jsonValue({ maxDepth: 1 }),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6, withCrossShrink: true },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 4 }),
    ),
  }))

  it('is neither changed nor a reason to fail', () => {
    const malformed = fc.record(
      {
        paths: value,
        definitions: value,
        parameters: value,
        responses: value,
        securityDefinitions: value,
        consumes: value,
      },
      { requiredKeys: ['paths'] },
    )
    const anything = fc.record({ paths: fc.jsonValue() })
    fc.assert(
      fc.property(fc.oneof(malformed, anything), (given) => {
        const document = documentOf(given)
        const before = JSON.stringify(document)
        const result = upgradeSwagger2(document)
        expect(JSON.stringify(document)).toBe(before)
        expect(result['openapi']).toBe('3.0.3')
        JSON.stringify(result)
      }),
      { numRuns: 1000 },
    )
  })
})
