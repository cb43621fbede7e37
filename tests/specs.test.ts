import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../src/errors.ts'
import { effectOf } from '../src/specs/effect.ts'
import { decodeDocument } from '../src/specs/decode.ts'
import { settleReferences } from '../src/specs/external.ts'
import { newFindings } from '../src/specs/finding.ts'
import { jsonErrorOffset } from '../src/specs/json-error.ts'
import type { Finding } from '../src/specs/operation.ts'
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

/** What is found in a document that is taken all the same. */
function findingsOf(document: unknown, documentUrl: string | null = null): Finding[] {
  const findings = newFindings()
  settleReferences(document, documentUrl, findings)
  validateDocument(document, documentUrl, findings)
  return findings.all
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
    ['a tab where nothing helps', 'a: 1\n\tb: [1\n', 'line 2'],
  ])('says where YAML breaks: %s', async (_, text, where) => {
    const { code, message } = await refusal(() => parseDocument(text))
    expect([code, message]).toEqual(['SPEC_UNPARSEABLE', expect.stringContaining(`not valid YAML at ${where}`)])
  })

  it.each([
    ['tabs for indentation', 'a:\n\tb: 1\n\tc:\n\t\t- 2\n', { a: { b: 1, c: [2] } }, 2],
    ['tabs among blanks', 'a:\n    b: 1\n\tc: 2\n', { a: { b: 1, c: 2 } }, 3],
    ['a name twice', 'a: 1\nb: 2\na: 3\n', { a: 3, b: 2 }, 3],
  ])('reads YAML with %s, and tells of it', (_, text, document, line) => {
    const findings = newFindings()
    expect(parseDocument(text, findings)).toEqual(document)
    expect(findings.all).toEqual([{ path: '', message: expect.any(String), line, fix: expect.any(String) }])
  })

  it('gives anchors and merge keys of YAML the value they stand for', () => {
    const yaml = 'base: &b {x: 1, y: 2}\nmore:\n  <<: *b\n  y: 3\nlist: [*b, *b]\n'
    const base = { x: 1, y: 2 }
    expect(parseDocument(yaml)).toEqual({ base, more: { x: 1, y: 3 }, list: [base, base] })
  })

  it.each([
    ['lists', (at: number) => `[${`*a${at},`.repeat(9)}]`],
    ['objects', (at: number) => `{${[...'bcdefghij'].map((name) => `${name}: *a${at}`).join(', ')}}`],
    ['merged objects', (at: number) => `{<<: *a${at}, x${at}: *a${at}, y${at}: *a${at}, z${at}: *a${at}}`],
  ])('refuses YAML whose aliases multiply each other: %s', async (_, of) => {
    const lines = Array.from({ length: 14 }, (__, index) => `n${index + 1}: &a${index + 1} ${of(index)}`)
    const { code } = await refusal(() => parseDocument(['n0: &a0 {v: 1}', ...lines].join('\n')))
    expect(code).toBe('SPEC_TOO_COMPLEX')
  })

  it('takes many aliases of one value, which only add up', () => {
    const yaml = `a: &a {b: [1, 2, 3]}\nlist:\n${'  - *a\n'.repeat(5000)}`
    expect(parseDocument(yaml)).toMatchObject({ a: { b: [1, 2, 3] } })
  })

  it.each([
    '{"__proto__": {"polluted": true}}',
    '__proto__: {polluted: true}\n',
    '<<: {__proto__: {polluted: true}}\n',
  ])('takes a member called __proto__ as any other: %s', (text) => {
    const document = parseDocument(text) as Record<string, unknown>
    expect(Object.keys(document)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(document['polluted']).toBeUndefined()
  })
})

describe('decodeDocument', () => {
  const bytes = (...parts: (number[] | string)[]) =>
    Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)))
  const utf16 = (text: string, little: boolean) =>
    [...text].flatMap((char) => {
      const code = char.charCodeAt(0)
      return little ? [code & 255, code >> 8] : [code >> 8, code & 255]
    })

  it.each([
    ['UTF-8', bytes('a: ä'), null, 'a: ä'],
    ['UTF-8 behind its mark', bytes([0xef, 0xbb, 0xbf], 'a: ä'), null, 'a: ä'],
    ['UTF-16, least byte first', bytes([0xff, 0xfe], utf16('a: ä', true)), null, 'a: ä'],
    ['UTF-16, most byte first', bytes([0xfe, 0xff], utf16('a: ä', false)), null, 'a: ä'],
    ['what its host says', bytes('a: ', [0xe4]), 'text/yaml; charset=ISO-8859-1', 'a: ä'],
    ['what its host says in quotes', bytes('a: ', [0xa4]), 'text/yaml;charset="iso-8859-15"', 'a: €'],
    ['the mark before what its host says', bytes([0xef, 0xbb, 0xbf], 'ä'), 'text/plain; charset=latin1', 'ä'],
    ['UTF-8 where its host says nothing', bytes('ä'), 'application/json', 'ä'],
    ['nothing', bytes(), null, ''],
  ])('reads %s', (_, given, contentType, text) => {
    expect(decodeDocument(given, contentType)).toBe(text)
  })

  it.each([
    ['bytes that are not UTF-8', bytes('a: ', [0xe4, 0x20]), null],
    ['half of a character', bytes('a: ', [0xc3]), null],
    ['UTF-8 that is something else', bytes([0xff, 0xff]), 'application/json; charset=utf-8'],
    ['half of a UTF-16 character', bytes([0xff, 0xfe, 0x61]), null],
    ['an encoding nobody knows', bytes('a'), 'text/yaml; charset=klingon'],
  ])('refuses %s', async (_, given, contentType) => {
    expect((await refusal(() => decodeDocument(given, contentType))).code).toBe('SPEC_ENCODING')
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
    expect(findingsOf(document).filter(({ message }) => !message.includes('another document'))).toEqual([])
  })

  it('takes numbers for title and version as YAML makes them, and an empty description', () => {
    const yaml = 'openapi: 3.1.0\ninfo:\n  title: 2048\n  version: 1.5\n  description:\npaths: {}\n'
    expect(validateDocument(parseDocument(yaml)).info).toEqual({ title: '2048', version: '1.5', description: '' })
  })

  it('takes a YAML document whose values stand in themselves, once round', () => {
    const yaml = 'openapi: 3.1.0\ninfo: {title: T, version: 1.0}\npaths: {}\ncomponents: &c\n  schemas: {A: *c}\n'
    expect(validateDocument(parseDocument(yaml)).info.version).toBe('1')
  })

  it.each([
    [3.1, '3.1.0'],
    [3, '3.0.0'],
    ['3.1', '3.1.0'],
    [' v3.0.2 ', '3.0.2'],
    ['3.2.0-rc1', '3.2.0-rc1'],
  ])('takes the OpenAPI version %j as %s', (openapi, version) => {
    expect(validateDocument({ ...minimal, openapi }).openapi).toBe(version)
    expect(findingsOf({ ...minimal, openapi }).map(({ path }) => path)).toEqual(openapi === version ? [] : ['/openapi'])
  })

  it.each([
    ['/info/version', { ...minimal, info: { title: 'Small' } }],
    ['/info/version', { ...minimal, info: { title: 'Small', version: null } }],
    ['/info/title', { ...minimal, info: { version: '1' } }],
    ['/info/title', { ...minimal, info: { version: '1', title: ' ' } }],
    ['/components', { ...minimal, components: [] }],
    ['/components/securitySchemes', { ...minimal, components: { securitySchemes: 'none' } }],
  ])('does without %s and tells of it', (path, document) => {
    expect(findingsOf(document).map((finding) => finding.path)).toEqual([path])
  })

  it('takes the host for the title of a document without one', () => {
    const { info } = validateDocument({ ...minimal, info: undefined }, 'https://api.example.com/openapi.json')
    expect(info).toEqual({ title: 'api.example.com', version: '', description: '' })
    expect(validateDocument({ ...minimal, info: 5 }).info.title).toBe('Untitled API')
  })

  it.each([
    ['a thousand schemas in each other', answering(nested(1000, (inner) => ({ type: 'array', items: inner })))],
    ['twenty thousand lists in each other', answering({ default: nested(20_000, (inner) => [inner]) })],
  ])('refuses %s as nested too deeply', async (_, document) => {
    const { code, message } = await refusal(() => settleReferences(document, null))
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
    ['a version that is no text', { ...minimal, openapi: [3] }, '/openapi'],
    ['another version', { ...minimal, openapi: '2.0.0' }, '/openapi'],
    ['a version to come', { ...minimal, openapi: '4.0.0' }, '/openapi'],
    ['no paths', { ...minimal, paths: undefined }, '/paths'],
    ['a list of paths', { ...minimal, paths: [] }, '/paths'],
    ['text', 'hello', ''],
    ['a list', [minimal], ''],
    ['null', null, ''],
  ])('refuses %s and points at it', async (_, document, path) => {
    const { code, errors } = await refusal(() => validateDocument(document))
    expect([code, errors?.map((error) => error.path)]).toEqual(['SPEC_INVALID', [path]])
  })

  it('names everything that is missing at once, and the first in the detail', async () => {
    const { message, errors } = await refusal(() => validateDocument({}))
    expect(errors?.map((error) => error.path)).toEqual(['/openapi', '/paths'])
    expect(message).toBe('/openapi is missing: an OpenAPI 3 document starts with openapi: 3.x.y and 1 more.')
  })

  it.each([
    [{ webhooks: { a: { post: {} } } }, 'a document of webhooks has nothing to call'],
    [{ components: { schemas: {} } }, 'a document of components has nothing to call'],
  ])('says of %j that there is nothing to call', async (members, message) => {
    const { errors } = await refusal(() => validateDocument({ ...minimal, paths: undefined, ...members }))
    expect(errors).toMatchObject([{ path: '/paths', message: `is missing: ${message}` }])
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
    ['an anchor that nothing has', answering({}, { A: { $ref: '#Pet' }, Pet: {} }), '/components/schemas/A'],
    ['nothing at all', answering({}, { A: { $ref: '' } }), '/components/schemas/A'],
  ])('tells of a reference that leads nowhere, in place of %s', (_, document, path) => {
    expect(findingsOf(document)).toEqual([
      { path, message: expect.stringContaining('is not in the document'), line: null, fix: expect.any(String) },
    ])
  })

  it('names every reference that leads nowhere', () => {
    const document = answering(refTo('A'), { B: refTo('C'), D: { not: refTo('E') } })
    expect(
      findingsOf(document)
        .map(({ path }) => path)
        .toSorted(),
    ).toEqual([
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
    ['POST /orders/list', 'read'],
    ['POST /listOrders', 'read'],
    ['POST /values:batchGetByDataFilter', 'read'],
    ['POST /lists', 'create'],
    ['POST /me/reading-lists', 'create'],
    ['POST /values:batchClearByDataFilter', 'create'],
    ['POST /saved-filters', 'create'],
    ['POST /users/getOrCreate', 'create'],
    ['POST /users/find-or-create', 'create'],
    ['POST /texts/search-and-replace', 'create'],
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
