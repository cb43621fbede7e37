import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../src/errors.ts'
import { effectOf } from '../src/specs/effect.ts'
import { jsonErrorOffset } from '../src/specs/json-error.ts'
import { parseDocument } from '../src/specs/parse.ts'
import { validateDocument } from '../src/specs/validate.ts'

const minimal = { openapi: '3.1.0', info: { title: 'Small', version: '1' }, paths: {} }

/** The problem that something is refused with. */
async function refusal(work: () => unknown): Promise<AppError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was taken')
}

/** A document with one operation that answers with this schema. */
const answering = (schema: unknown, schemas: Record<string, unknown> = {}, paths: Record<string, unknown> = {}) => ({
  ...minimal,
  paths: {
    ...paths,
    '/a': { get: { responses: { 200: { description: 'A', content: { 'application/json': { schema } } } } } },
  },
  components: { schemas },
})

/** Something in itself so many times. */
function nested(times: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = {}
  for (let i = 0; i < times; i++) value = wrap(value)
  return value
}

const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` })

describe('parseDocument', () => {
  it.each([
    ['JSON', '{"openapi": "3.1.0", "list": [1, null]}'],
    ['JSON behind a byte order mark', '\uFEFF{"openapi": "3.1.0", "list": [1, null]}'],
    ['JSON behind blank lines', ' \r\n\t{"openapi": "3.1.0", "list": [1, null]}\n'],
    ['YAML', 'openapi: 3.1.0\nlist:\n  - 1\n  - null\n'],
    ['YAML with Windows line ends', 'openapi: 3.1.0\r\nlist:\r\n  - 1\r\n  - ~\r\n'],
    ['YAML behind a byte order mark', '\uFEFFopenapi: 3.1.0\nlist: [1, null]\n'],
    ['YAML with comments and markers', '# ours\n%YAML 1.2\n---\nopenapi: "3.1.0"\nlist: [1, null] # two\n...\n'],
    ['YAML with an alias', 'openapi: &v 3.1.0\nlist: [1, null]\n'],
  ])('reads %s', (_, text) => {
    expect(parseDocument(text)).toEqual({ openapi: '3.1.0', list: [1, null] })
  })

  it('keeps what looks like a version as text and what looks like a number as a number', () => {
    expect(parseDocument('openapi: 3.0.3\nversion: 1.0\n200: ok\n')).toEqual({
      openapi: '3.0.3',
      version: 1,
      200: 'ok',
    })
  })

  it.each([
    ['nothing', '', 'SPEC_EMPTY'],
    ['white space', ' \n\t ', 'SPEC_EMPTY'],
    ['a byte order mark alone', '\uFEFF', 'SPEC_EMPTY'],
    ['a web page', '<!doctype html><html></html>', 'SPEC_IS_HTML'],
    ['a web page behind blank lines', '\n\n  <HTML>', 'SPEC_IS_HTML'],
    ['XML', '<?xml version="1.0"?><api/>', 'SPEC_IS_HTML'],
    ['cut JSON', '{"openapi":"3.1.0","info":{"ti', 'SPEC_UNPARSEABLE'],
    ['JSON that ends in a colon', '{"a":', 'SPEC_UNPARSEABLE'],
    ['YAML with two documents', 'a: 1\n---\nb: 2\n', 'SPEC_UNPARSEABLE'],
    ['YAML that nests without end', `a: ${'['.repeat(20_000)}`, 'SPEC_UNPARSEABLE'],
    ['JSON that nests without end', '['.repeat(200_000), 'SPEC_UNPARSEABLE'],
  ])('refuses %s', async (_, text, code) => {
    expect((await refusal(() => parseDocument(text))).code).toBe(code)
  })

  it.each([
    ['cut within a string', '{"openapi":"3.1.0",\n "info":{"ti', 'line 2, column 13'],
    ['with a comma too many', '{\n  "a": 1,\n}', 'line 3, column 1'],
    ['with something behind its end', '{"a": 1}\n\n x', 'line 3, column 2'],
    ['with a line end in a string', '{"a": "b\n"}', 'line 1, column 9'],
    ['with names not quoted', '{\n openapi: 1}', 'line 2, column 2'],
    ['cut behind a colon', '{\n "a":', 'line 2, column 6'],
    ['cut behind a comma and a line end', '[1,\n', 'line 2, column 1'],
    ['with a letter for a value', '[1,\n x]', 'line 2, column 2'],
    ['with a word almost right', '{"a": nul}', 'line 1, column 10'],
    ['with a zero too many', '[\n01]', 'line 2, column 2'],
    ['with a fraction of nothing', '[1.]', 'line 1, column 4'],
    ['with an escape that is none', '["a\\x"]', 'line 1, column 5'],
    ['with a character code cut short', '["\\u12g4"]', 'line 1, column 7'],
    ['closed by the other bracket', '{"a": [1}', 'line 1, column 9'],
  ])('says where JSON breaks: %s', async (_, text, where) => {
    expect((await refusal(() => parseDocument(text))).message).toBe(`The document is not valid JSON at ${where}.`)
  })

  it('says where JSON breaks at the end of a document of many megabytes, in time', async () => {
    const text = `{"a": "${'x'.repeat(5_000_000)}",\n "b": [${'{"c": [1, -2.5e3, true, null]},'.repeat(100_000)}\n`
    const { message } = await refusal(() => parseDocument(text))
    expect(message).toBe('The document is not valid JSON at line 3, column 1.')
  })

  it('says of any JSON with one character changed where it breaks, or reads it', () => {
    const change = fc.record({ at: fc.nat(), char: fc.constantFrom(...'{}[]",:\\ x0-.e\n') })
    fc.assert(
      fc.property(fc.jsonValue(), change, (value, { at, char }) => {
        const text = JSON.stringify([value])
        const place = at % text.length
        const changed = text.slice(0, place) + char + text.slice(place + 1)
        const offset = jsonErrorOffset(changed)
        expect(offset).toBeGreaterThanOrEqual(isJson(changed) ? changed.length : place)
        expect(offset).toBeLessThanOrEqual(changed.length)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['an open list', 'openapi: 3.1.0\ninfo:\n  title: [unclosed\n', 'line 4, column 1'],
    ['a second colon', 'openapi: 3.1.0\ninfo: a: b\n', 'line 2, column 8'],
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 'line 3, column 1'],
    ['a tab for indentation', 'a:\n\tb: 1\n', 'line 2'],
  ])('says where YAML breaks: %s', async (_, text, where) => {
    const { code, message } = await refusal(() => parseDocument(text))
    expect([code, message]).toEqual(['SPEC_UNPARSEABLE', expect.stringContaining(`not valid YAML at ${where}`)])
  })
})

describe('validateDocument', () => {
  it.each([
    ['the smallest document', minimal],
    ['one of version 3.0', { ...minimal, openapi: '3.0.3' }],
    ['extensions', { ...minimal, 'x-ours': { a: 1 }, info: { ...minimal.info, 'x-b': 1 } }],
    ['a reference to a schema', answering(refTo('A'), { A: { type: 'string' } })],
    ['a reference through a path with escapes', answering({ $ref: '#/paths/~1a' })],
    ['a schema that holds itself', answering(refTo('Node'), { Node: { properties: { next: refTo('Node') } } })],
    ['schemas that hold each other', answering(refTo('A'), { A: { items: refTo('B') }, B: { allOf: [refTo('A')] } })],
    ['schemas that are each other', answering(refTo('A'), { A: refTo('B'), B: refTo('A') })],
    ['a schema that is itself', answering(refTo('A'), { A: refTo('A') })],
  ])('takes %s', (_, document) => {
    expect(validateDocument(document)).toMatchObject({ openapi: document.openapi, paths: document.paths })
  })

  it.each([
    ['extensions among the paths', { ...minimal, paths: { 'x-common': null, 'x-list': [1] } }],
    ['a reference into an extension among the paths', answering({ $ref: '#/paths/x-common' }, {}, { 'x-common': {} })],
    ['nothing behind optional names, as YAML leaves it', { ...minimal, servers: null, components: null }],
    ['a server without its variables', { ...minimal, servers: [{ url: '/', description: null, variables: null }] }],
    ['security schemes that are nothing', { ...minimal, components: { securitySchemes: null, schemas: null } }],
    ['what looks like a reference in an example', answering({ example: refTo('Nothing') })],
    ['what looks like a reference in examples', answering({ examples: [refTo('Nothing')] })],
    ['what looks like a reference in a default', answering({ default: { a: refTo('Nothing') } })],
    ['what looks like a reference in an enumeration', answering({ enum: [refTo('Nothing')] })],
    ['what looks like a reference in a constant', answering({ const: refTo('Nothing') })],
    ['what looks like a reference in an extension', answering({ 'x-ours': refTo('Nothing') })],
    ['a property that is called $ref', answering({ properties: { $ref: { type: 'string' } } })],
    ['a reference to another document', answering({ $ref: 'other.yaml#/Pet' })],
  ])('takes %s', (_, document) => {
    expect(validateDocument(document)).toMatchObject({ openapi: document.openapi, paths: document.paths })
  })

  it('takes numbers for title and version as YAML makes them, and an empty description', () => {
    const yaml = 'openapi: 3.1.0\ninfo:\n  title: 2048\n  version: 1.5\n  description:\npaths: {}\n'
    expect(validateDocument(parseDocument(yaml)).info).toEqual({ title: '2048', version: '1.5', description: null })
  })

  it('takes a YAML document whose values stand in themselves, once round', () => {
    const yaml = 'openapi: 3.1.0\ninfo: {title: T, version: 1.0}\npaths: {}\ncomponents: &c\n  schemas: {A: *c}\n'
    expect(validateDocument(parseDocument(yaml)).info.version).toBe('1')
  })

  it.each([
    [3.1, 'must be text of the form "3.x.y", for example 3.1.0, not a number'],
    ['3.1', 'must be of the form "3.x.y", for example 3.1.0'],
    ['2.0.0', 'must be of the form "3.x.y", for example 3.1.0'],
  ])('says of the OpenAPI version %j what it must be', async (openapi, message) => {
    const { errors } = await refusal(() => validateDocument({ ...minimal, openapi }))
    expect(errors).toEqual([expect.objectContaining({ path: '/openapi', message })])
  })

  it.each([
    ['/info/version', { ...minimal, info: { title: 'Small' } }],
    ['/info/version', { ...minimal, info: { title: 'Small', version: null } }],
    ['/info/title', { ...minimal, info: { version: '1' } }],
    ['/servers/0/url', { ...minimal, servers: [{}] }],
  ])('says of %s that it is missing', async (path, document) => {
    const { errors } = await refusal(() => validateDocument(document))
    expect(errors).toEqual([expect.objectContaining({ path, message: 'is missing' })])
  })

  it.each([
    ['a thousand schemas in each other', answering(nested(1000, (inner) => ({ type: 'array', items: inner })))],
    ['twenty thousand lists in each other', answering({ default: nested(20_000, (inner) => [inner]) })],
  ])('refuses %s as nested too deeply', async (_, document) => {
    const { code, message } = await refusal(() => validateDocument(document))
    expect([code, message]).toEqual(['SPEC_INVALID', expect.stringContaining('nested too deeply')])
  })

  it('leaves the document as it was', () => {
    const document = answering(refTo('A'), { A: { properties: { b: refTo('A') } } })
    const before = JSON.stringify(document)
    validateDocument(document)
    expect(JSON.stringify(document)).toBe(before)
  })

  it.each([
    ['no version of OpenAPI', { ...minimal, openapi: undefined }, '/openapi'],
    ['another version', { ...minimal, openapi: '2.0.0' }, '/openapi'],
    ['a version to come', { ...minimal, openapi: '4.0.0' }, '/openapi'],
    ['no info', { ...minimal, info: undefined }, '/info'],
    ['no title', { ...minimal, info: { version: '1' } }, '/info/title'],
    ['no version of its own', { ...minimal, info: { title: 'Small' } }, '/info/version'],
    ['no paths', { ...minimal, paths: undefined }, '/paths'],
    ['a list of paths', { ...minimal, paths: [] }, '/paths'],
    ['a path without its slash', { ...minimal, paths: { orders: {} } }, '/paths/orders'],
    ['a path that is nothing', { ...minimal, paths: { '/a/{b}': null } }, '/paths/~1a~1{b}'],
    ['a server without URL', { ...minimal, servers: [{}] }, '/servers/0/url'],
    ['text', 'hello', ''],
    ['a list', [minimal], ''],
    ['null', null, ''],
  ])('refuses %s and points at it', async (_, document, path) => {
    const { code, errors } = await refusal(() => validateDocument(document))
    expect([code, errors?.map((error) => error.path)]).toEqual(['SPEC_INVALID', [path]])
  })

  it('names everything that is missing at once, and the first in the detail', async () => {
    const { message, errors } = await refusal(() => validateDocument({}))
    expect(errors?.map((error) => error.path)).toEqual(['/openapi', '/info', '/paths'])
    expect(message).toBe('/openapi is missing: an OpenAPI 3 document starts with openapi: 3.x.y and 2 more.')
  })

  it('names at most twenty places', async () => {
    const paths = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`bad${index}`, {}]))
    expect((await refusal(() => validateDocument({ ...minimal, paths }))).errors).toHaveLength(20)
  })

  it('says of older Swagger that it is not read', async () => {
    const { code, message } = await refusal(() => validateDocument({ swagger: '1.2', info: minimal.info, paths: {} }))
    expect([code, message]).toEqual(['SPEC_INVALID', '/swagger must be 2.0; of Swagger no other version is read.'])
  })

  it.each([
    ['a schema', answering(refTo('Nothing')), '/paths/~1a/get/responses/200/content/application~1json/schema'],
    [
      'a parameter',
      { ...minimal, paths: { '/a/{b}': { get: { parameters: [{ $ref: '#/components/parameters/b' }] } } } },
      '/paths/~1a~1{b}/get/parameters/0',
    ],
    [
      'a schema within a schema',
      answering({}, { A: { properties: { b: { items: refTo('Gone') } } } }),
      '/components/schemas/A/properties/b/items',
    ],
    [
      'a schema within a schema that is referred to',
      answering(refTo('A'), { A: { properties: { b: { items: refTo('Gone') } } } }),
      '/components/schemas/A/properties/b/items',
    ],
    [
      'a property that has the name of a keyword',
      answering({}, { A: { properties: { default: refTo('Gone') } } }),
      '/components/schemas/A/properties/default',
    ],
    [
      'a default response',
      { ...minimal, paths: { '/a': { get: { responses: { default: { $ref: '#/components/responses/no' } } } } } },
      '/paths/~1a/get/responses/default',
    ],
    ['a fragment that is no pointer', answering({}, { A: { $ref: '#Pet' }, Pet: {} }), '/components/schemas/A'],
    ['nothing at all', answering({}, { A: { $ref: '' } }), '/components/schemas/A'],
  ])('refuses a reference that leads nowhere, in place of %s', async (_, document, path) => {
    const { code, errors } = await refusal(() => validateDocument(document))
    expect([code, errors]).toEqual(['SPEC_INVALID', [expect.objectContaining({ path, code: 'unresolvable_ref' })]])
  })

  it('names every reference that leads nowhere', async () => {
    const document = answering(refTo('A'), { B: refTo('C'), D: { not: refTo('E') } })
    const { errors } = await refusal(() => validateDocument(document))
    expect(errors?.map((error) => error.path).toSorted()).toEqual([
      '/components/schemas/B',
      '/components/schemas/D/not',
      '/paths/~1a/get/responses/200/content/application~1json/schema',
    ])
  })
})

describe('effectOf', () => {
  it.each([
    ['GET /orders', 'read'],
    ['HEAD /orders', 'read'],
    ['OPTIONS /orders', 'read'],
    ['GET /payments/refund', 'read'],
    ['GET /delete', 'read'],
    ['POST /orders', 'create'],
    ['POST /customers/{customerId}/addresses', 'create'],
    ['POST /orders/search', 'read'],
    ['POST /orders/_search', 'read'],
    ['POST /orders/query', 'read'],
    ['POST /orders/validate', 'read'],
    ['POST /payments', 'pay'],
    ['POST /orders/{orderId}/refunds', 'pay'],
    ['POST /orders/{orderId}/refund/{refundId}', 'pay'],
    ['POST /charges', 'pay'],
    ['POST /bank-transfers', 'pay'],
    ['POST /checkoutSessions', 'pay'],
    ['POST /messages', 'message'],
    ['POST /users/{id}/notify', 'message'],
    ['POST /emails', 'message'],
    ['POST /orders/{id}/cancel', 'update'],
    ['POST /tickets/{id}/close', 'update'],
    ['POST /files/delete', 'delete'],
    ['POST /tokens/{id}/revoke', 'delete'],
    ['POST /payments/{id}/notes', 'create'],
    ['POST /search/indexes', 'create'],
    ['POST /orders/{id}:refund', 'pay'],
    ['POST /orders/{id}:delete', 'delete'],
    ['POST /orders/{id}:archive', 'update'],
    ['POST /orders:batchDelete', 'delete'],
    ['POST /payments:batchDelete', 'delete'],
    ['POST /payments/{id}:cancel', 'update'],
    ['POST /messages:search', 'read'],
    ['POST /v1/{name=orders/*}:cancel', 'update'],
    ['POST /payments/{id}:annotate', 'create'],
    ['PUT /orders/{id}', 'update'],
    ['PATCH /orders/{id}', 'update'],
    ['DELETE /orders/{id}', 'delete'],
    ['DELETE /payments/{id}', 'delete'],
    ['POST /', 'create'],
    ['POST /{tenant}', 'create'],
  ])('of %s is %s', (operation, effect) => {
    const [method = '', path = ''] = operation.split(' ')
    expect(effectOf({ method, path, operationId: null })).toBe(effect)
  })

  it.each([
    ['listOrders', 'read'],
    ['search_orders', 'read'],
    ['refundOrder', 'pay'],
    ['sendInvitation', 'message'],
    ['cancelOrder', 'update'],
    ['deleteOrder', 'delete'],
    ['createPaymentNote', 'create'],
  ])('of a POST with the operation id %s is %s', (operationId, effect) => {
    expect(effectOf({ method: 'POST', path: '/orders/{id}', operationId })).toBe(effect)
  })
})
