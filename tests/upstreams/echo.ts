import type { IncomingMessage, ServerResponse } from 'node:http'

type State = { tokens: string[]; refreshToken: string | null; seen: string[] }

const states = new Map<string, State>()

/**
 * An API without manners: it tells every caller what the caller sent. `PUT /echo/<id>` says which tokens its token
 * endpoint gives out; `GET /echo/<id>/seen` tells what came.
 *
 * `mirror` answers with the request, `refuse` with 500 and the request in its headers and body, `away` redirects to
 * another origin of the same server (`localhost` for `127.0.0.1`) with the query kept, where `mirror` waits.
 */
export async function answerAsEcho(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const [, , id = '', place = ''] = url.pathname.split('/')
  const state = states.get(id) ?? { tokens: [], refreshToken: null, seen: [] }
  states.set(id, state)
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const json = (status: number, value: unknown, headers: Record<string, string> = {}) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  if (request.method === 'PUT') return (Object.assign(state, JSON.parse(body)), void response.writeHead(204).end())
  if (place === 'seen') return json(200, state.seen)
  if (place === 'openapi.json') return json(200, documentOf(`http://${url.host}/echo/${id}`))
  if (place === 'token') {
    state.seen.push(`${place} ${request.headers.authorization ?? ''} ${body}`)
    const access_token = (state.tokens.length > 1 ? state.tokens.shift() : state.tokens[0]) ?? 'none'
    const refresh = state.refreshToken === null ? {} : { refresh_token: state.refreshToken }
    return json(200, { access_token, token_type: 'bearer', expires_in: 3600, ...refresh })
  }
  const sent = { method: request.method, url: request.url, headers: request.headers, body }
  state.seen.push(`${url.hostname} ${place} ${JSON.stringify(sent)}`)
  if (place === 'away')
    return void response
      .writeHead(307, { location: `http://localhost:${url.port}/echo/${id}/mirror${url.search}` })
      .end(JSON.stringify(sent))
  const told = Object.entries(request.headers).map(([name, value]) => [`x-echo-${name}`, String(value)] as const)
  const status = place === 'refuse' ? 500 : place === 'unauthorized' ? 401 : 200
  const headers = { ...Object.fromEntries(told), 'x-echo-url': request.url ?? '' }
  json(status, { ...sent, message: `I was sent ${JSON.stringify(sent)}` }, headers)
}

function documentOf(url: string) {
  const operation = (name: string) => ({
    operationId: `${name}Everything`,
    summary: `${name} everything`,
    parameters: [{ name: 'note', in: 'query', schema: { type: 'string' } }],
    responses: { 200: { description: 'The request', content: { 'application/json': { schema: { type: 'object' } } } } },
  })
  const names = ['mirror', 'refuse', 'unauthorized', 'away']
  return {
    openapi: '3.1.0',
    info: { title: 'Echo', version: '1' },
    servers: [{ url }],
    paths: Object.fromEntries(names.map((name) => [`/${name}`, { get: operation(name), post: operation(name) }])),
  }
}
