import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Parameter } from '../src/specs/operation.ts'
import { buildRequest, requestAgain, RequestError } from '../src/steps/request.ts'

const BASE = 'https://api.example.com/v1'

const parameter = (place: Parameter['in'], name: string, more: Partial<Parameter> = {}): Parameter => ({
  name,
  in: place,
  required: place === 'path',
  description: '',
  schema: {},
  ...more,
})

type Call = {
  operation: string
  parameters?: Parameter[]
  values?: Record<string, unknown>
  body?: unknown
  contentType?: string
}

/** Writes one call as a request. */
function build({ operation, parameters = [], values = {}, body, contentType }: Call) {
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
  const requestBody = contentType ? { contentType, required: true, schema: {} } : null
  const endpoint = {
    id: 'end_1',
    connectionId: 'con_1',
    method,
    path,
    parameters,
    requestBody,
    response: null,
    ...blank,
  }
  return buildRequest(endpoint, BASE, values, body)
}

const one = (value: unknown) =>
  build({ operation: 'GET /orders/{id}', parameters: [parameter('path', 'id')], values: { id: value } })

/** What one query parameter of this style becomes, decoded. */
function query(value: unknown, more: Partial<Parameter> = {}): string {
  const { url } = build({ operation: 'GET /a', parameters: [parameter('query', 'q', more)], values: { q: value } })
  return decodeURIComponent(url.slice(`${BASE}/a`.length))
}

describe('paths', () => {
  it.each([
    ['o1', 'o1'],
    [42, '42'],
    [0, '0'],
    [false, 'false'],
    ['a b', 'a%20b'],
    ['a/b', 'a%2Fb'],
    ['../admin', '..%2Fadmin'],
    ['..%2fadmin', '..%252fadmin'],
    ['%2e%2e', '%252e%252e'],
    ['...', '...'],
    ['a?b#c', 'a%3Fb%23c'],
    ['x;y=z', 'x%3By%3Dz'],
    ['a\\b', 'a%5Cb'],
    ['{id}', '%7Bid%7D'],
    ['$&', '%24%26'],
    ['日本', '%E6%97%A5%E6%9C%AC'],
    [['a', 'b'], 'a%2Cb'],
  ])('hold %j as one segment, %s', (value, segment) => {
    expect(one(value).url).toBe(`${BASE}/orders/${segment}`)
  })

  it.each(['.', '..'])('refuse the dot segment %s, which would climb to another operation', (value) => {
    expect(() => one(value)).toThrow(RequestError)
  })

  it('stay below the operation’s own path whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (value) => {
        fc.pre(value !== '.' && value !== '..')
        const url = new URL(one(value).url)
        expect(url.pathname).toMatch(/^\/v1\/orders\/[^/]+$/)
        expect(decodeURIComponent(url.pathname.slice('/v1/orders/'.length))).toBe(value)
        expect([url.search, url.hash, url.host]).toEqual(['', '', 'api.example.com'])
      }),
    )
  })

  it('are filled wherever the parameter stands, with a value that looks like another one too', () => {
    const parameters = ['a', 'b'].map((name) => parameter('path', name))
    const { url } = build({ operation: 'GET /{a}/x/{b}/{a}.json', parameters, values: { a: '{b}', b: 'B' } })
    expect(url).toBe(`${BASE}/%7Bb%7D/x/B/%7Bb%7D.json`)
  })
})

describe('queries', () => {
  it.each([
    ['a value', 'x y&z=1+1', {}, '?q=x+y&z=1+1'],
    ['a number', 0, {}, '?q=0'],
    ['a list, exploded as is the default', [1, 'b'], {}, '?q=1&q=b'],
    ['a list not exploded', [1, 'b'], { explode: false }, '?q=1,b'],
    ['a list with spaces', [1, 'b'], { style: 'spaceDelimited' }, '?q=1+b'],
    ['a list with pipes', [1, 'b'], { style: 'pipeDelimited' }, '?q=1|b'],
    ['a list with pipes, exploded', [1, 'b'], { style: 'pipeDelimited', explode: true }, '?q=1&q=b'],
    ['an empty list', [], {}, ''],
    ['an object, exploded as is the default', { a: 1, b: 'x' }, {}, '?a=1&b=x'],
    ['an object not exploded', { a: 1, b: 'x' }, { explode: false }, '?q=a,1,b,x'],
    ['a deep object', { a: 1, b: { c: 2 } }, { style: 'deepObject' }, '?q[a]=1&q[b]={"c":2}'],
    ['nothing', undefined, {}, ''],
    ['null', null, {}, ''],
    ['an empty text', '', {}, ''],
  ])('carry %s', (_, value, more, search) => {
    expect(query(value, more)).toBe(search)
  })

  it('keep a value from becoming another parameter', () => {
    const { url } = build({
      operation: 'GET /a',
      parameters: [parameter('query', 'q')],
      values: { q: 'x&admin=true#y' },
    })
    expect([...new URL(url).searchParams]).toEqual([['q', 'x&admin=true#y']])
  })
})

describe('headers and cookies', () => {
  const sent = (place: 'header' | 'cookie', value: unknown) =>
    build({ operation: 'GET /a', parameters: [parameter(place, 'X-Tag')], values: { 'X-Tag': value } }).headers

  it.each([
    ['a', 'a'],
    [7, '7'],
    [['a', 'b'], 'a,b'],
    ['a\r\nX-Admin: true', 'a X-Admin: true'],
    ['a\n\n\nb\rc', 'a b c'],
  ])('send %j as %j, on one line', (value, header) => {
    expect(sent('header', value)).toEqual({ accept: expect.stringContaining('application/json'), 'x-tag': header })
  })

  it.each([undefined, null, ''])('are left out without a value: %j', (value) => {
    expect(Object.keys(sent('header', value))).toEqual(['accept'])
  })

  it('send cookies encoded, so that a value cannot add one', () => {
    expect(sent('cookie', 'a; admin=1')['cookie']).toBe('X-Tag=a%3B%20admin%3D1')
  })
})

describe('bodies', () => {
  const post = (body: unknown, contentType?: string) => {
    const request = build({ operation: 'POST /a', body, ...(contentType ? { contentType } : {}) })
    return [request.headers['content-type'], request.body]
  }

  it.each([
    [{ a: [1, null] }, undefined, 'application/json', '{"a":[1,null]}'],
    [{ a: 1 }, 'application/merge-patch+json', 'application/merge-patch+json', '{"a":1}'],
    ['text', 'application/json', 'application/json', '"text"'],
    [null, 'application/json', 'application/json', 'null'],
    [false, 'application/json', 'application/json', 'false'],
    ['text', 'text/plain', 'text/plain', 'text'],
    ['<a/>', 'application/xml', 'application/xml', '<a/>'],
    [
      { a: 'x y&', b: [1, 2], c: { d: 1 } },
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded',
      'a=x+y%26&b=1%2C2&c=%7B%22d%22%3A1%7D',
    ],
  ])('send %j for %s as %s', (body, contentType, type, text) => {
    expect(post(body, contentType)).toEqual([type, text])
  })

  it('are none when there is none, and then have no type', () => {
    expect(post(undefined, 'application/json')).toEqual([undefined, null])
  })
})

describe('required parameters', () => {
  it.each([
    ['path', 'id', {}],
    ['path', 'id', { id: '' }],
    ['query', 'q', { q: null }],
    ['header', 'X-Tag', {}],
    ['cookie', 'sid', {}],
  ] as const)('in the %s without a value stop the call, and the message names %s (%#)', (place, name, values) => {
    const parameters = [parameter(place, name, { required: true })]
    const calling = () => build({ operation: 'GET /a/{id}', parameters, values })
    expect(calling).toThrow(RequestError)
    expect(calling).toThrow(`the ${place} parameter "${name}" has no value`)
  })
})

it('refuses an empty path segment, which would name the collection', () => {
  const parameters = [parameter('path', 'id', { required: true })]
  const calling = () => build({ operation: 'DELETE /orders/{id}', parameters, values: { id: [] } })
  expect(calling).toThrow('the path parameter "id" is empty')
})

it('takes no value from what every object has', () => {
  const { url } = build({ operation: 'GET /a', parameters: [parameter('query', 'constructor')], values: {} })
  expect(new URL(url).search).toBe('')
})

it('survives half a surrogate pair in a path, and refuses what a header cannot carry', () => {
  const inPath = build({ operation: 'GET /a/{id}', parameters: [parameter('path', 'id')], values: { id: '\ud800' } })
  expect(inPath.url).toMatch(/\/a\/%EF%BF%BD$/)
  const inHeader = () =>
    build({ operation: 'GET /a', parameters: [parameter('header', 'X-Tag')], values: { 'X-Tag': 'a\u0000' } })
  expect(inHeader).toThrow(RequestError)
})

describe('a call that was sent before', () => {
  const made = (key: string, body = '1', more: object = {}) => ({
    method: 'POST',
    url: BASE,
    headers: { accept: 'json', 'idempotency-key': key, ...more },
    body,
  })

  it('is sent under the key it had where it is the same, and otherwise under its own', () => {
    const before = made('run:a')
    expect(requestAgain(before, made('run:a:1'), 'run:a:1')).toBe(before)
    for (const other of [
      made('run:a:1', '2'),
      made('run:a:1', '1', { accept: 'xml' }),
      { ...made('run:a:1'), url: `${BASE}/a` },
      { ...made('run:a:1'), method: 'PUT' },
    ])
      expect(requestAgain(before, other, 'run:a:1')).toBe(other)
  })

  it('has the key that the workflow gives it, if it gives one', () => {
    const other = made('another order')
    expect(requestAgain(made('order'), other, 'run:a:1')).toBe(other)
    expect(requestAgain(made('order'), made('order'), 'run:a:1')).toEqual(made('order'))
  })
})
