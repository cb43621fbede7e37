import { describe, expect, it } from 'vitest'
import { settleReferences } from '../src/specs/external.ts'
import { newFindings } from '../src/specs/finding.ts'
import type { Operation, Spec } from '../src/specs/operation.ts'
import { readSpec } from '../src/specs/read.ts'
import { validateDocument } from '../src/specs/validate.ts'

type Json = Record<string, unknown>

const URL_OF_DOCUMENT = 'https://docs.example.com/api/openapi.json'

/** Reads a document with these members, checked first as the real way in does. */
async function read(members: Json, documentUrl: string | null = URL_OF_DOCUMENT): Promise<Spec> {
  const document = { openapi: '3.1.0', info: { title: 'T', version: '1' }, paths: {}, ...members }
  const findings = newFindings()
  settleReferences(document, documentUrl, findings)
  return readSpec(validateDocument(document, documentUrl, findings), documentUrl, findings)
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

/** Why the one operation of a path is not used. */
async function skipOne(path: string, method: string, operation: Json, more: { item?: Json; components?: Json } = {}) {
  const spec = await read({
    paths: { [path]: { ...more.item, [method]: operation } },
    components: more.components ?? {},
  })
  expect(spec.operations).toEqual([])
  return spec.skipped
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
      'TRACE /b',
      'PATCH /b',
      'HEAD /b',
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

  it('that are no objects are skipped, and named with the reason', async () => {
    const { operations, skipped } = await read({ paths: { '/a': { get: 'nothing', post: {} } } })
    expect(operations.map(({ method }) => method)).toEqual(['POST'])
    expect(skipped).toEqual([
      {
        operation: 'GET /a',
        path: '/paths/~1a/get',
        message: 'an operation must be an object',
        line: null,
        fix: 'Describe the operation in an object.',
      },
    ])
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
    expect(operation.findings).toMatchObject([
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
    expect(operation.findings).toMatchObject([{ path: '/paths/~1a/post/parameters/0' }])
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
    [['multipart/form-data', 'application/x-www-form-urlencoded'], 'application/x-www-form-urlencoded'],
    [['text/plain', 'multipart/form-data'], 'multipart/form-data'],
    [['application/jsonlines', 'text/csv'], 'text/csv'],
    [['application/octet-stream', 'image/png'], 'application/octet-stream'],
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

describe('references that lead nowhere', () => {
  const other = { $ref: 'other.yaml#/X' }
  const message = expect.stringContaining('refers to another document, which is not read: other.yaml#/X')

  it.each([
    ['a response', { responses: { 200: other } }, '/paths/~1a/post/responses/200'],
    [
      'a schema',
      { requestBody: json({ properties: { b: other } }) },
      '/paths/~1a/post/requestBody/content/application~1json/schema/properties/b',
    ],
  ])('become one finding, in place of %s, and the operation can be used', async (_, operation, path) => {
    expect((await readOne('/a', 'post', operation)).findings).toMatchObject([{ path, message }])
  })

  it('leave of a schema what is known', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string' }, b: { $ref: '#/components/schemas/Gone' } } }
    const { response } = await readOne('/a', 'get', { responses: { 200: json(schema) } })
    expect(response).toEqual(schema)
  })

  it.each([
    ['a parameter', { parameters: [other] }],
    ['a request body', { requestBody: other }],
    ['a parameter that refers to itself', { parameters: [{ $ref: '#/components/parameters/Me' }] }],
  ])('skip the operation, in place of %s', async (_, operation) => {
    const components = { parameters: { Me: { $ref: '#/components/parameters/Me' } } }
    const reason = expect.stringContaining('is not known')
    expect(await skipOne('/a', 'post', operation, { components })).toMatchObject([
      { operation: 'POST /a', path: '/paths/~1a/post', message: reason },
    ])
  })

  it('become a finding where they stand, though something else refers there', async () => {
    const components = { parameters: { P: other } }
    const spec = await read({
      paths: { '/a': { get: { parameters: [{ $ref: '#/components/parameters/P' }] } } },
      components,
    })
    expect(spec.findings).toMatchObject([{ path: '/components/parameters/P', message }])
    expect(spec.skipped).toMatchObject([{ operation: 'GET /a' }])
  })

  it('skip a path and an operation, and are told of once', async () => {
    const { operations, skipped, findings } = await read({ paths: { '/a': other, '/b': { get: other, post: {} } } })
    expect(operations.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /b'])
    expect(skipped).toMatchObject([
      { operation: '/a', path: '/paths/~1a' },
      { operation: 'GET /b', path: '/paths/~1b/get' },
    ])
    expect(findings).toEqual([])
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

  it.each([
    ['{v} without a default is one of its values', { v: { enum: ['eu', 'us'] } }, 'https://eu.example.com/'],
    ['{v} without anything leaves no host behind', {}, null],
  ])('knows what to do: %s', async (_, variables, baseUrl) => {
    const spec = await read({ servers: [{ url: 'https://{v}.example.com', variables }] })
    expect(spec.baseUrl).toBe(baseUrl?.replace(/\/$/, '') ?? null)
    expect(spec.findings.some(({ message }) => message.includes('has no default'))).toBe(baseUrl === null)
  })

  it('has defaults filled in that YAML made numbers or booleans of', async () => {
    const variables = { port: { default: 8443 }, live: { default: true } }
    const servers = [{ url: 'https://api.example.com:{port}/{live}', variables }]
    expect((await read({ servers })).baseUrl).toBe('https://api.example.com:8443/true')
  })

  it.each([URL_OF_DOCUMENT, null])(
    'is unknown when it is not a valid URL, in a document at %s',
    async (documentUrl) => {
      const spec = await read({ servers: [{ url: 'https://a b.example.com' }] }, documentUrl)
      expect(spec.baseUrl).toBeNull()
      expect(spec.findings).toMatchObject([{ path: '/servers/0/url', message: 'the server URL is not a valid URL' }])
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

describe('security schemes', () => {
  const scheme = async (members: Json, documentUrl: string | null = URL_OF_DOCUMENT) => {
    const spec = await read({ components: { securitySchemes: { s: members } } }, documentUrl)
    return [spec.securitySchemes, spec.findings.map(({ path }) => path)]
  }
  const flow = { authorizationUrl: '/login', tokenUrl: 'token', scopes: { a: 'A' } }
  const urls = { authorizationUrl: 'https://docs.example.com/login', tokenUrl: 'https://docs.example.com/api/token' }

  it.each([
    [{ type: 'apiKey', in: 'header', name: 'X-Key' }],
    [{ type: 'apiKey', in: 'query', name: 'key' }],
    [{ type: 'apiKey', in: 'cookie', name: 'sid' }],
  ])('are read as they are: %j', async (members) => {
    expect(await scheme({ ...members, description: 'D' })).toEqual([[{ id: 's', description: 'D', ...members }], []])
  })

  it.each([
    [{ type: 'http', scheme: 'Bearer', bearerFormat: 'JWT' }, { type: 'bearer' }],
    [{ type: 'http', scheme: 'basic' }, { type: 'basic' }],
    [
      { type: 'openIdConnect', openIdConnectUrl: '/.well-known/openid-configuration' },
      { type: 'openIdConnect', openIdConnectUrl: 'https://docs.example.com/.well-known/openid-configuration' },
    ],
    [
      { type: 'oauth2', flows: { clientCredentials: flow } },
      { type: 'oauth2', flow: 'clientCredentials', tokenUrl: urls.tokenUrl, scopes: { a: 'A' } },
    ],
  ])('of %j are read as %j', async (members, read) => {
    expect(await scheme(members)).toEqual([[{ id: 's', description: '', ...read }], []])
  })

  it('with two flows are two of one name', async () => {
    const [schemes] = await scheme({ type: 'oauth2', flows: { clientCredentials: flow, authorizationCode: flow } })
    expect(schemes).toEqual([
      {
        id: 's',
        description: '',
        type: 'oauth2',
        flow: 'clientCredentials',
        tokenUrl: urls.tokenUrl,
        scopes: { a: 'A' },
      },
      { id: 's', description: '', type: 'oauth2', flow: 'authorizationCode', ...urls, scopes: { a: 'A' } },
    ])
  })

  it.each([
    [{ type: 'http', scheme: 'digest' }, ''],
    [{ type: 'mutualTLS' }, ''],
    [{ type: 'apiKey', in: 'body', name: 'k' }, ''],
    [{ type: 'oauth2', flows: {} }, ''],
    [{ type: 'oauth2', flows: { implicit: flow } }, '/flows/implicit'],
    [{ type: 'oauth2', flows: { password: flow } }, '/flows/password'],
    [{ type: 'oauth2', flows: { clientCredentials: {} } }, '/flows/clientCredentials/tokenUrl'],
    [{ type: 'openIdConnect', openIdConnectUrl: 'javascript:alert(1)' }, '/openIdConnectUrl'],
  ])('that cannot be used become a finding: %j', async (members, at) => {
    expect(await scheme(members)).toEqual([[], [`/components/securitySchemes/s${at}`]])
  })

  it('of a pasted document have no relative URLs', async () => {
    const flows = { clientCredentials: { tokenUrl: '/token', scopes: {} } }
    expect(await scheme({ type: 'oauth2', flows }, null)).toEqual([
      [],
      ['/components/securitySchemes/s/flows/clientCredentials/tokenUrl'],
    ])
  })

  it('are read through references', async () => {
    const again = { $ref: '#/components/securitySchemes/key' }
    const key = { type: 'apiKey', in: 'header', name: 'K' }
    const { securitySchemes } = await read({ components: { securitySchemes: { again, key } } })
    expect(securitySchemes).toEqual([
      { id: 'again', description: '', ...key },
      { id: 'key', description: '', ...key },
    ])
  })
})

describe('security of an operation', () => {
  const components = { securitySchemes: {} }

  it.each([
    ['its own', [{ own: ['a', 'b'] }], [{ doc: [] }], [{ own: ['a', 'b'] }]],
    ['the document’s', undefined, [{ doc: ['x'] }], [{ doc: ['x'] }]],
    ['none', [], [{ doc: [] }], []],
    ['one of several, or none', [{ a: [], b: [] }, {}], undefined, [{ a: [], b: [] }, {}]],
    ['not known', undefined, undefined, null],
  ])('is %s', async (_, own, ofDocument, expected) => {
    const spec = await read({
      paths: { '/a': { get: own ? { security: own } : {} } },
      ...(ofDocument && { security: ofDocument }),
      components,
    })
    expect(spec.operations[0]?.security).toEqual(expected)
  })

  it('that is no list becomes a finding', async () => {
    const key = { type: 'http', scheme: 'basic' }
    const components = { securitySchemes: { key } }
    const operation = await readOne('/a', 'get', { security: { key: [] } }, { components })
    expect([operation.security, operation.findings.map(({ path }) => path)]).toEqual([
      [{ key: [] }],
      ['/paths/~1a/get/security'],
    ])
  })
})

describe('a credential that is described once more as a parameter', () => {
  const components = {
    securitySchemes: {
      bot: { type: 'http', scheme: 'bearer' },
      key: { type: 'apiKey', in: 'query', name: 'sig' },
    },
  }
  const parameter = (name: string, description: string, place = 'query') => ({
    name,
    in: place,
    required: true,
    description,
    schema: { type: 'string' },
  })
  const namesOf = async (security: object[], ...parameters: object[]) =>
    (await readOne('/a/{token}', 'get', { security, parameters }, { components })).parameters.map(({ name }) => name)

  it('is none of the operation: the vault gives it', async () => {
    const token = parameter('token', 'Authentication token. Requires scope: `chat:write`')
    const path = parameter('token', 'The access token to revoke', 'path')
    expect(await namesOf([{ bot: [] }], token, path, parameter('channel', 'Where to'))).toEqual(['token', 'channel'])
    expect(await namesOf([{ key: [] }], path, parameter('sig', ''))).toEqual(['token'])
  })

  it('stays where nothing else lets in, and what is no credential stays anyway', async () => {
    const token = parameter('token', 'Authentication token')
    const path = parameter('token', '', 'path')
    expect(await namesOf([], path, token)).toEqual(['token', 'token'])
    const page = parameter('token', 'Where the next page begins')
    expect(await namesOf([{ bot: [] }], path, page, parameter('sig', ''))).toEqual(['token', 'token', 'sig'])
    const revoked = parameter('access_token', 'The access token to be revoked')
    expect(await namesOf([{ bot: [] }], path, revoked)).toEqual(['token', 'access_token'])
  })
})

it('tells once of a scheme that operations ask for and nobody declares', async () => {
  const paths = { '/a': { get: { security: [{ key: [] }] }, put: { security: [{ key: [] }] } } }
  expect((await read({ paths })).findings).toMatchObject([
    { path: '/components/securitySchemes', message: 'has no "key", which operations ask for' },
  ])
})

it('reads paths that stand elsewhere in the document', async () => {
  const { operations } = await read({ paths: { $ref: '#/x-paths' }, 'x-paths': { '/a': { get: {} } } })
  expect(operations.map(({ path }) => path)).toEqual(['/a'])
})

describe('the server of an operation', () => {
  const servers = [{ url: 'https://api.example.com/v1' }]

  it.each([
    ['its own', { servers: [{ url: 'https://up.example.com/' }] }, {}, 'https://up.example.com'],
    ['its path’s', {}, { servers: [{ url: '/v2' }] }, 'https://docs.example.com/v2'],
    [
      'its own before its path’s',
      { servers: [{ url: 'https://a.example.com' }] },
      { servers: [{ url: 'https://b.example.com' }] },
      'https://a.example.com',
    ],
    ['the document’s', {}, {}, null],
    ['the document’s though it is said again', { servers }, {}, null],
  ])('is %s', async (_, operation, item, expected) => {
    const spec = await read({ servers, paths: { '/a': { ...item, get: operation } } })
    expect(spec.operations.map(({ server }) => server)).toEqual([expected])
  })

  it('that cannot be called leaves the operation out', async () => {
    const skipped = await skipOne('/a', 'get', { servers: [{ url: 'wss://a.example.com' }] })
    expect(skipped).toMatchObject([{ operation: 'GET /a', message: 'the server it has for itself cannot be called' }])
  })
})

describe('what is slightly broken', () => {
  it('is put right with a finding: parameters that are an object', async () => {
    const operation = await readOne('/a', 'get', {
      parameters: { limit: { in: 'query' }, q: { in: 'query', name: 'Q' } },
    })
    expect(operation.parameters.map(({ name }) => name)).toEqual(['limit', 'Q'])
    expect(operation.findings).toMatchObject([{ path: '/paths/~1a/get/parameters' }])
  })

  it('is put right with a finding: a path without its slash', async () => {
    const { operations, findings } = await read({ paths: { orders: { get: {} } } })
    expect([operations.map(({ path }) => path), findings.map(({ path }) => path)]).toEqual([
      ['/orders'],
      ['/paths/orders'],
    ])
  })

  it('is told of: paths and operations that are nothing, and methods in capitals', async () => {
    const { operations, findings } = await read({ paths: { '/a': null, '/b': { get: null, POST: {}, put: {} } } })
    expect(operations.map(({ method }) => method)).toEqual(['PUT'])
    expect(findings.map(({ path }) => path)).toEqual(['/paths/~1a', '/paths/~1b/get', '/paths/~1b/POST'])
  })

  it('is told of: one request under two paths, and one id for two operations', async () => {
    const { operations, findings } = await read({
      paths: { '/a/{x}': { get: { operationId: 'one' } }, '/a/{y}': { get: { operationId: 'one' } } },
    })
    expect(operations.map(({ path }) => path)).toEqual(['/a/{x}', '/a/{y}'])
    expect(findings.map(({ path, message }) => [path, message])).toContainEqual([
      '/paths/~1a~1{y}/get',
      'is the same request as GET /a/{x}',
    ])
    expect(findings.map(({ path, message }) => [path, message])).toContainEqual([
      '/paths/~1a~1{y}/get/operationId',
      '"one" is the id of GET /a/{x} too',
    ])
  })

  it('is skipped: one operation under two spellings of its path', async () => {
    const { operations, skipped } = await read({ paths: { '/a': { get: {} }, a: { get: {} } } })
    expect([operations.length, skipped]).toMatchObject([1, [{ operation: 'GET /a', path: '/paths/a/get' }]])
  })

  it('is told of: a body of a request that has none', async () => {
    const operation = await readOne('/a', 'get', { requestBody: json({ type: 'object' }) })
    expect([operation.requestBody, operation.findings]).toMatchObject([null, [{ path: '/paths/~1a/get/requestBody' }]])
  })
})

describe('OpenAPI 3.2', () => {
  it('has QUERY, and methods of one’s own', async () => {
    const { operations, skipped } = await read({
      openapi: '3.2.0',
      paths: { '/a': { query: {}, additionalOperations: { COPY: {}, LINK: {}, PURGE: 'no' } } },
      webhooks: { come: { post: {} } },
    })
    expect(operations.map(({ method, effect }) => [method, effect])).toEqual([
      ['QUERY', 'read'],
      ['COPY', 'update'],
    ])
    expect(skipped.map(({ operation, path }) => [operation, path])).toEqual([
      ['LINK /a', '/paths/~1a/additionalOperations/LINK'],
      ['PURGE /a', '/paths/~1a/additionalOperations/PURGE'],
    ])
  })

  it('has a parameter that is the whole query, which is left out where that can be', async () => {
    const whole = { name: 'q', in: 'querystring', ...json({ type: 'object' }) }
    const operation = await readOne('/a', 'get', { parameters: [whole] })
    expect([operation.parameters, operation.findings]).toMatchObject([[], [{ path: '/paths/~1a/get/parameters/0' }]])
    expect(await skipOne('/a', 'get', { parameters: [{ ...whole, required: true }] })).toMatchObject([
      { operation: 'GET /a', message: expect.stringContaining('in: querystring') },
    ])
  })

  it('has bodies of many items, and media types by reference', async () => {
    const content = { 'application/jsonl': { itemSchema: { type: 'integer' } } }
    expect((await readOne('/a', 'post', { requestBody: { content } })).requestBody?.schema).toEqual({
      type: 'array',
      items: { type: 'integer' },
    })
    const shared = { 'application/json': { $ref: '#/components/mediaTypes/M' } }
    const components = { mediaTypes: { M: { schema: { title: 'yes' } } } }
    const { response } = await readOne('/a', 'get', { responses: { 200: { content: shared } } }, { components })
    expect(response).toEqual({ title: 'yes' })
  })
})

it('reads the effect that the document gives an operation', async () => {
  expect((await readOne('/a', 'post', { 'x-apiq-effect': 'read' })).effect).toBe('read')
  expect((await readOne('/a', 'post', { 'x-apiq-effect': 'explode' })).effect).toBe('create')
})
