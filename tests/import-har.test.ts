import { describe, expect, it } from 'vitest'
import { importDocument } from '../src/specs/import/index.ts'
import { namesOf, operationOf, readImported } from './import-reading.ts'

type Json = Record<string, unknown>

const SECRET = 'S3CRET-9f8e7d6c5b4a'
const VALUES = ['Ann Smith', 'ann@shop.example', 'blue kettle', '4711']

type Entry = {
  method?: string
  url: string
  send?: unknown
  answer?: unknown
  status?: number
  type?: string
  purpose?: string
  headers?: Record<string, string>
  more?: Json
}

/** An entry as a browser writes it. */
function entry({
  method = 'GET',
  url,
  send,
  answer,
  status = 200,
  type = 'application/json',
  purpose,
  headers = {},
  more = {},
}: Entry) {
  return {
    ...(purpose === undefined ? {} : { _resourceType: purpose }),
    request: {
      method,
      url,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      cookies: [{ name: 'sid', value: SECRET }],
      ...(send === undefined ? {} : { postData: { mimeType: 'application/json', text: JSON.stringify(send) } }),
      ...more,
    },
    response: { status, content: { mimeType: type, text: answer === undefined ? '' : JSON.stringify(answer) } },
  }
}

/** Imports a recording of these entries and reads its document. */
function read(entries: unknown[]) {
  const imported = importDocument({ log: { version: '1.2', creator: { name: 'x', version: '1' }, entries } })
  if (!imported) throw new Error('it was not taken for a recording')
  return {
    ...imported,
    spec: readImported(imported.document),
    messages: imported.warnings.map(({ message }) => message),
  }
}

const API = 'https://api.shop.example'

describe('a recording', () => {
  it('becomes the operations that were called, those that differ in ids as one', () => {
    const { kind, spec } = read([
      entry({ url: `${API}/v1/orders/123?full=true`, answer: { id: 123, customer: 'Ann Smith', total: 3 } }),
      entry({ url: `${API}/v1/orders/124?page=2`, answer: { id: 124, total: 2.5, note: null } }),
      entry({ url: `${API}/v1/orders/7f0c2e52-8f0b-4d3c-9a57-3f6f2c1f6a10/lines/9`, answer: [] }),
      entry({
        url: `${API}/v1/orders`,
        method: 'POST',
        send: { name: 'blue kettle', count: 2 },
        status: 201,
        answer: { id: 1 },
      }),
      entry({
        url: `${API}/v1/orders`,
        method: 'POST',
        send: { name: 'x', gift: true },
        status: 422,
        answer: { errors: [] },
      }),
    ])
    expect(kind).toBe('har')
    expect(spec).toMatchObject({ title: 'api.shop.example', baseUrl: API, skipped: [] })
    expect(namesOf(spec)).toEqual([
      'GET /v1/orders/{orderId}',
      'GET /v1/orders/{orderId}/lines/{lineId}',
      'POST /v1/orders',
    ])
    const get = operationOf(spec, 'GET /v1/orders/{orderId}')
    expect(get.parameters.map((one) => [one.name, one.in, one.required, one.schema['type']])).toEqual([
      ['orderId', 'path', true, 'integer'],
      ['full', 'query', false, 'boolean'],
      ['page', 'query', false, 'integer'],
    ])
    expect(get.response).toEqual({
      type: 'object',
      properties: { id: { type: 'integer' }, customer: { type: 'string' }, total: { type: 'number' }, note: {} },
      required: ['id', 'total'],
    })
    const post = operationOf(spec, 'POST /v1/orders')
    expect(post.requestBody?.schema).toEqual({
      type: 'object',
      properties: { name: { type: 'string' }, count: { type: 'integer' }, gift: { type: 'boolean' } },
      required: ['name'],
    })
    expect(post.response).toMatchObject({ properties: { id: { type: 'integer' } } })
  })

  it('keeps the calls of an API only', () => {
    const ok = { answer: {} }
    const { spec, messages } = read([
      entry({ url: 'https://shop.example/', type: 'text/html', purpose: 'document' }),
      entry({ url: 'https://shop.example/app.js', type: 'application/javascript', purpose: 'script' }),
      entry({ url: 'https://shop.example/app.css', type: 'text/css' }),
      entry({ url: 'https://shop.example/logo.svg', type: 'image/svg+xml' }),
      entry({ url: 'https://shop.example/font.woff2', type: 'application/octet-stream', purpose: 'fetch' }),
      entry({ url: 'https://shop.example/fragment', type: 'text/html', purpose: 'xhr' }),
      entry({ url: `${API}/orders`, method: 'OPTIONS', purpose: 'fetch', status: 204 }),
      entry({ url: `${API}/moved`, status: 302 }),
      entry({ url: `${API}/blocked`, status: 0, purpose: 'fetch' }),
      entry({ url: 'wss://shop.example/live', purpose: 'websocket' }),
      entry({ url: 'data:application/json,{}', ...ok }),
      entry({ url: `${API}/orders`, ...ok }),
      entry({ url: `${API}/orders/1`, method: 'DELETE', status: 204, type: '', purpose: 'fetch' }),
      entry({ url: `${API}/problem`, status: 404, type: 'application/problem+json', answer: {} }),
      null,
    ])
    expect(namesOf(spec)).toEqual(['DELETE /orders/{orderId}', 'GET /orders', 'GET /problem'])
    expect(messages).toEqual(['12 of 15 entries are not calls of an API and are left out'])
  })

  it('reads forms, encoded answers and lists in the query', () => {
    const form = (mimeType: string, rest: Json) => ({ more: { postData: { mimeType, ...rest } }, method: 'POST' })
    const encoded = entry({ url: `${API}/encoded` })
    Object.assign(encoded.response.content, { text: btoa('{"a":1}'), encoding: 'base64' })
    const { spec } = read([
      entry({
        url: `${API}/a?tag=x&tag=y`,
        ...form('application/x-www-form-urlencoded; charset=UTF-8', { text: 'n=1&s=x' }),
      }),
      entry({
        url: `${API}/b`,
        ...form('multipart/form-data; boundary=x', {
          params: [
            { name: 'f', fileName: 'p.png' },
            { name: 't', value: 'x' },
          ],
        }),
      }),
      encoded,
    ])
    const form1 = operationOf(spec, 'POST /a')
    expect(form1.requestBody).toMatchObject({
      contentType: 'application/x-www-form-urlencoded',
      schema: { properties: { n: { type: 'integer' }, s: { type: 'string' } } },
    })
    expect(form1.parameters).toMatchObject([{ name: 'tag', schema: { type: 'array', items: { type: 'string' } } }])
    expect(operationOf(spec, 'POST /b').requestBody?.schema).toMatchObject({ properties: { f: { format: 'binary' } } })
    expect(operationOf(spec, 'GET /encoded').response).toMatchObject({ properties: { a: { type: 'integer' } } })
  })

  it('leaves no value in the document, least of all a secret', () => {
    const { document, spec, messages } = read([
      entry({
        url: `${API}/hooks/${SECRET}/people/4711?email=ann%40shop.example&api_key=${SECRET}`,
        method: 'POST',
        headers: {
          Authorization: `Bearer ${SECRET}`,
          Cookie: `sid=${SECRET}`,
          'X-CSRF-Token': SECRET,
          'X-Shop': '4711',
          ':path': '/x',
        },
        send: { name: 'Ann Smith', password: SECRET, product: 'blue kettle' },
        answer: { token: SECRET, byId: { '4711': { name: 'blue kettle' }, '4712': { name: 'x' } } },
      }),
    ])
    const text = JSON.stringify(document) + messages.join()
    for (const value of [SECRET, ...VALUES]) expect(text).not.toContain(value)
    expect(namesOf(spec)).toEqual(['POST /hooks/{hookId}/people/{personId}'])
    expect(spec.operations[0]?.parameters.map(({ name }) => name)).toEqual(['hookId', 'personId', 'email', 'X-Shop'])
    expect(spec.securitySchemes).toMatchObject([{ type: 'bearer' }])
    expect(spec.operations[0]?.security).toEqual([{ bearerAuth: [] }])
  })

  it('with several hosts names the one called most often', () => {
    const { spec, messages } = read([
      entry({ url: 'https://b.example/events', answer: {} }),
      entry({ url: `${API}/a`, answer: {} }),
      entry({ url: `${API}/b`, answer: {} }),
    ])
    expect(spec.baseUrl).toBe(API)
    expect(operationOf(spec, 'GET /events').server).toBe('https://b.example')
    expect(messages).toEqual(['the calls go to 2 hosts; the one called most often is the server'])
  })
})

describe('what is not a usable recording', () => {
  it.each<[string, Json]>([
    ['without entries', { log: { creator: {} } }],
    ['whose entries are no list', { log: { entries: {} } }],
    ['without a call of an API', { log: { entries: [entry({ url: `${API}/`, type: 'text/html' }), {}, null, 5] } }],
  ])('%s is refused with the place', (_what, source) => {
    expect(() => importDocument(source)).toThrow(
      expect.objectContaining({ code: 'SPEC_INVALID', errors: [expect.objectContaining({ path: '/log/entries' })] }),
    )
  })
})
