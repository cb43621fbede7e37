import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Entry = { id: string; namespace: string; values: number[] }
type Query = { vector: number[]; topK?: number; namespace?: string }

/** What the server does: as it should, failing, never answering, or with answers that are none. */
export type EmbedderMode = 'ok' | 'failing' | 'hanging' | 'lying'

export type FakeEmbedder = {
  url: string
  mode: EmbedderMode
  /** The texts of each call of the model. */
  calls: string[][]
  entries: ReadonlyMap<string, Entry>
  /** Puts an entry into the index that nobody sent. */
  put: (entry: Entry) => void
  /** Resolves once what the index holds passes the test. */
  until: (holds: (entries: readonly Entry[]) => boolean) => Promise<void>
  close: () => Promise<void>
}

const MODEL = '@cf/baai/bge-small-en-v1.5'
const DIMENSIONS = 384
const MAX_TEXTS = 100
const MAX_ENTRIES = 1000
const MAX_NEAREST = 100
const ID_BYTES = 64

/**
 * A server that answers for Workers AI and Vectorize in the protocol of Wrangler's remote bindings: the requests are those
 * that workerd makes of `AI.run` and of a Vectorize binding, with what it would have sent where in headers (`MF-…`). Its
 * limits are theirs. How texts are embedded is told by the test; without, by words, those in one list being the same.
 * It proves that the protocol is spoken and the index kept; it says nothing of how well a model understands.
 */
export async function startEmbedder(
  embed: (texts: string[]) => number[][] | Promise<number[][]> = byWords([]),
  dimensions = DIMENSIONS,
): Promise<FakeEmbedder> {
  const entries = new Map<string, Entry>()
  const waiting = new Set<() => void>()
  const changed = () => waiting.forEach((look) => look())
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeEmbedder = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: 'ok',
    calls: [],
    entries,
    put: (entry) => void entries.set(entry.id, entry),
    until: (holds) =>
      new Promise((resolve) => {
        const look = () => {
          if (!holds([...entries.values()])) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const url = new URL(String(request.headers['mf-url']))
    if (fake.mode === 'hanging') return
    if (request.headers['mf-binding'] === 'AI') await runModel(request, url, body, response)
    else keepIndex(url, body, response)
  }

  async function runModel(request: IncomingMessage, url: URL, body: string, response: ServerResponse): Promise<void> {
    const model = request.headers['mf-header-cf-consn-model-id']
    const fail = (status: number, internalCode: number, description: string) =>
      send(response, status, { internalCode, name: 'InferenceUpstreamError', description })
    if (url.href !== 'https://workers-binding.ai/run?version=3') return fail(404, 7000, `no route for ${url.href}`)
    if (model !== MODEL) return fail(400, 5007, `No such model ${String(model)}`)
    if (fake.mode === 'failing') return fail(500, 3043, 'Internal server error')
    const { text } = (JSON.parse(body) as { inputs: { text: string[] } }).inputs
    if (text.length === 0 || text.length > MAX_TEXTS) return fail(400, 5006, `${text.length} texts`)
    fake.calls.push(text)
    const data = fake.mode === 'lying' ? [['near']] : await embed(text)
    send(response, 200, { shape: [data.length, dimensions], data, pooling: 'mean' })
  }

  function keepIndex(url: URL, body: string, response: ServerResponse): void {
    const fail = (code: number, error: string) => send(response, 400, { code, error })
    if (fake.mode === 'failing') return send(response, 500, { code: 10_000, error: 'internal' })
    switch (url.href) {
      case 'http://vector-search/upsert': {
        const given = body.split('\n').map((line) => JSON.parse(line) as Entry)
        if (given.length > MAX_ENTRIES) return fail(40_008, 'too many vectors')
        for (const { id, values, namespace } of given) {
          if (values.length !== dimensions) return fail(40_012, `expected ${dimensions} dimensions`)
          if ([id, namespace].some((text) => Buffer.byteLength(text) > ID_BYTES)) return fail(40_009, 'too long')
        }
        for (const entry of given) entries.set(entry.id, entry)
        send(response, 200, { mutationId: crypto.randomUUID() })
        return changed()
      }
      case 'http://vector-search/deleteByIds': {
        for (const id of (JSON.parse(body) as { ids: string[] }).ids) entries.delete(id)
        send(response, 200, { mutationId: crypto.randomUUID() })
        return changed()
      }
      case 'http://vector-search/query': {
        const { vector, topK = 5, namespace } = JSON.parse(body) as Query
        if (topK > MAX_NEAREST) return fail(40_025, 'topK is too large')
        const matches = [...entries.values()]
          .filter((entry) => namespace === undefined || entry.namespace === namespace)
          .map((entry) => ({ id: entry.id, namespace: entry.namespace, score: cosine(vector, entry.values) }))
          .toSorted((a, b) => b.score - a.score)
          .slice(0, topK)
        return send(response, 200, { count: matches.length, matches })
      }
      default:
        return fail(40_004, `no route for ${url.href}`)
    }
  }

  return fake
}

/** Embeds texts by their words; the words of one list mean the same. */
export function byWords(same: readonly (readonly string[])[]): (texts: string[]) => number[][] {
  const meanings = new Map(same.flatMap((words) => words.map((word) => [word, words[0] ?? word] as const)))
  return (texts) =>
    texts.map((text) => {
      const vector = Array.from({ length: DIMENSIONS }, () => 0)
      for (const [word] of text.toLowerCase().matchAll(/[a-z]+/g)) {
        const place = placeOf(meanings.get(word) ?? word)
        vector[place] = (vector[place] ?? 0) + 1
      }
      return vector
    })
}

/** FNV-1a. */
function placeOf(word: string): number {
  let hash = 0x811c9dc5
  for (const letter of word) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return (hash >>> 0) % DIMENSIONS
}

function cosine(one: readonly number[], other: readonly number[]): number {
  let [dot, ones, others] = [0, 0, 0]
  for (const [at, value] of one.entries()) {
    const also = other[at] ?? 0
    dot += value * also
    ones += value * value
    others += also * also
  }
  return dot / (Math.sqrt(ones * others) || 1)
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
