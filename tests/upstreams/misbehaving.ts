import type { IncomingMessage, ServerResponse } from 'node:http'

const HTML = '<!doctype html><html><head><title>Docs</title></head><body>Please sign in</body></html>'

const MINIMAL = {
  openapi: '3.1.0',
  info: { title: 'Small', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  paths: { '/things': { get: { operationId: 'listThings', responses: { 200: { description: 'Things' } } } } },
}

const seen = new Set<string>()

function seenBefore(kind: string): boolean {
  return seen.has(kind) || !seen.add(kind)
}

/** Answers wrongly, in the way the path says: `/broken/html`, `/broken/status/500`, `/broken/redirect-loop` … */
export function misbehave(request: IncomingMessage, response: ServerResponse): void {
  const [, , kind = '', detail = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? []
  const send = (type: string, body: string | Buffer) => void response.setHeader('content-type', type).end(body)
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
    case 'huge':
      return send('application/json', Buffer.alloc(Number(detail), 0x20))
    case 'minimal':
      return send('application/json', JSON.stringify(MINIMAL))
    case 'echo':
      return send('application/json', JSON.stringify({ ...request.headers, ':path': request.url }))
    default:
      if (kind.startsWith('heals-'))
        return seenBefore(kind) ? send('application/json', JSON.stringify(MINIMAL)) : send('text/html', HTML)
      if (kind.startsWith('once-'))
        return seenBefore(kind) ? void response.writeHead(500).end() : send('application/json', JSON.stringify(MINIMAL))
      response.writeHead(404).end()
  }
}
