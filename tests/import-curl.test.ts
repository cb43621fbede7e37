import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Auth } from '../src/connections/auth-schema.ts'
import { AppError } from '../src/errors.ts'
import { importCurl, looksLikeCurl } from '../src/specs/import/index.ts'
import { splitCmd } from '../src/specs/import/cmd-words.ts'
import { splitShell } from '../src/specs/import/shell-words.ts'
import { namesOf, operationOf, readImported } from './import-reading.ts'

const SECRET = 'tok-9f8e7d6c5b4a-SECRET'

/** Imports a text and reads its document. */
function read(text: string) {
  const imported = importCurl(text)
  // What is handed out is what connecting takes.
  expect(imported.auth && Auth.parse(imported.auth)).toEqual(imported.auth)
  return {
    ...imported,
    spec: readImported(imported.document),
    messages: imported.warnings.map(({ message }) => message),
  }
}

/** The problem that importing ends with. */
function failure(text: string): AppError {
  try {
    importCurl(text)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The code of the problem that importing ends with, if it does. */
function codeOf(text: string): string {
  try {
    importCurl(text)
    return 'none'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

describe('the words of a command', () => {
  it.each<[string, string[][]]>([
    ['curl  a\tb', [['curl', 'a', 'b']]],
    [`curl 'a "b" \\c' "d 'e' \\"f\\" \\g"`, [['curl', 'a "b" \\c', `d 'e' "f" \\g`]]],
    [`curl $'a\\n\\'b\\x41\\u00e9\\xc3\\xa9'`, [['curl', "a\n'bAéé"]]],
    ['curl a \\\n  b \\\r\n c', [['curl', 'a', 'b', 'c']]],
    ['curl a `\n b', [['curl', 'a', 'b']]],
    [`curl a''b"" ''`, [['curl', 'ab', '']]],
    [
      'curl a # not this\ncurl b',
      [
        ['curl', 'a'],
        ['curl', 'b'],
      ],
    ],
    [
      'curl a; curl b && curl c | jq .',
      [
        ['curl', 'a'],
        ['curl', 'b'],
        ['curl', 'c'],
        ['jq', '.'],
      ],
    ],
    ['curl a > out.json 2>&1', [['curl', 'a']]],
    ['curl a\\ b', [['curl', 'a b']]],
    ['curl https://a.example/<id>/x', [['curl', 'https://a.example/<id>/x']]],
  ])('%j', (text, commands) => {
    expect(splitShell(text).commands).toEqual(commands)
  })

  it('come back as they were quoted', () => {
    const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
    fc.assert(
      fc.property(
        fc.array(
          fc.string({ unit: 'grapheme' }).map((word) => word.replaceAll('\r\n', '\n')),
          { minLength: 1 },
        ),
        (words) => {
          expect(splitShell(words.map(quote).join(' ')).commands).toEqual([words])
        },
      ),
    )
  })

  it('are split or refused, whatever the text is', () => {
    const pieces = fc.constantFrom(
      'curl ',
      "'",
      '"',
      '\\',
      '$',
      '`',
      '(',
      ')',
      '<',
      '>',
      '&',
      '|',
      ';',
      '\n',
      '#',
      '^',
      ' ',
      '-d',
      '@',
      'https://a.example/',
      "$'",
      'x',
    )
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
        (text) => {
          expect(codeOf(`curl https://a.example/ ${text}`)).toMatch(/^(SPEC_INVALID|none)$/)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it.each<[string, string[][]]>([
    [`curl "https://a.example/x?a=1^&b=2"`, [['curl', 'https://a.example/x?a=1^&b=2']]],
    [
      `curl ^"https://a.example/x?a=1^&b=2^" ^\r\n  -H ^"accept: a^" ^\n`,
      [['curl', 'https://a.example/x?a=1&b=2', '-H', 'accept: a']],
    ],
    [`curl -d ^"^{^\\^"a^\\^":1^}^"`, [['curl', '-d', '{"a":1}']]],
    [
      `curl -d "{\\"a\\":\\"b c\\"}"\ncurl x`,
      [
        ['curl', '-d', '{"a":"b c"}'],
        ['curl', 'x'],
      ],
    ],
  ])('of the command prompt of Windows: %j', (text, commands) => {
    expect(splitCmd(text)).toEqual(commands)
  })
})

it.each([
  ['curl https://a.example', true],
  ['  $ curl -X POST x', true],
  ['TOKEN=a curl x', true],
  ['# a comment\n/usr/bin/curl x', true],
  ['curl.exe x', true],
  ['curling is a sport', false],
  ['openapi: 3.1.0', false],
  ['{"curl": 1}', false],
  ['', false],
])('whether %j looks like curl: %s', (text, expected) => {
  expect(looksLikeCurl(text)).toBe(expected)
})

describe('a command', () => {
  it('becomes an operation with parameters and a body of the types it sends', () => {
    const { spec, kind, auth, messages } =
      read(`curl -sSL 'https://api.shop.example/v1/orders/123/notes?notify=true&page=2' \\
      -H 'Content-Type: application/json' -H 'Accept: application/json' -H 'X-Shop: north' \\
      --data-raw '{"text":"hello","pinned":false,"rank":1.5}' --compressed`)
    expect(kind).toBe('curl')
    expect(auth).toBeNull()
    expect(messages).toEqual([])
    expect(spec).toMatchObject({ title: 'api.shop.example', baseUrl: 'https://api.shop.example', skipped: [] })
    const operation = operationOf(spec, 'POST /v1/orders/{orderId}/notes')
    expect(operation.parameters.map((one) => [one.name, one.in, one.required, one.schema['type']])).toEqual([
      ['orderId', 'path', true, 'integer'],
      ['notify', 'query', false, 'boolean'],
      ['page', 'query', false, 'integer'],
      ['X-Shop', 'header', false, 'string'],
    ])
    expect(operation.requestBody).toEqual({
      contentType: 'application/json',
      required: true,
      schema: {
        type: 'object',
        properties: { text: { type: 'string' }, pinned: { type: 'boolean' }, rank: { type: 'number' } },
      },
    })
  })

  it.each([
    ['curl https://a.example/x', 'GET'],
    ['curl -I https://a.example/x', 'HEAD'],
    ['curl -d a=1 https://a.example/x', 'POST'],
    ['curl --json {} https://a.example/x', 'POST'],
    ['curl -F a=1 https://a.example/x', 'POST'],
    ['curl -G -d a=1 https://a.example/x', 'GET'],
    ['curl -T file https://a.example/x', 'PUT'],
    ['curl -XPATCH -d a=1 https://a.example/x', 'PATCH'],
    ['curl --request=delete https://a.example/x', 'DELETE'],
    ['curl -sXPUT --url https://a.example/x', 'PUT'],
  ])('%s is a %s', (text, method) => {
    expect(namesOf(read(text).spec)).toEqual([`${method} /x`])
  })

  it.each<[string, string, string[]]>([
    ['-d a=1 --data b=x', 'application/x-www-form-urlencoded', ['a', 'b']],
    ["--data-urlencode 'a=x y' --data-urlencode =b", 'application/x-www-form-urlencoded', ['a', 'b']],
    ['-F file=@photo.png -F note=hi', 'multipart/form-data', ['file', 'note']],
    [`--json '{"a":1}'`, 'application/json', ['a']],
    [`-d '{"a":1}'`, 'application/json', ['a']],
    [`-H 'Content-Type: application/vnd.shop+json' -d '{"a":1}'`, 'application/vnd.shop+json', ['a']],
  ])('with %s sends %s', (options, contentType, names) => {
    const body = operationOf(read(`curl https://a.example/x ${options}`).spec, 'POST /x').requestBody
    expect(body?.contentType).toBe(contentType)
    expect(Object.keys(body?.schema['properties'] as object)).toEqual(names)
  })

  it('with -G puts its data into the query', () => {
    const { spec } = read('curl -G https://a.example/x?a=1 -d b=2 --data-urlencode "c=x y"')
    expect(operationOf(spec, 'GET /x')).toMatchObject({
      parameters: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
      requestBody: null,
    })
  })

  it('stands with others: several commands, several URLs, --next', () => {
    const { spec, messages } = read(`
      $ curl https://a.example/orders https://a.example/customers/9
      curl -X POST https://a.example/orders -d total=1 --next -X DELETE https://a.example/orders/1 | jq .
      curl https://b.example/status`)
    expect(namesOf(spec)).toEqual([
      'DELETE /orders/{orderId}',
      'GET /customers/{customerId}',
      'GET /orders',
      'GET /status',
      'POST /orders',
    ])
    expect(spec.baseUrl).toBe('https://a.example')
    expect(operationOf(spec, 'GET /status').server).toBe('https://b.example')
    expect(messages).toEqual(['a command that is not curl is left out'])
  })

  it.each([
    'https://a.example/orders/{orderId}/lines/{id}',
    'https://a.example/orders/:orderId/lines/:id',
    'https://a.example/orders/<orderId>/lines/<id>',
    'https://a.example/orders/$orderId/lines/${id}',
    'https://a.example/orders/{{orderId}}/lines/{{id}}',
  ])('with places to fill in: %s', (url) => {
    expect(namesOf(read(`curl "${url}"`).spec)).toEqual(['GET /orders/{orderId}/lines/{id}'])
  })

  it('without a known host gives none', () => {
    const { spec, messages } = read('curl $BASE_URL/orders')
    expect(spec.baseUrl).toBeNull()
    expect(messages).toContain('the command does not say the host: give the base URL when connecting')
  })

  it('says what it leaves out', () => {
    const { messages } = read('curl -k -x http://proxy.example:8080 --frobnicate --digest -u a:b https://a.example/x')
    expect(messages).toEqual([
      'certificates are always checked: -k is left out',
      'a proxy (-x) is not used',
      '--frobnicate is not known and is left out',
      'the way the command authenticates is not supported: choose another one',
    ])
  })
})

describe('the credential of a command', () => {
  const basic = btoa('ann:pass word')

  it.each<[string, object, object]>([
    [`-H 'Authorization: Bearer ${SECRET}'`, { type: 'bearer', token: SECRET }, { type: 'bearer' }],
    [`--oauth2-bearer ${SECRET}`, { type: 'bearer', token: SECRET }, { type: 'bearer' }],
    [
      `-H "authorization: Basic ${basic}"`,
      { type: 'basic', username: 'ann', password: 'pass word' },
      { type: 'basic' },
    ],
    [`-u ann:${SECRET}`, { type: 'basic', username: 'ann', password: SECRET }, { type: 'basic' }],
    [`-uann:`, { type: 'basic', username: 'ann', password: '' }, { type: 'basic' }],
    [
      `-H 'X-API-Key: ${SECRET}'`,
      { type: 'apiKey', in: 'header', name: 'X-API-Key', value: SECRET },
      { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    ],
    [
      `-H 'Authorization: Token ${SECRET}'`,
      { type: 'apiKey', in: 'header', name: 'Authorization', value: `Token ${SECRET}` },
      { type: 'apiKey', in: 'header', name: 'Authorization' },
    ],
    [
      `-G -d api_key=${SECRET}`,
      { type: 'apiKey', in: 'query', name: 'api_key', value: SECRET },
      { type: 'apiKey', in: 'query', name: 'api_key' },
    ],
    [
      `-b sid=${SECRET}`,
      { type: 'apiKey', in: 'cookie', name: 'sid', value: SECRET },
      { type: 'apiKey', in: 'cookie', name: 'sid' },
    ],
  ])('%s is handed out and is not in the document', (options, auth, scheme) => {
    const result = read(`curl https://a.example/x ${options}`)
    expect(result.auth).toEqual(auth)
    expect(result.spec.securitySchemes).toMatchObject([scheme])
    const [operation] = result.spec.operations
    expect(operation?.security).toEqual([{ [result.spec.securitySchemes[0]?.id ?? '']: [] }])
    expect(operation?.parameters).toEqual([])
    for (const secret of [SECRET, basic, 'pass word'])
      expect(JSON.stringify([result.document, result.warnings])).not.toContain(secret)
  })

  it('is taken out of the URL, from the user part and from the path', () => {
    const { auth, document } = read(`curl https://ann:${SECRET}@a.example/hooks/${SECRET}/send`)
    expect(auth).toEqual({ type: 'basic', username: 'ann', password: SECRET })
    expect(Object.keys(document['paths'] as object)).toEqual(['/hooks/{hookId}/send'])
    expect(JSON.stringify(document)).not.toContain(SECRET)
  })

  it.each(['$TOKEN', '<token>', 'YOUR_API_TOKEN', '{{token}}', 'xxxxxxxx'])('%s is one to be filled in', (token) => {
    const { auth, spec, messages } = read(`curl https://a.example/x -H "Authorization: Bearer ${token}"`)
    expect(auth).toBeNull()
    expect(spec.securitySchemes).toMatchObject([{ type: 'bearer' }])
    expect(messages).toContain('the credential in the command is a placeholder: give it when connecting')
  })

  it('of one out of several is said', () => {
    const { auth, messages } = read(`curl https://a.example/x -u a:one; curl https://a.example/y -u a:two`)
    expect(auth).toEqual({ type: 'basic', username: 'a', password: 'one' })
    expect(messages).toContain('the commands hold more than one credential; the first one is taken')
  })

  it('does not get out where it was not quoted', () => {
    const { document, messages } = read(`curl https://a.example/x -H Authorization: Bearer ${SECRET}`)
    expect(JSON.stringify(document) + messages.join()).not.toMatch(new RegExp(SECRET, 'i'))
    expect(messages).toContain('a word that is neither an option nor a URL is left out')
  })
})

describe('refused with the reason', () => {
  it.each([
    ['curl https://a.example/$(id)', 'substitution'],
    ['curl "https://a.example/`id`"', 'substitution'],
    ['curl -d "$(cat body)" https://a.example/', 'substitution'],
    ['curl -K <(echo x) https://a.example/', 'substitution'],
    ["curl 'https://a.example/", 'unclosed_quote'],
    ['curl -d @body.json https://a.example/', 'file'],
    ['curl --data-binary=@- https://a.example/', 'file'],
    ['curl --data-urlencode a@file https://a.example/', 'file'],
    ['curl --json @body.json https://a.example/', 'file'],
    ['curl -s', 'empty'],
    ['curl ftp://a.example/x', 'empty'],
    ['wget https://a.example/x', 'empty'],
    ['', 'empty'],
  ])('%s', (text, code) => {
    const problem = failure(text)
    expect(problem.code).toBe('SPEC_INVALID')
    expect(problem.errors?.[0]?.code).toBe(code)
  })

  it('but not for what only looks like it', () => {
    const { spec } = read(`curl https://a.example/x --data-raw '@a' -H 'X-Note: $(id) \`id\`'`)
    expect(namesOf(spec)).toEqual(['POST /x'])
  })
})
