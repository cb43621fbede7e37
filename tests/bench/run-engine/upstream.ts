import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describeUpstream } from './document.ts'
import { BENCH_KEY, clock, SLOW_MS, TRACED, type Trace } from './protocol.ts'

// The API that everybody calls, in a process of its own so that its work is nobody's. An id is a name and a number:
// the answer to `a.3` tells that `a.4` comes next. What starts with `trace` is remembered with its times.
const BODY_BYTES = 1024

const traces = new Map<string, Trace>()
let served = 0

function answer(request: IncomingMessage, response: ServerResponse, arrived: number): void {
  const [, kind = '', id = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  if (kind === 'openapi.json') return send(response, JSON.stringify(describeUpstream(`http://${request.headers.host}`)))
  if (kind === '__trace') {
    const trace = traces.get(id) ?? null
    return send(response, JSON.stringify(trace))
  }
  if (kind === '__served') return send(response, JSON.stringify({ served }))
  if (request.headers['x-bench-key'] !== BENCH_KEY) return send(response, '{"error":"no key"}', 401)
  served += 1
  const finish = () => {
    if (id.startsWith(TRACED)) traces.set(id, { arrived: traces.get(id)?.arrived ?? arrived, answered: clock() })
    send(response, bodyOf(id))
  }
  if (kind === 'slow') setTimeout(finish, SLOW_MS)
  else finish()
}

function bodyOf(id: string): string {
  const dot = id.lastIndexOf('.')
  const next = `${id.slice(0, dot)}.${Number(id.slice(dot + 1)) + 1}`
  const text = JSON.stringify({ id, next, note: '' })
  return `${text.slice(0, -2)}${'x'.repeat(BODY_BYTES - text.length)}"}`
}

function send(response: ServerResponse, text: string, status = 200): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text)
}

const server = createServer((request, response) => {
  const arrived = clock()
  if (request.method === 'GET') return answer(request, response, arrived)
  request.resume().once('end', () => answer(request, response, arrived))
})
// A connection that is kept must not be closed under the hands of who is about to use it.
server.keepAliveTimeout = 600_000
server.listen(0, '127.0.0.1', () => console.log(`upstream listening on ${(server.address() as AddressInfo).port}`))
