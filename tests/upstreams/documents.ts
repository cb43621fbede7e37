import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A shelf of documents that tests put there: `PUT /documents/name` keeps what it is sent, `GET` hands it out with an ETag. */
export function createShelf(): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const shelf = new Map<string, { body: Buffer; type: string; etag: string }>()
  return async function serve(request, response) {
    const name = request.url ?? ''
    if (request.method === 'PUT') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const body = Buffer.concat(chunks)
      const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
      shelf.set(name, { body, type: request.headers['content-type'] ?? 'application/json', etag })
      return void response.writeHead(204).end()
    }
    const found = shelf.get(name)
    if (!found) return void response.writeHead(404).end()
    if (request.headers['if-none-match'] === found.etag) return void response.writeHead(304, { etag: found.etag }).end()
    response.writeHead(200, { 'content-type': found.type, etag: found.etag }).end(found.body)
  }
}
