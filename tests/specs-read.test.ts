import { describe, expect, it } from 'vitest'
import type { Operation, Spec } from '../src/specs/operation.ts'
import { readSpec } from '../src/specs/read.ts'
import { validateDocument } from '../src/specs/validate.ts'

type Json = Record<string, unknown>

const URL_OF_DOCUMENT = 'https://docs.example.com/api/openapi.json'

/** Reads a document with these members, checked first as the real way in does. */
async function read(members: Json, documentUrl: string | null = URL_OF_DOCUMENT): Promise<Spec> {
  const document = { openapi: '3.1.0', info: { title: 'T', version: '1' }, paths: {}, ...members }
  return readSpec(validateDocument(document), documentUrl)
}

/** Reads the one operation of a path. */
async function readOne(path: string, method: string, operation: Json, more: { item?: Json; components?: Json } = {}) {
  const spec = await read({
    paths: { [path]: { ...more.item, [method]: operation } },
    components: more.components ?? {},
  })
  const [first] = spec.operations
  if (!first) throw new Error('no operation was read')
  return { ...first, findings: spec.findings }
}

const parameterOf = (operation: Operation, name: string) => operation.parameters.find((one) => one.name === name)
const json = (schema: Json) => ({ content: { 'application/json': { schema } } })

describe('operations', () => {
  it('are read with everything that says what they are, whatever the method', async () => {
    const documented = { operationId: 'x', summary: 'S', description: 'D', tags: ['a', 5], deprecated: true }
    const { operations } = await read({
      paths: { '/a': { get: documented, post: {}, summary: 'of the path' }, '/b': { trace: {}, patch: {}, head: {} } },
    })
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /a',
      'POST /a',
      'HEAD /b',
      'PATCH /b',
      'TRACE /b',
    ])
    expect(operations[0]).toMatchObject({ ...documented, tags: ['a'], effect: 'read' })
    expect(operations[1]).toMatchObject({ operationId: null, summary: 'of the path', deprecated: false, tags: [] })
  })

  it('are read from a path item that stands elsewhere', async () => {
    const { operations } = await read({
      paths: { '/a': { $ref: '#/components/pathItems/A' } },
      components: { pathItems: { A: { get: { operationId: 'listA' } } } },
    })
    expect(operations).toMatchObject([{ method: 'GET', path: '/a', operationId: 'listA' }])
  })

  it('that are no objects are left out and named in the findings', async () => {
    const { operations, findings } = await read({ paths: { '/a': { get: 'nothing', post: {} } } })
    expect(operations.map(({ method }) => method)).toEqual(['POST'])
    expect(findings).toEqual([{ path: '/paths/~1a/get', message: 'skipped: an operation must be an object' }])
  })
})

describe('parameters', () => {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }

  it('of the path hold for each of its operations, unless one overrides them', async () => {
    const limit = (maximum: number) => ({ name: 'limit', in: 'query', schema: { type: 'integer', maximum } })
    const operation = await readOne(
      '/a/{id}',
      'get',
      { parameters: [limit(10)] },
      { item: { parameters: [id, limit(99)] } },
    )
    expect(operation.parameters.map(({ name }) => name).toSorted()).toEqual(['id', 'limit'])
    expect(parameterOf(operation, 'limit')?.schema).toEqual({ type: 'integer', maximum: 10 })
  })

  it('of one name in two places are two', async () => {
    const operation = await readOne('/a/{id}', 'get', { parameters: [id, { ...id, in: 'query', required: false }] })
    expect(operation.parameters.map((one) => [one.in, one.required])).toEqual([
      ['path', true],
      ['query', false],
    ])
  })

  it('are read through references, and of those through references', async () => {
    const components = { parameters: { Id: { $ref: '#/components/parameters/TheId' }, TheId: id } }
    const operation = await readOne(
      '/a/{id}',
      'get',
      { parameters: [{ $ref: '#/components/parameters/Id' }] },
      { components },
    )
    expect(parameterOf(operation, 'id')).toMatchObject({ in: 'path', required: true, schema: { type: 'string' } })
    expect(operation.findings).toEqual([])
  })

  it('of a path that is not declared are taken as text and become a finding', async () => {
    const operation = await readOne('/a/{id}/b/{other}', 'get', { parameters: [id] })
    expect(parameterOf(operation, 'other')).toMatchObject({ in: 'path', required: true, schema: { type: 'string' } })
    expect(operation.findings).toEqual([
      { path: '/paths/~1a~1{id}~1b~1{other}/get', message: expect.stringContaining('{other} is not declared') },
    ])
  })

  it('of a path are required though the document forgets to say so', async () => {
    const operation = await readOne('/a/{id}', 'get', { parameters: [{ name: 'id', in: 'path' }] })
    expect(parameterOf(operation, 'id')?.required).toBe(true)
  })

  it('of headers that OpenAPI reserves are ignored, in any letter case', async () => {
    const names = ['Accept', 'content-type', 'AUTHORIZATION', 'X-Tenant']
    const parameters = names.map((name) => ({ name, in: 'header', schema: { type: 'string' } }))
    const operation = await readOne('/a', 'get', { parameters })
    expect(operation.parameters.map(({ name }) => name)).toEqual(['X-Tenant'])
    expect(operation.findings).toEqual([])
  })

  it.each([
    ['without a name', { in: 'query' }],
    ['without a place', { name: 'a' }],
    ['of Swagger 2', { name: 'a', in: 'body', schema: {} }],
    ['that are text', 'a'],
  ])('%s are left out and become a finding', async (_, parameter) => {
    const operation = await readOne('/a', 'post', { parameters: [parameter] })
    expect(operation.parameters).toEqual([])
    expect(operation.findings).toMatchObject([{ path: '/paths/~1a/post' }])
  })

  it('keep style, explode, description and a plain example', async () => {
    const given = { name: 'tag', in: 'query', style: 'pipeDelimited', explode: false, description: 'D', example: 'x' }
    const operation = await readOne('/a', 'get', { parameters: [{ ...given, schema: { type: 'array' } }] })
    expect(parameterOf(operation, 'tag')).toEqual({
      name: 'tag',
      in: 'query',
      required: false,
      description: 'D',
      schema: { type: 'array', example: 'x' },
      style: 'pipeDelimited',
      explode: false,
    })
  })

  it('take their schema from their content where they have one', async () => {
    const operation = await readOne('/a', 'get', {
      parameters: [{ name: 'f', in: 'query', ...json({ type: 'object' }) }],
    })
    expect(parameterOf(operation, 'f')?.schema).toEqual({ type: 'object' })
  })
})

describe('request bodies', () => {
  it('are read through references', async () => {
    const components = {
      requestBodies: { B: { required: true, ...json({ $ref: '#/components/schemas/S' }) } },
      schemas: { S: { type: 'object' } },
    }
    const { requestBody } = await readOne(
      '/a',
      'post',
      { requestBody: { $ref: '#/components/requestBodies/B' } },
      { components },
    )
    expect(requestBody).toEqual({ contentType: 'application/json', required: true, schema: { type: 'object' } })
  })

  it.each([
    [['application/xml', 'application/json'], 'application/json'],
    [['text/plain', 'application/merge-patch+json'], 'application/merge-patch+json'],
    [['application/x-www-form-urlencoded', 'application/json; charset=utf-8'], 'application/json; charset=utf-8'],
    [['application/x-www-form-urlencoded', 'text/plain'], 'application/x-www-form-urlencoded'],
    [['application/jsonlines', 'text/csv'], 'application/jsonlines'],
  ])('of the types %j are sent as %s', async (types, chosen) => {
    const content = Object.fromEntries(types.map((type) => [type, { schema: { title: type } }]))
    const { requestBody } = await readOne('/a', 'post', { requestBody: { content } })
    expect(requestBody).toEqual({ contentType: chosen, required: false, schema: { title: chosen } })
  })

  it('that are missing or say nothing are none', async () => {
    expect((await readOne('/a', 'post', {})).requestBody).toBeNull()
    expect((await readOne('/a', 'post', { requestBody: { content: {} } })).requestBody).toBeNull()
  })
})

describe('responses', () => {
  const named = (title: string) => ({ description: title, ...json({ title }) })

  it.each([
    ['the success, not the error', { 400: named('no'), 200: named('yes'), default: named('no') }, 'yes'],
    ['the first of several successes', { 201: named('second'), 200: named('first') }, 'first'],
    ['the first success that has one', { 200: { description: 'nothing' }, 201: named('yes') }, 'yes'],
    ['200 before others', { '2XX': named('no'), 202: named('no'), 200: named('yes') }, 'yes'],
    ['the range after the single ones', { '2XX': named('no'), 202: named('yes'), 204: {} }, 'yes'],
    ['the type that has a schema', { 200: { content: { '*/*': {}, ...named('yes').content } } }, 'yes'],
    ['any success', { '2XX': named('yes'), '4XX': named('no') }, 'yes'],
    ['the default when there is no other', { default: named('yes'), 404: named('no') }, 'yes'],
    ['a JSON dialect', { 200: { content: { 'application/hal+json': { schema: { title: 'yes' } } } } }, 'yes'],
    ['any type', { 200: { content: { '*/*': { schema: { title: 'yes' } } } } }, 'yes'],
  ])('are read from %s', async (_, responses, title) => {
    expect((await readOne('/a', 'get', { responses })).response).toEqual({ title })
  })

  it('are read through references, schema and all', async () => {
    const components = {
      responses: { R: json({ $ref: '#/components/schemas/S' }) },
      schemas: { S: { type: ['string', 'null'] } },
    }
    const { response } = await readOne(
      '/a',
      'get',
      { responses: { 200: { $ref: '#/components/responses/R' } } },
      { components },
    )
    expect(response).toEqual({ type: ['string', 'null'] })
  })

  it.each([
    ['only errors are described', { 404: named('no') }],
    ['the success has no body', { 204: { description: 'done' } }],
    ['the success has no body and the default tells of errors', { 204: { description: 'done' }, default: named('no') }],
    ['the success is no JSON', { 200: { content: { 'text/csv': { schema: { type: 'string' } } } } }],
    ['there are none', undefined],
  ])('are unknown when %s', async (_, responses) => {
    expect((await readOne('/a', 'get', { responses })).response).toBeNull()
  })
})

describe('references to other documents', () => {
  const other = { $ref: 'other.yaml#/X' }
  const message = 'refers to another document, which is not read: other.yaml#/X'

  it.each([
    ['a parameter', { parameters: [other] }, '/paths/~1a/post/parameters/0'],
    ['a request body', { requestBody: other }, '/paths/~1a/post/requestBody'],
    ['a response', { responses: { 200: other } }, '/paths/~1a/post/responses/200'],
    [
      'a schema',
      { requestBody: json({ properties: { b: other } }) },
      '/paths/~1a/post/requestBody/content/application~1json/schema/properties/b',
    ],
  ])('become one finding, in place of %s', async (_, operation, path) => {
    expect((await readOne('/a', 'post', operation)).findings).toEqual([{ path, message }])
  })

  it('become a finding where they stand, though something else refers there', async () => {
    const components = { parameters: { P: other } }
    const operation = await readOne(
      '/a',
      'get',
      { parameters: [{ $ref: '#/components/parameters/P' }] },
      { components },
    )
    expect([operation.parameters, operation.findings]).toEqual([[], [{ path: '/components/parameters/P', message }]])
  })

  it('leave out a path and an operation, and are told of once', async () => {
    const { operations, findings } = await read({ paths: { '/a': other, '/b': { get: other, post: {} } } })
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /b'])
    expect(findings).toEqual([
      { path: '/paths/~1a', message: expect.stringContaining('skipped') },
      { path: '/paths/~1b/get', message: expect.stringContaining('skipped') },
    ])
  })

  it.each(['https://a.example.com/x.json', 'file:///etc/passwd', 'Pet'])('may be of the form %s', async ($ref) => {
    const operation = await readOne('/a', 'get', { responses: { 200: json({ $ref }) } })
    expect(operation.findings).toMatchObject([{ message: expect.stringContaining($ref) }])
    expect(operation.response).toEqual({ $ref })
  })
})

it('passes over extensions among the paths', async () => {
  const { operations, findings } = await read({ paths: { 'x-get': { get: {} }, '/a': { get: {} } } })
  expect([operations.map(({ path }) => path), findings]).toEqual([['/a'], []])
})

describe('the base URL', () => {
  it.each([
    ['as written', [{ url: 'https://api.example.com/v1' }], 'https://api.example.com/v1'],
    ['without its last slash', [{ url: 'https://api.example.com/' }], 'https://api.example.com'],
    [
      'of the first server',
      [{ url: 'https://a.example.com' }, { url: 'https://b.example.com' }],
      'https://a.example.com',
    ],
    ['relative to the root of the document’s host', [{ url: '/v2' }], 'https://docs.example.com/v2'],
    ['relative to the document', [{ url: 'v2/' }], 'https://docs.example.com/api/v2'],
    ['above the document', [{ url: '../v3' }], 'https://docs.example.com/v3'],
    ['of the document’s scheme', [{ url: '//api.example.com' }], 'https://api.example.com'],
    ['of the document’s host when there is no server', undefined, 'https://docs.example.com'],
    ['of the document’s host when the list is empty', [], 'https://docs.example.com'],
  ])('is %s', async (_, servers, baseUrl) => {
    expect((await read(servers ? { servers } : {})).baseUrl).toBe(baseUrl)
  })

  it('has the defaults of its variables filled in', async () => {
    const variables = {
      region: { default: 'eu', enum: ['eu', 'us'] },
      port: { default: '8443' },
      base: { default: 'v2' },
    }
    const servers = [{ url: 'https://{region}.example.com:{port}/{base}/{region}', variables }]
    expect((await read({ servers })).baseUrl).toBe('https://eu.example.com:8443/v2/eu')
  })

  it.each(['https://api.example.com/v1?x=1', 'https://api.example.com/v1/#top', 'https://api.example.com/v1/?#'])(
    'has neither query nor fragment: %s',
    async (url) => {
      expect((await read({ servers: [{ url }] })).baseUrl).toBe('https://api.example.com/v1')
    },
  )

  it('has defaults filled in that YAML made numbers or booleans of', async () => {
    const variables = { port: { default: 8443 }, live: { default: true } }
    const servers = [{ url: 'https://api.example.com:{port}/{live}', variables }]
    expect((await read({ servers })).baseUrl).toBe('https://api.example.com:8443/true')
  })

  it.each([URL_OF_DOCUMENT, null])(
    'is unknown when it is not a valid URL, in a document at %s',
    async (documentUrl) => {
      const spec = await read({ servers: [{ url: 'https://a b.example.com' }] }, documentUrl)
      expect([spec.baseUrl, spec.findings]).toEqual([
        null,
        [{ path: '/servers/0/url', message: 'the server URL is not a valid URL' }],
      ])
    },
  )

  it('is unknown for a pasted document without an absolute server', async () => {
    expect((await read({}, null)).baseUrl).toBeNull()
    const spec = await read({ servers: [{ url: '/v1' }] }, null)
    expect([spec.baseUrl, spec.findings]).toEqual([null, [expect.objectContaining({ path: '/servers/0/url' })]])
  })
})

it('reads title, version and description of a document', async () => {
  const spec = await read({ info: { title: 'Pets', version: '2.1', description: 'D' }, openapi: '3.0.3' })
  expect(spec).toMatchObject({ title: 'Pets', version: '2.1', description: 'D', openapi: '3.0.3' })
})

it('knows of the security schemes those it can use', async () => {
  const securitySchemes = {
    header: { type: 'apiKey', in: 'header', name: 'X-Key' },
    query: { type: 'apiKey', in: 'query', name: 'key' },
    cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
    bearer: { type: 'http', scheme: 'Bearer' },
    basic: { type: 'http', scheme: 'basic' },
    oauth: { type: 'oauth2', flows: {} },
    again: { $ref: '#/components/securitySchemes/header' },
  }
  expect((await read({ components: { securitySchemes } })).securitySchemes).toEqual([
    { type: 'apiKey', in: 'header', name: 'X-Key' },
    { type: 'apiKey', in: 'query', name: 'key' },
    { type: 'apiKey', in: 'cookie', name: 'sid' },
    { type: 'bearer' },
    { type: 'apiKey', in: 'header', name: 'X-Key' },
  ])
})
