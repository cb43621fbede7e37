import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countOperations } from '../src/cli/corpus/count-operations.ts'
import { findDocuments } from '../src/cli/corpus/documents.ts'
import { serveFolder } from '../src/cli/corpus/serve-folder.ts'
import { takeDocument } from '../src/cli/corpus/take-document.ts'
import { bundleWorker, startIsolate, type Isolate } from '../src/cli/isolate.ts'

const get = { responses: { 200: { description: 'ok' } } }
const info = { title: 'Test', version: '1' }
const servers = [{ url: 'https://api.example.com' }]

const files: Record<string, string> = {
  'good.json': JSON.stringify({ openapi: '3.1.0', info, servers, paths: { '/a': { get, post: get }, 'x-note': 1 } }),
  'old.yaml':
    'swagger: "2.0"\ninfo: { title: Old, version: "1" }\nhost: api.example.com\npaths:\n  /b:\n    parameters: []\n    put: { responses: { 200: { description: ok } } }\n',
  'parts/root.yaml':
    'openapi: 3.0.3\ninfo: { title: Parts, version: "1" }\nservers: [{ url: https://api.example.com }]\npaths:\n  /c: { $ref: "items/c.yaml" }\n  /d: { $ref: "items/many.yaml#/paths/~1d" }\n',
  'parts/items/c.yaml':
    'get: { responses: { 200: { description: ok } } }\ndelete: { responses: { 200: { description: ok } } }\n',
  'parts/items/many.yaml': 'paths:\n  /d:\n    patch: { responses: { 200: { description: ok } } }\n',
  'broken.json': '{"openapi": "3.0.0", "info": {',
  'large.json': JSON.stringify({
    openapi: '3.0.3',
    info,
    servers,
    'x-padding': 'x'.repeat(1_200_000),
    paths: Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`/things${n}`, { get, head: get }])),
  }),
  'recorded.har': '{}',
  'notes.txt': 'openapi: 3.0.0',
}

let folder: string
let isolate: Isolate
let server: { url: string; close: () => Promise<void> }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'apiq-corpus-test-'))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  isolate = await startIsolate({ bundle: await bundleWorker(), measureHeap: true })
  server = await serveFolder(folder)
})

afterAll(async () => {
  await Promise.all([isolate.close(), server.close()])
  await rm(folder, { recursive: true })
})

it('tells documents from the parts that they refer to', async () => {
  expect(await findDocuments(folder)).toEqual([
    { path: 'broken.json', kind: 'document' },
    { path: 'good.json', kind: 'document' },
    { path: 'large.json', kind: 'document' },
    { path: 'old.yaml', kind: 'document' },
    { path: 'parts/items/c.yaml', kind: 'part' },
    { path: 'parts/items/many.yaml', kind: 'part' },
    { path: 'parts/root.yaml', kind: 'document' },
  ])
})

describe('the independent count', () => {
  it.each([
    ['good.json', ['GET /a', 'POST /a']],
    ['old.yaml', ['PUT /b']],
    ['parts/root.yaml', ['GET /c', 'DELETE /c', 'PATCH /d']],
    ['broken.json', null],
  ])('of %s', async (path, expected) => {
    expect((await countOperations(folder, path))?.toSorted() ?? null).toEqual(expected?.toSorted() ?? null)
  })
})

describe('a document taken through the Worker', () => {
  it.each([
    ['good.json', { verdict: 'ok', operations: 2, counted: 2 }],
    ['old.yaml', { verdict: 'ok', operations: 1 }],
    ['parts/root.yaml', { verdict: 'ok', operations: 3, counted: 3 }],
    ['large.json', { verdict: 'ok', operations: 300, counted: 300 }],
    ['broken.json', { verdict: 'refused', code: 'SPEC_UNPARSEABLE' }],
  ])('%s', async (path, expected) => {
    const result = await takeDocument(isolate, folder, path, `${server.url}/${path}`)
    expect(result).toMatchObject(expected)
    expect(result.lost).toEqual([])
    expect(result.peakMb).toBeGreaterThan(5)
  })

  it('that was not all stored is found out', async () => {
    // What is counted is not what is served.
    const url = `${server.url}/good.json`
    const result = await takeDocument(isolate, folder, 'parts/root.yaml', url)
    expect(result).toMatchObject({ verdict: 'lost', operations: 2, counted: 3, lost: ['GET /c'] })
  })

  it('of a Worker that is gone has crashed it', async () => {
    const gone = { ...isolate, url: 'http://127.0.0.1:9' }
    expect(await takeDocument(gone, folder, 'good.json', `${server.url}/good.json`)).toMatchObject({
      verdict: 'crashed',
    })
  })
})
