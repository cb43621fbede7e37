import type { IncomingMessage, ServerResponse } from 'node:http'
import { createBrotliCompress, createGzip, deflateSync, gzipSync, type Gzip } from 'node:zlib'
import { answerAsScripted } from './scripted.ts'

const HTML = '<!doctype html><html><head><title>Docs</title></head><body>Please sign in</body></html>'

const MINIMAL = {
  openapi: '3.1.0',
  info: { title: 'Small', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  paths: { '/things': { get: { operationId: 'listThings', responses: { 200: { description: 'Things' } } } } },
}

const NAMED = (title: string) => JSON.stringify({ ...MINIMAL, info: { title, version: '1' } })

// Nine lists of nine aliases each: a billion words out of a kilobyte.
const YAML_BOMB = `openapi: 3.1.0
info: { title: Bomb, version: "1" }
a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]
${Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`).join('\n')}
paths: { x-bomb: *a9 }
`

const BOMB_BYTES = 200_000_000
const BLANKS = Buffer.alloc(1_000_000, 0x20)

/** Writes blanks until there are so many, or nobody reads any more. */
function pour(to: ServerResponse | Gzip, bytes: number): void {
  let left = bytes
  const more = () => {
    while (left > 0 && !to.destroyed) {
      left -= BLANKS.length
      if (!to.write(BLANKS)) return void to.once('drain', more)
    }
    to.end()
  }
  to.on('error', () => {})
  more()
}

function bomb(response: ServerResponse, coding: string, packer: Gzip): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding })
  response.on('close', () => packer.destroy())
  packer.pipe(response)
  pour(packer, BOMB_BYTES)
}

const seen = new Set<string>()

function seenBefore(kind: string): boolean {
  return seen.has(kind) || !seen.add(kind)
}

/** Answers wrongly, in the way the path says: `/broken/html`, `/broken/status/500`, `/broken/redirect-loop` … */
export function misbehave(request: IncomingMessage, response: ServerResponse): void {
  const [, , kind = '', detail = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  const send = (type: string, body: string | Buffer) => void response.setHeader('content-type', type).end(body)
  const packed = (coding: string, body: Buffer) =>
    void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding }).end(body)
  switch (kind) {
    case 'html':
      return send('text/html', HTML)
    case 'html-as-json':
      return send('application/json', HTML)
    case 'empty':
      return send('application/json', '')
    case 'truncated':
      return send('application/json', JSON.stringify(MINIMAL).slice(0, 60))
    case 'not-openapi':
      return send('application/json', JSON.stringify({ hello: 'world' }))
    case 'bad-yaml':
      return send('application/yaml', 'openapi: 3.1.0\ninfo:\n  title: [unclosed\n')
    case 'status':
      return void response.writeHead(Number(detail)).end('no')
    case 'redirect-loop':
      return void response.writeHead(302, { location: request.url }).end()
    case 'redirect-to':
      return void response
        .writeHead(302, { location: new URL(request.url ?? '', 'http://x').searchParams.get('url') ?? '' })
        .end()
    case 'reset':
      return void request.socket.resetAndDestroy()
    case 'not-http':
      return void request.socket.end('hello\r\n\r\n')
    case 'huge':
      return send('application/json', Buffer.alloc(Number(detail), 0x20))
    case 'endless':
      return pour(response.setHeader('content-type', 'application/json'), Infinity)
    case 'slow-headers':
      return
    case 'slow-body':
      return void response.setHeader('content-type', 'application/json').write('{')
    case 'cut-body':
      response.writeHead(200, { 'content-length': '1000' }).write('{"openapi":', () => request.socket.resetAndDestroy())
      return
    case 'gzip-bomb':
      return bomb(response, 'gzip', createGzip())
    case 'br-bomb':
      return bomb(response, 'br', createBrotliCompress({ params: { 1: 4 } }))
    case 'gzip':
      return packed('gzip', gzipSync(JSON.stringify(MINIMAL)))
    case 'bad-gzip':
      return packed('gzip', Buffer.from(JSON.stringify(MINIMAL)))
    case 'cut-gzip':
      return packed('gzip', gzipSync(JSON.stringify(MINIMAL)).subarray(0, 60))
    case 'deflate':
      return packed('deflate', deflateSync(JSON.stringify(MINIMAL)))
    case 'wrong-charset':
      return send('application/json; charset=utf-8', Buffer.from(NAMED('Größe'), 'latin1'))
    case 'latin1':
      return send('application/json; charset=iso-8859-1', Buffer.from(NAMED('Größe'), 'latin1'))
    case 'bom':
      return send('application/json', `\uFEFF${NAMED('Größe')}`)
    case 'utf-16':
      return send('application/json', Buffer.from(`\uFEFF${NAMED('Größe')}`, 'utf16le'))
    case 'yaml-bomb':
      return send('application/yaml', YAML_BOMB)
    case 'scripted':
      return void answerAsScripted(request, response)
    case 'minimal':
      return send('application/json', JSON.stringify(MINIMAL))
    case 'echo':
      return send(
        'application/json',
        JSON.stringify({ ...request.headers, ':path': request.url, ':quoted': encodeURIComponent(request.url ?? '') }),
      )
    default:
      if (kind.startsWith('heals-'))
        return seenBefore(kind) ? send('application/json', JSON.stringify(MINIMAL)) : send('text/html', HTML)
      if (kind.startsWith('once-'))
        return seenBefore(kind) ? void response.writeHead(500).end() : send('application/json', JSON.stringify(MINIMAL))
      response.writeHead(404).end()
  }
}
