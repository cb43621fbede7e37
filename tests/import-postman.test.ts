import { describe, expect, it } from 'vitest'
import { AppError } from '../src/errors.ts'
import { importDocument } from '../src/specs/import/index.ts'
import { namesOf, operationOf, readImported } from './import-reading.ts'

type Json = Record<string, unknown>

const V21 = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json'
const SECRET = 'S3CRET-9f8e7d6c'

/** Imports a collection of these items and reads its document. */
function read(item: unknown[], more: Json = {}) {
  const source = {
    info: { name: 'Shop', schema: V21 },
    item,
    variable: [{ key: 'base', value: 'https://api.shop.example/v1/' }],
    ...more,
  }
  const imported = importDocument(JSON.parse(JSON.stringify(source)))
  if (!imported) throw new Error('it was not taken for a collection')
  return {
    ...imported,
    spec: readImported(imported.document),
    messages: imported.warnings.map(({ message }) => message),
  }
}

const request = (url: unknown, more: Json = {}, item: Json = {}) => ({
  name: 'A',
  request: { method: 'GET', url, ...more },
  ...item,
})

function failure(source: unknown): AppError {
  try {
    importDocument(source)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('a collection', () => {
  it('becomes a document: names, folders, descriptions', () => {
    const { kind, spec, messages } = read(
      [
        {
          name: 'Orders',
          item: [
            { name: 'Archive', item: [request('{{base}}/archive/orders', {}, { name: 'List archived orders' })] },
            request('{{base}}/orders', { method: 'POST', description: 'Creates one.' }, { name: 'Create order' }),
          ],
        },
        { name: 'Status', request: 'https://api.shop.example/status' },
      ],
      { info: { name: 'Shop', schema: V21, description: { content: 'Of the shop', type: 'text/markdown' } } },
    )
    expect(kind).toBe('postman')
    expect(messages).toEqual([])
    expect(spec).toMatchObject({
      title: 'Shop',
      description: 'Of the shop',
      baseUrl: 'https://api.shop.example',
      skipped: [],
    })
    expect(namesOf(spec)).toEqual(['GET /status', 'GET /v1/archive/orders', 'POST /v1/orders'])
    expect(operationOf(spec, 'GET /v1/archive/orders').tags).toEqual(['Orders', 'Archive'])
    expect(operationOf(spec, 'POST /v1/orders')).toMatchObject({
      summary: 'Create order',
      description: 'Creates one.',
      tags: ['Orders'],
    })
  })

  it.each<[string, unknown]>([
    ['a text', 'https://a.example/v1/orders/:orderId/lines/{{lineId}}?page=1'],
    [
      'parts',
      {
        raw: 'ignored',
        protocol: 'https',
        host: ['a', 'example'],
        path: ['v1', 'orders', ':orderId', 'lines', '{{lineId}}'],
        query: [{ key: 'page', value: '1', disabled: true }],
      },
    ],
    [
      'a host and parts',
      { host: 'https://a.example', path: '/v1/orders/:orderId/lines/{{lineId}}', query: [{ key: 'page', value: '1' }] },
    ],
    ['only its text', { raw: 'https://a.example/v1/orders/:orderId/lines/{{lineId}}?page=1#top' }],
  ])('takes a URL as %s', (_what, url) => {
    const { spec } = read([request(url)])
    expect(spec.baseUrl).toBe('https://a.example')
    const operation = operationOf(spec, 'GET /v1/orders/{orderId}/lines/{lineId}')
    expect(operation.parameters.map((one) => [one.name, one.in, one.required])).toEqual([
      ['orderId', 'path', true],
      ['lineId', 'path', true],
      ['page', 'query', false],
    ])
  })

  it('fills in the variables of the host, also through others, and those that are fixed parts of the path', () => {
    const { spec } = read([request('{{base}}/{{version}}/orders/{{order}}')], {
      variable: [
        { key: 'base', value: '{{scheme}}://{{host}}' },
        { key: 'scheme', value: 'https' },
        { key: 'host', value: 'a.example:8443' },
        { key: 'version', value: 'v2' },
        { key: 'order', value: '17' },
      ],
    })
    expect(spec.baseUrl).toBe('https://a.example:8443')
    expect(namesOf(spec)).toEqual(['GET /v2/orders/{order}'])
  })

  it('has no server where it does not say the host', () => {
    const { spec, messages } = read([request('{{url}}/orders')])
    expect(spec.baseUrl).toBeNull()
    expect(namesOf(spec)).toEqual(['GET /orders'])
    expect(messages).toEqual(['the collection does not say what {{url}} is: give the base URL when connecting'])
  })

  it('with several hosts takes the most frequent one for the server', () => {
    const { spec, messages } = read([
      request('https://b.example/status'),
      request('https://a.example/orders'),
      request('https://a.example/lines'),
      request('https://a.example/more'),
      request('https://b.example/orders'),
    ])
    expect(spec.baseUrl).toBe('https://a.example')
    expect(operationOf(spec, 'GET /status').server).toBe('https://b.example')
    expect(operationOf(spec, 'GET /orders').server).toBeNull()
    expect(messages).toEqual(['GET /orders of https://b.example is left out: https://a.example has the same one'])
  })

  it('makes one operation of requests that differ in the names of parameters', () => {
    const { spec } = read([
      request('https://a.example/orders/:id', {}, { name: 'One' }),
      request('https://a.example/orders/{{orderId}}?full=true', { method: 'GET' }),
      request('https://a.example/orders/17', { method: 'DELETE' }),
    ])
    expect(namesOf(spec)).toEqual(['DELETE /orders/{id}', 'GET /orders/{id}'])
    expect(operationOf(spec, 'GET /orders/{id}').parameters.map(({ name }) => name)).toEqual(['id', 'full'])
    expect(operationOf(spec, 'DELETE /orders/{id}').parameters).toMatchObject([{ schema: { type: 'integer' } }])
  })

  it('keeps the headers of the API and leaves those of the transport', () => {
    const names = [
      'Accept',
      'Content-Type',
      'X-Shop',
      'Connection',
      'User-Agent',
      'Cookie',
      'Postman-Token',
      'Idempotency-Key',
    ]
    const { spec } = read([
      request('https://a.example/x', { header: names.map((key) => ({ key, value: 'v', disabled: true })) }),
    ])
    expect(spec.operations[0]?.parameters.map(({ name, in: place }) => [name, place])).toEqual([
      ['X-Shop', 'header'],
      ['Idempotency-Key', 'header'],
    ])
    expect(
      read([request('https://a.example/x', { header: 'X-Shop: 1\r\nAccept: *' })]).spec.operations[0]?.parameters,
    ).toMatchObject([{ name: 'X-Shop' }])
  })

  it.each<[string, Json, string, Json]>([
    [
      'JSON with comments and variables',
      {
        mode: 'raw',
        raw: '{\n // the total\n "total": {{total}}, "url": "https://x", "name": "{{name}}", "count": 2 /* pieces */ }',
      },
      'application/json',
      { total: {}, url: { type: 'string' }, name: { type: 'string' }, count: { type: 'integer' } },
    ],
    [
      'a form',
      {
        mode: 'urlencoded',
        urlencoded: [
          { key: 'a', value: '1', description: 'The a' },
          { key: 'b', value: 'x', disabled: true },
        ],
      },
      'application/x-www-form-urlencoded',
      { a: { type: 'integer', description: 'The a' }, b: { type: 'string' } },
    ],
    [
      'parts',
      {
        mode: 'formdata',
        formdata: [
          { key: 'photo', type: 'file', src: '/home/ann/p.png' },
          { key: 'note', value: 'x', type: 'text' },
        ],
      },
      'multipart/form-data',
      { photo: { type: 'string', format: 'binary' }, note: { type: 'string' } },
    ],
    [
      'GraphQL',
      {
        mode: 'graphql',
        graphql: { query: 'query ($id: ID!) { order(id: $id) { total } }', variables: '{"id": "{{id}}"}' },
      },
      'application/json',
      { query: { type: 'string' }, variables: { type: 'object', properties: { id: { type: 'string' } } } },
    ],
  ])('reads a body: %s', (_what, body, contentType, properties) => {
    const { spec } = read([request('https://a.example/x', { method: 'POST', body })])
    expect(spec.operations[0]?.requestBody).toMatchObject({ contentType, schema: { type: 'object', properties } })
    expect(spec.operations[0]?.requestBody?.schema['required']).toBeUndefined()
  })

  it('takes the answers that were saved', () => {
    const response = [
      { code: 200, body: '{"id": 1, "note": null}' },
      { code: 200, body: '{"id": 2, "note": "x", "at": "2026-01-31"}' },
      { code: 404, body: '{"error": "none"}' },
      { code: 500, body: '<html>' },
    ]
    const { spec, document } = read([request('https://a.example/x', {}, { response })])
    expect(spec.operations[0]?.response).toEqual({
      type: 'object',
      properties: {
        id: { type: 'integer' },
        note: { type: ['string', 'null'] },
        at: { type: 'string', format: 'date' },
      },
      required: ['id', 'note'],
    })
    expect(document).toMatchObject({ paths: { '/x': { get: { responses: { 404: {}, 500: {} } } } } })
  })

  it('in the format 2.0 and wrapped, as the API of Postman answers it, is the same', () => {
    const auth = { type: 'apikey', apikey: { key: 'X-Shop-Key', value: SECRET, in: 'header' } }
    const collection = {
      info: { name: 'Shop', schema: V21.replace('v2.1', 'v2.0') },
      item: [request('https://a.example/x')],
      auth,
    }
    const imported = importDocument({ collection })
    expect(readImported(imported?.document ?? {}).securitySchemes).toMatchObject([
      { type: 'apiKey', in: 'header', name: 'X-Shop-Key' },
    ])
  })

  it('says what it leaves out', () => {
    const { messages } = read([
      request('https://a.example/x', { method: 'PROPFIND' }),
      request(''),
      { name: 'nothing' },
      request('https://a.example/x', { body: { mode: 'raw', raw: '{}' } }),
      request('https://a.example/y', { auth: { type: 'hawk', hawk: [] } }),
    ])
    expect(messages).toEqual([
      '/item/2 is left out: it is neither a request nor a folder',
      'the authentication "hawk" is not known here and is left out',
      '/item/0 is left out: OpenAPI has no method PROPFIND',
      '/item/1 is left out: it has no URL',
      '/item/3: the body of a GET request is left out',
    ])
  })
})

describe('the authentication of a collection', () => {
  const setting = (key: string, value: string) => ({ key, value, type: 'string' })
  const kinds: [string, Json, Json][] = [
    ['bearer', { type: 'bearer', bearer: [setting('token', SECRET)] }, { type: 'bearer' }],
    ['basic', { type: 'basic', basic: [setting('username', 'ann'), setting('password', SECRET)] }, { type: 'basic' }],
    [
      'an API key',
      { type: 'apikey', apikey: [setting('key', 'shop_key'), setting('value', SECRET), setting('in', 'query')] },
      { type: 'apiKey', in: 'query', name: 'shop_key' },
    ],
    [
      'OAuth 2 client credentials',
      {
        type: 'oauth2',
        oauth2: [
          setting('grant_type', 'client_credentials'),
          setting('accessTokenUrl', `https://id.shop.example/token?client_secret=${SECRET}`),
          setting('clientSecret', SECRET),
          setting('scope', 'orders:read orders:write'),
        ],
      },
      { type: 'oauth2', flow: 'clientCredentials', tokenUrl: 'https://id.shop.example/token' },
    ],
    [
      'OAuth 2 authorization code',
      {
        type: 'oauth2',
        oauth2: [
          setting('grant_type', 'authorization_code_with_pkce'),
          setting('authUrl', 'https://id.shop.example/authorize'),
          setting('accessTokenUrl', 'https://id.shop.example/token'),
          setting('accessToken', SECRET),
        ],
      },
      { type: 'oauth2', flow: 'authorizationCode', authorizationUrl: 'https://id.shop.example/authorize' },
    ],
  ]

  it.each(kinds)('by %s becomes a security scheme', (_what, auth, scheme) => {
    const { spec, document } = read([request(`https://a.example/x/${SECRET}`)], { auth })
    expect(spec.securitySchemes).toMatchObject([scheme])
    expect(spec.operations[0]?.security).toMatchObject([{ [spec.securitySchemes[0]?.id ?? '']: expect.any(Array) }])
    expect(JSON.stringify(document)).not.toContain(SECRET)
  })

  it('is that of the request, else of the folder, else of the collection', () => {
    const of = (type: string) => ({ type, [type]: [] })
    const { spec } = read(
      [
        request('https://a.example/inherited'),
        request('https://a.example/none', { auth: { type: 'noauth' } }),
        {
          name: 'F',
          auth: of('basic'),
          item: [request('https://a.example/folder'), request('https://a.example/own', { auth: of('bearer') })],
        },
        request('https://a.example/header', { header: [{ key: 'X-API-Key', value: SECRET }] }),
      ],
      { auth: { type: 'apikey', apikey: [setting('key', 'X-Shop')] } },
    )
    const security = (path: string) => operationOf(spec, `GET ${path}`).security
    expect(security('/inherited')).toEqual([{ apiKeyAuth: [] }])
    expect(security('/none') ?? []).toEqual([])
    expect(security('/folder')).toEqual([{ basicAuth: [] }])
    expect(security('/own')).toEqual([{ bearerAuth: [] }])
    expect(security('/header')).toEqual([{ apiKeyAuth2: [] }])
  })

  it('leaves no secret in the document, wherever it stands', () => {
    const { document, messages } = read(
      [
        request(
          { raw: `https://a.example/x?access_token=${SECRET}`, query: [{ key: 'token', value: SECRET }] },
          {
            method: 'POST',
            description: `Call it with ${SECRET}`,
            header: [
              { key: 'Authorization', value: `Bearer ${SECRET}` },
              { key: 'Cookie', value: `sid=${SECRET}` },
            ],
            body: {
              mode: 'urlencoded',
              urlencoded: [{ key: 'password', value: SECRET, description: `such as ${SECRET}` }],
            },
          },
          { name: `https://a.example/x?token=${SECRET}`, response: [{ code: 200, body: `{"token":"${SECRET}"}` }] },
        ),
        { name: SECRET, item: [request(`{{base}}/hooks/${SECRET}/{{apiSecret}}`)] },
      ],
      {
        info: { name: `Shop ${SECRET}`, schema: V21 },
        variable: [
          { key: 'base', value: 'https://a.example' },
          { key: 'apiSecret', value: SECRET },
        ],
      },
    )
    expect(JSON.stringify(document) + messages.join()).not.toContain(SECRET)
    expect(Object.keys(document['paths'] as Json)).toEqual(['/x', '/hooks/{hookId}/{apiSecret}'])
  })
})

describe('what is not a usable collection', () => {
  it.each<[string, unknown, string]>([
    ['of the format 1', { id: 'x', name: 'Old', order: ['a'], requests: [{ id: 'a' }] }, '/requests'],
    ['without items', { info: { name: 'x', schema: V21 } }, '/item'],
    ['with nothing in it', { info: { name: 'x', schema: V21 }, item: [] }, '/item'],
    [
      'with no request that can be used',
      { info: { name: 'x', schema: V21 }, item: [{ name: 'x', request: { url: '' } }] },
      '/item',
    ],
  ])('%s is refused with the place', (_what, source, path) => {
    expect(failure(source)).toMatchObject({
      code: 'SPEC_INVALID',
      errors: expect.arrayContaining([expect.objectContaining({ path })]),
    })
  })

  it.each([
    null,
    5,
    'text',
    [],
    {},
    { openapi: '3.1.0', info: {}, item: [] },
    { swagger: '2.0', info: {}, item: [] },
    { log: 'x' },
  ])('%j is something else', (source) => {
    expect(importDocument(source)).toBeNull()
  })

  it('is refused or read, never worse, however it is built', () => {
    const strange = [null, 5, 'x', [], {}, [null], { key: null }, { item: [{ item: [] }] }]
    for (const url of strange)
      for (const rest of strange) {
        const item = [
          request(url, { header: rest, body: rest, auth: rest }, { response: rest, name: rest }),
          request(
            'https://a.example/x',
            {
              header: rest,
              body: { mode: 'urlencoded', urlencoded: rest },
              auth: { type: 'oauth2', oauth2: rest },
              description: rest,
              method: 'POST',
            },
            { response: [rest] },
          ),
        ]
        expect(namesOf(read(item, { variable: rest, auth: rest, info: { name: rest, schema: V21 } }).spec)).toContain(
          'POST /x',
        )
      }
  })

  it('takes no longer for being built to multiply', () => {
    const variable = ['a', 'b', 'c', 'd', 'e'].map((key, index, all) => ({
      key,
      value: `{{${all[index + 1] ?? 'f'}}}`.repeat(index === 4 ? 1 : 400),
    }))
    const body = { mode: 'raw', raw: `{"a": ${'/* '.repeat(200_000)}` }
    const { spec } = read(
      [request('https://{{a}}.example/x'), request('https://a.example/y', { method: 'POST', body })],
      {
        variable,
      },
    )
    expect(namesOf(spec)).toEqual(['GET /x', 'POST /y'])
  })

  it('does without words where there are too many secrets to look for', () => {
    const secrets = Array.from({ length: 3000 }, (_, index) => `secret-${index}-value`)
    const item = secrets.map((secret) =>
      request(`https://a.example/hooks/${secret}`, {
        header: [{ key: 'X-API-Key', value: secret }],
        description: secret,
      }),
    )
    const { document } = read(item)
    expect(Object.keys(document['paths'] as Json)).toEqual(['/hooks/{hookId}'])
    expect(JSON.stringify(document)).not.toContain('-value')
  })

  it('does not overflow the stack', () => {
    let item: unknown = request('https://a.example/deep')
    for (let level = 0; level < 3000; level++) item = { name: 'f', item: [item] }
    const source = { info: { name: 'x', schema: V21 }, item: [item, request('https://a.example/x')] }
    expect(Object.keys(importDocument(source)?.document['paths'] as Json)).toEqual(['/x'])
  })
})
