import type { IncomingMessage, ServerResponse } from 'node:http'
import { importJWK, jwtVerify, type JWK } from 'jose'

/** What a token server was told to do next, and what it was asked. */
type State = {
  behaviour: string
  jwk: JWK | null
  requests: Record<string, string>[]
  issued: Set<string>
  claims: unknown
}

const states = new Map<string, State>()

/**
 * A token endpoint that behaves as it is told, with an API that takes its tokens: `/token-servers/<id>/token` and
 * `/token-servers/<id>/api/things`. `PUT /token-servers/<id>` sets the behaviour (and the key that assertions must be
 * signed with), `GET` tells what came. `/token-servers/<id>` is an issuer with a discovery document.
 */
export async function answerAsTokenServer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, host } = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const [, , id = '', place = ''] = pathname.split('/')
  let state = states.get(id)
  if (!state)
    states.set(id, (state = { behaviour: 'bearer', jwk: null, requests: [], issued: new Set(), claims: null }))
  const text = await readText(request)
  if (place === 'token')
    return answerToken(state, `http://${host}${pathname}`, new URLSearchParams(text), request, response)
  if (place === '.well-known') {
    const issuer = `http://${host}/token-servers/${id}`
    return json(response, 200, {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
    })
  }
  if (place === 'api') return answerThings(state, request, response)
  if (request.method === 'PUT') Object.assign(state, JSON.parse(text))
  json(response, 200, { requests: state.requests, claims: state.claims })
}

async function answerToken(
  state: State,
  url: string,
  form: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  state.requests.push({ ...Object.fromEntries(form), authorization: request.headers.authorization ?? '' })
  const [behaviour = '', detail = ''] = state.behaviour.split(':')
  if (behaviour === 'silent') return
  if (behaviour === 'html') return void response.setHeader('content-type', 'text/html').end('<h1>Sign in</h1>')
  if (behaviour === 'huge')
    return void response.setHeader('content-type', 'application/json').end(Buffer.alloc(3_000_000, 0x20))
  if (behaviour === 'empty') return json(response, 200, {})
  if (behaviour === 'status') return void response.writeHead(Number(detail)).end('no')
  if (behaviour === 'redirect') return void response.writeHead(302, { location: detail }).end()
  if (behaviour === 'error') return json(response, 400, { error: detail, error_description: 'marked description' })
  if (behaviour === 'error-200') return json(response, 200, { ok: false, error: detail })
  if (behaviour === 'assertion' && !(await verifies(state, url, form.get('assertion') ?? '')))
    return json(response, 400, { error: 'invalid_grant' })
  const token = `issued-${crypto.randomUUID()}`
  state.issued.add(token)
  if (behaviour === 'form') {
    const body = new URLSearchParams({ access_token: token, token_type: 'bearer', scope: 'a,b' })
    return void response.setHeader('content-type', 'application/x-www-form-urlencoded').end(String(body))
  }
  if (behaviour === 'odd')
    return json(response, 200, {
      ok: true,
      access_token: token,
      token_type: 'bot',
      refresh_token: null,
      expires_in: '3600',
    })
  if (behaviour === 'deaf') state.issued.clear()
  json(response, 200, { access_token: token, token_type: 'Bearer', expires_in: 3600 })
}

async function verifies(state: State, audience: string, assertion: string): Promise<boolean> {
  try {
    const key = await importJWK(state.jwk ?? {}, 'RS256')
    const { payload, protectedHeader } = await jwtVerify(assertion, key, {
      audience,
      requiredClaims: ['iss', 'exp', 'iat', 'jti'],
    })
    state.claims = { ...payload, kid: protectedHeader.kid }
    return true
  } catch {
    return false
  }
}

function answerThings(state: State, request: IncomingMessage, response: ServerResponse): void {
  const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
  if (state.issued.has(token)) return json(response, 200, { youSent: request.headers.authorization })
  json(response, 401, { error: 'who are you' })
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
