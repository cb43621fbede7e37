import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An API with a document that can be exchanged while it is up. Whoever asks for the document again after the first time
 * waits for `ready`. What is answered under `/books` has the status that `answer` gives for its path.
 */
export type Upstream = {
  url: string
  document: Record<string, unknown>
  ready: Promise<void>
  answer: (path: string) => number | Promise<number>
  close: () => Promise<void>
}

/** Opens an API on loopback: `GET /openapi.json` gives its document, everything under `/books` answers a list. */
export async function openUpstream(document: Record<string, unknown>): Promise<Upstream> {
  const upstream: Upstream = { url: '', document, ready: Promise.resolve(), answer: () => 200, close }
  let asked = 0
  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    response.setHeader('content-type', 'application/json')
    if (request.url === '/openapi.json') {
      if (++asked > 1) await upstream.ready
      return response.end(JSON.stringify({ ...upstream.document, servers: [{ url: upstream.url }] }))
    }
    if (request.url?.startsWith('/books')) {
      response.statusCode = await upstream.answer(request.url)
      return response.end(JSON.stringify([{ id: 'b_1', title: 'Emma' }]))
    }
    return response.writeHead(404).end('{}')
  }
  async function close() {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  upstream.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return upstream
}

const answered = { responses: { 200: { description: 'They are here' } } }

/** A small document: two operations, one of them with a parameter. */
export const books = {
  openapi: '3.1.0',
  info: { title: 'Books', version: '1' },
  paths: {
    '/books': {
      get: {
        summary: 'List books',
        parameters: [{ name: 'author', in: 'query', schema: { type: 'string' } }],
        ...answered,
      },
    },
    '/books/{bookId}': {
      get: {
        summary: 'Get a book',
        parameters: [{ name: 'bookId', in: 'path', required: true, schema: { type: 'string' } }],
        ...answered,
      },
    },
  },
}

/** The same with one operation gone and another new. */
export const fewerBooks = {
  ...books,
  info: { title: 'Books', version: '2' },
  paths: { '/books': books.paths['/books'], '/authors': { get: { summary: 'List authors', ...answered } } },
}

/** A document too large to be read while somebody waits. */
export function library(shelves: number): Record<string, unknown> {
  const description = 'What stands on it, and since when. '.repeat(20)
  const paths = Array.from({ length: shelves }, (_, index) => [
    `/shelves/${index}`,
    { get: { summary: `Look at shelf ${index}`, description, ...answered } },
  ])
  return { openapi: '3.1.0', info: { title: 'Library', version: '1' }, paths: Object.fromEntries(paths) }
}
