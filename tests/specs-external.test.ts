import { beforeAll, describe, expect, it } from 'vitest'
import type { Ctx } from '../src/context.ts'
import { AppError } from '../src/errors.ts'
import { bundleExternals, EXTERNAL_LIMITS, type ExternalLimits } from '../src/specs/external.ts'
import { newFindings } from '../src/specs/finding.ts'
import { loadSpec, openSpec } from '../src/specs/load.ts'
import type { Spec } from '../src/specs/operation.ts'
import { prepareBundle, prepareDocument, type Prepared } from '../src/specs/prepare.ts'
import { newTenant, testEnv } from './helpers.ts'

type Files = Record<string, unknown>
type Json = Record<string, unknown>

const BASE = 'https://docs.example.com/api/'
const json = (schema: unknown) => ({ content: { 'application/json': { schema } } })
const openapi = (members: Json) => ({ openapi: '3.1.0', info: { title: 'T', version: '1' }, ...members })
/** A document with one operation that answers with this schema. */
const answering = (schema: unknown, members: Json = {}) =>
  openapi({ paths: { '/a': { get: { responses: { 200: json(schema) } } } }, ...members })

/** Reads the first of some documents, the others from where it stands; `asked` is what was fetched. */
async function bundle(files: Files, limits: Partial<ExternalLimits> = {}, url: string | null = `${BASE}root.json`) {
  const asked: string[] = []
  let running = 0
  let most = 0
  const reader = {
    now: Date.now,
    fetchText: async (target: string) => {
      asked.push(target)
      most = Math.max(most, ++running)
      await Promise.resolve()
      running--
      const file = files[target.replace(BASE, '')]
      if (file === undefined) throw new AppError('SPEC_NOT_FOUND', 'answered 404')
      return typeof file === 'string' ? file : JSON.stringify(file)
    },
  }
  const root = typeof files['root.json'] === 'string' ? files['root.json'] : JSON.stringify(files['root.json'])
  const prepared = await prepareBundle(root, url, reader, { ...EXTERNAL_LIMITS, ...limits })
  return { ...prepared, operations: [...prepared.operations()], asked, most }
}

const responseOf = ({ operations }: Pick<Spec, 'operations'>) => operations[0]?.response
const readAll = (prepared: Prepared) => ({ ...prepared, operations: [...prepared.operations()] })

describe('references to other documents', () => {
  it('are followed from the document they stand in', async () => {
    const read = await bundle({
      'root.json': openapi({ paths: { '/pets': { $ref: 'paths/pets.yml' } } }),
      'paths/pets.yml': [
        'parameters:',
        '  - $ref: "../shared/parameters.yml#/limit"',
        'get:',
        '  operationId: listPets',
        '  responses:',
        '    200:',
        '      $ref: responses/pets.yml',
      ].join('\n'),
      'paths/responses/pets.yml': 'content: {application/json: {schema: {items: {$ref: ../../models/Pet.json}}}}',
      'shared/parameters.yml': 'limit: {name: limit, in: query, schema: {type: integer}}',
      'models/Pet.json': { type: 'object', properties: { tag: { $ref: '#/$defs/Tag' } }, $defs: { Tag: { const: 1 } } },
    })
    expect(read.findings).toEqual([])
    expect(read.operations).toMatchObject([
      {
        method: 'GET',
        path: '/pets',
        operationId: 'listPets',
        parameters: [{ name: 'limit', schema: { type: 'integer' } }],
        response: { items: { type: 'object', properties: { tag: { const: 1 } } } },
      },
    ])
  })

  it('are fetched once each, a few at a time, and only what is used of them is followed', async () => {
    const models = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`m${n}.json`, { type: 'string' }]))
    const properties = Object.fromEntries(Object.keys(models).map((name) => [name, { $ref: name }]))
    const again = { first: { $ref: 'm0.json' }, second: { $ref: './m0.json#' }, third: { $ref: `${BASE}m0.json` } }
    const read = await bundle({
      'root.json': answering({ properties: { ...properties, ...again, part: { $ref: 'part.json#/used' } } }),
      'part.json': { used: { type: 'integer' }, unused: { $ref: 'never.json' } },
      ...models,
    })
    expect(read.asked.toSorted()).toEqual([...Object.keys(models), 'part.json'].map((name) => BASE + name).toSorted())
    expect(read.most).toBeLessThanOrEqual(6)
    expect(read.findings).toEqual([])
  })

  it('may lead round, between documents and back into the first', async () => {
    const read = await bundle({
      'root.json': answering({ $ref: 'a.json' }, { components: { schemas: { Leaf: { type: 'boolean' } } } }),
      'a.json': { properties: { b: { $ref: 'b.json#/B' }, leaf: { $ref: 'root.json#/components/schemas/Leaf' } } },
      'b.json': { B: { properties: { a: { $ref: 'a.json' } } } },
    })
    expect(responseOf(read)).toMatchObject({
      properties: { leaf: { type: 'boolean' }, b: { properties: { a: { $ref: expect.stringContaining('a.json') } } } },
    })
    expect(read.asked).toHaveLength(2)
  })

  it('may have anything in their names', async () => {
    const name = 'a~b %20c%C3%A4.json'
    const read = await bundle({
      'root.json': answering({ $ref: `${name}#/x~1y~0z/50%25` }),
      [new URL(name, BASE).href.replace(BASE, '')]: { 'x/y~z': { '50%': { type: 'null' } } },
    })
    expect([responseOf(read), read.findings]).toEqual([{ type: 'null' }, []])
  })

  it('work for Swagger 2.0', async () => {
    const read = await bundle({
      'root.json': {
        swagger: '2.0',
        info: { title: 'T', version: '1' },
        host: 'a.example.com',
        paths: {
          '/a': {
            post: {
              parameters: [{ $ref: 'more.json#/parameters/Body' }, { $ref: 'more.json#/parameters/Q' }],
              responses: { 200: { $ref: 'more.json#/responses/Ok' } },
            },
          },
        },
      },
      'more.json': {
        parameters: {
          Body: { in: 'body', name: 'body', schema: { $ref: '#/definitions/Pet' } },
          Q: { in: 'query', name: 'q', type: 'integer' },
        },
        responses: { Ok: { description: '', schema: { type: 'array', items: { $ref: '#/definitions/Pet' } } } },
        definitions: { Pet: { type: 'object' } },
      },
    })
    expect(read.findings).toEqual([])
    expect(read.operations).toMatchObject([
      {
        parameters: [{ name: 'q', schema: { type: 'integer' } }],
        requestBody: { schema: { type: 'object' } },
        response: { type: 'array', items: { type: 'object' } },
      },
    ])
  })
})

describe('references that cannot be followed', () => {
  it.each([
    ['not there', { $ref: 'gone.json' }, 'SPEC_NOT_FOUND'],
    ['not a document', { $ref: 'text.json' }, 'it holds no object'],
    ['broken', { $ref: 'broken.json' }, 'SPEC_UNPARSEABLE'],
    ['without the part', { $ref: 'fine.json#/no' }, 'is not in the document'],
    ['no web address', { $ref: 'file:///etc/passwd' }, 'only http and https are fetched'],
    ['a bomb', { $ref: 'bomb.json' }, 'SPEC_TOO_COMPLEX'],
  ])('become a finding: %s', async (_, schema, why) => {
    const bomb = Array.from({ length: 12 }, (__, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`).join('\n')
    const files = { 'text.json': 'hello', 'broken.json': '{"a":', 'fine.json': {}, 'bomb.json': `a0: &a0 [1]\n${bomb}` }
    const read = await bundle({ 'root.json': answering(schema), ...files })
    expect(read.findings).toMatchObject([
      { path: '/paths/~1a/get/responses/200/content/application~1json/schema', message: expect.stringContaining(why) },
    ])
    expect(responseOf(read)).toEqual(schema)
  })

  it('within another document are named by its URL, and never lead into the first', async () => {
    const read = await bundle({
      'root.json': answering({ $ref: 'a.json' }, { components: { schemas: { Here: { type: 'string' } } } }),
      'a.json': { items: { $ref: '#/components/schemas/Here' } },
    })
    expect(read.findings).toMatchObject([{ path: `${BASE}a.json#/items`, line: null }])
    expect(responseOf(read)).toEqual({ items: { $ref: `${BASE}a.json#/components/schemas/Here` } })
  })

  it('skip the operation that cannot do without', async () => {
    const paths = {
      '/a': { $ref: 'gone.json' },
      '/b': { post: { requestBody: { $ref: 'gone.json' } }, get: {} },
      '/c': { get: { parameters: [{ $ref: 'gone.json' }] } },
    }
    const read = await bundle({ 'root.json': openapi({ paths }) })
    expect(read.operations.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /b'])
    expect(read.skipped.map(({ operation }) => operation)).toEqual(['/a', 'POST /b', 'GET /c'])
  })

  it('of a pasted document are the relative ones', async () => {
    const read = await bundle(
      { 'root.json': answering({ properties: { a: { $ref: 'a.json' }, b: { $ref: `${BASE}b.json` } } }), 'b.json': {} },
      {},
      null,
    )
    expect(read.asked).toEqual([`${BASE}b.json`])
    expect(read.findings).toMatchObject([{ message: expect.stringContaining('has no URL of its own') }])
  })

  const chain = Object.fromEntries(
    Array.from({ length: 9 }, (_, n) => [`m${n}.json`, { items: { $ref: `m${n + 1}.json` } }]),
  )
  it.each([
    [{ documents: 3 }, 3, 'too many documents'],
    [{ depth: 2 }, 2, 'more than 2 documents away'],
    [{ chars: 60 }, 3, 'too large together'],
    [{ ms: -1 }, 0, 'took too long'],
  ])('are those past the limits %j', async (limits, fetched, why) => {
    const read = await bundle({ 'root.json': answering({ $ref: 'm0.json' }), ...chain }, limits)
    expect([read.asked.length, read.findings]).toMatchObject([fetched, [{ message: expect.stringContaining(why) }]])
  })

  it('are counted in the way they lie, so that the last document is still read', async () => {
    const read = await bundle(
      { 'root.json': answering({ $ref: 'm0.json' }), ...chain, 'm9.json': {} },
      { documents: 10 },
    )
    expect([read.asked.length, read.findings]).toEqual([10, []])
  })
})

describe('names within a document', () => {
  const schemas = {
    Pet: { $anchor: 'pet', type: 'string' },
    Cat: { $id: 'https://schemas.example.com/cat', $defs: { Fur: { type: 'number' } }, items: { $ref: '#/$defs/Fur' } },
    Dog: { $id: 'dog.json', $anchor: 'bark', type: 'boolean' },
  }
  const resolved = (schema: Json, url: string | null = `${BASE}root.json`) => {
    const read = readAll(prepareDocument(JSON.stringify(answering(schema, { components: { schemas } })), url))
    return [responseOf(read), read.findings.map(({ message }) => message)]
  }

  it.each([
    [{ $ref: '#pet' }, { type: 'string' }],
    [{ $ref: 'https://schemas.example.com/cat#/$defs/Fur' }, { type: 'number' }],
    [{ $ref: 'https://schemas.example.com/cat' }, { items: { type: 'number' } }],
    [{ $ref: 'dog.json' }, { type: 'boolean' }],
    [{ $ref: 'dog.json#bark' }, { type: 'boolean' }],
    [{ $ref: `${BASE}root.json#/components/schemas/Pet` }, { type: 'string' }],
    [{ $ref: 'Pet' }, { type: 'string' }],
  ])('are followed: %j', (schema, response) => {
    expect(resolved(schema)).toEqual([response, []])
  })

  it('are followed in a document without a URL', () => {
    expect(resolved({ $ref: '#pet' }, null)).toEqual([{ type: 'string' }, []])
    expect(resolved({ $ref: 'dog.json' }, null)).toEqual([{ type: 'boolean' }, []])
  })

  it('are followed by the address that the document gives itself', () => {
    const document = answering(
      { $ref: 'https://self.example.com/x.json#/components/schemas/A' },
      {
        openapi: '3.2.0',
        $self: 'https://self.example.com/x.json',
        components: { schemas: { A: { type: 'null' } } },
      },
    )
    expect(responseOf(readAll(prepareDocument(JSON.stringify(document), `${BASE}root.json`)))).toEqual({ type: 'null' })
  })

  it('leave a dynamic reference for unknown', () => {
    expect(resolved({ items: { $dynamicRef: '#pet' } })).toEqual([{ items: {} }, []])
  })

  it('do not come in under the name that other documents are kept by', async () => {
    const root = answering({ $ref: '#/x-apiq-documents/a' }, { 'x-apiq-documents': { a: { type: 'string' } } })
    const read = await bundle({ 'root.json': root })
    expect(read.findings).toMatchObject([{ message: expect.stringContaining('is not in the document') }])
  })
})

it('counts what was fetched', async () => {
  const reader = { now: Date.now, fetchText: async () => '{"type": "string"}' }
  const document = answering({ items: { $ref: 'a.json' }, not: { $ref: 'b.json' } })
  expect(await bundleExternals(reader, document, BASE, EXTERNAL_LIMITS, newFindings())).toBe(2)
})

describe('openSpec', () => {
  let ctx: Ctx
  const shelf = `${testEnv.UPSTREAMS}/documents/${crypto.randomUUID()}`
  const put = async (name: string, body: unknown) => {
    await fetch(`${shelf}/${name}`, { method: 'PUT', body: typeof body === 'string' ? body : JSON.stringify(body) })
    return `${shelf}/${name}`
  }
  const inMany = (count: number) =>
    answering({ anyOf: Array.from({ length: count }, (_, n) => ({ $ref: `part${n}.json` })) })

  beforeAll(async () => {
    ctx = (await newTenant()).ctx
  })

  it('reads a document in several files from their host', async () => {
    await put('models/pet.yaml', 'type: object\nproperties:\n  id: {$ref: ../ids.json#/Id}\n')
    await put('ids.json', { Id: { type: 'integer' } })
    const spec = await loadSpec(ctx, { specUrl: await put('root.json', answering({ $ref: 'models/pet.yaml' })) })
    expect([responseOf(spec), spec.findings]).toEqual([{ type: 'object', properties: { id: { type: 'integer' } } }, []])
  })

  it('has another hash when a document that it refers to changes', async () => {
    const specUrl = await put('changing.json', answering({ $ref: 'part2.json' }))
    await put('part2.json', { type: 'string' })
    const first = await openSpec(ctx, { specUrl })
    expect((await openSpec(ctx, { specUrl })).hash).toBe(first.hash)
    await put('part2.json', { type: 'integer' })
    expect((await openSpec(ctx, { specUrl })).hash).not.toBe(first.hash)
  })

  it('does not go to private addresses for a document’s parts', async () => {
    const config = { ...ctx.config, allowPrivateUpstreams: false }
    const schema = { anyOf: [{ $ref: `${shelf}/part2.json` }, { $ref: 'https://169.254.169.254/latest' }] }
    const spec = await loadSpec({ ...ctx, config }, { spec: answering(schema) })
    expect(spec.findings.map(({ message }) => message)).toEqual([
      expect.stringContaining('ADDRESS_REFUSED'),
      expect.stringContaining('ADDRESS_REFUSED'),
    ])
  })

  it('leaves a document in many parts for when nobody waits', async () => {
    await Promise.all(Array.from({ length: 31 }, (_, n) => put(`part${n}.json`, { type: 'string' })))
    const specUrl = await put('many.json', inMany(31))
    await expect(openSpec(ctx, { specUrl }, { maxBytes: 1_000_000 })).rejects.toMatchObject({
      code: 'SPEC_TOO_LARGE',
      extra: { limit: 1_000_000 },
    })
    expect((await openSpec(ctx, { specUrl })).finish().findings).toEqual([])
    expect((await openSpec(ctx, { specUrl: await put('few.json', inMany(30)) }, { maxBytes: 1_000_000 })).count).toBe(1)
  })

  it('streams operations, and says at the end what was skipped and found', async () => {
    const paths = { '/a': { get: {}, put: 5 }, '/b': { post: { parameters: 'no' } } }
    const text = JSON.stringify(openapi({ paths }), null, 1)
    const spec = await openSpec(ctx, { spec: text })
    expect(spec).toMatchObject({
      title: 'T',
      version: '1',
      openapi: '3.1.0',
      count: 2,
      bytes: text.length,
      baseUrl: null,
    })
    expect([...spec.operations()].map(({ method }) => method)).toEqual(['GET', 'POST'])
    const line = (mark: string) => text.slice(0, text.indexOf(mark)).split('\n').length
    expect(spec.finish()).toEqual({
      skipped: [
        {
          operation: 'PUT /a',
          path: '/paths/~1a/put',
          line: line('"put"'),
          message: expect.any(String),
          fix: expect.any(String),
        },
      ],
      findings: [
        {
          path: '/paths/~1b/post/parameters',
          line: line('"parameters"'),
          message: expect.any(String),
          fix: expect.any(String),
        },
      ],
    })
  })

  it.each([
    ['no path', openapi({ paths: {} })],
    ['no operation', openapi({ paths: { '/a': {} } })],
    ['no operation that can be used', openapi({ paths: { '/a': { get: 5 }, '/b': { $ref: '#/no' } } })],
  ])('refuses a document with %s, and says where', async (_, document) => {
    await expect(openSpec(ctx, { spec: JSON.stringify(document, null, 1) })).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      message: expect.stringContaining('/paths has no operation that can be used'),
      errors: expect.arrayContaining([expect.objectContaining({ path: '/paths', line: 7, fix: expect.any(String) })]),
    })
  })

  it('refuses a value that is nested without end', async () => {
    let value: Json = {}
    for (let depth = 0; depth < 50_000; depth++) value = { a: value }
    await expect(openSpec(ctx, { spec: value })).rejects.toMatchObject({ code: 'SPEC_INVALID' })
    const text = `{"openapi":"3.1.0","paths":{},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    await expect(openSpec(ctx, { spec: text })).rejects.toMatchObject({ code: 'SPEC_INVALID' })
  })

  it('reads bytes of a file in their encoding', async () => {
    const text = JSON.stringify(openapi({ info: { title: 'Käse', version: '1' }, paths: { '/a': { get: {} } } }))
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0))
    const contentType = 'application/json; charset=iso-8859-1'
    expect((await openSpec(ctx, { bytes, contentType })).title).toBe('Käse')
    await expect(openSpec(ctx, { bytes, contentType: null })).rejects.toMatchObject({ code: 'SPEC_ENCODING' })
  })

  it('reads a Swagger 2.0 document, and says where in it something was found', async () => {
    const document = {
      swagger: '2.0',
      info: { title: 'Old', version: '1' },
      host: 'a.example.com',
      schemes: ['https'],
      securityDefinitions: { o: { type: 'oauth2', flow: 'implicit', authorizationUrl: 'https://a.example.com' } },
      paths: { '/a': { get: {} } },
    }
    const text = JSON.stringify(document, null, 1)
    const spec = await loadSpec(ctx, { spec: text })
    const line = text.slice(0, text.indexOf('"o"')).split('\n').length
    expect(spec).toMatchObject({ openapi: '2.0', findings: [{ path: '/securityDefinitions/o', line }] })
  })
})
