import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import type { StopSignal } from '../lib/stop.ts'
import type { AnswerHeaders } from '../platform/answer-headers.ts'
import { fetchOutbound, type OutboundPolicy, type OutboundResponse } from '../platform/outbound.ts'
import { isInQuery, type OpenCredential, putCredential, secretForms } from './credentials/credential.ts'
import { openCredential, replaceToken } from './credentials/tokens.ts'
import { sendInTurn } from './traffic/traffic.ts'
import type { Upstream } from './upstream.ts'

/** A request before the credential is put in: safe to show, log and store. */
export type UpstreamRequest = { method: string; url: string; headers: Record<string, string>; body: string | null }

/** An answer after the credential is taken out: safe to show, log and store. */
export type UpstreamResponse = { status: number; headers: Record<string, string>; body: unknown }

const POLICY: Omit<OutboundPolicy, 'allowPrivate'> = { timeoutMs: 30_000, maxBytes: 10_000_000 }
/** What stands in an answer where it quoted a secret. */
export const STRUCK_OUT = '•••'

/**
 * Sends a request to a connected API. This is the one place where a credential is put in: just before the request
 * leaves, only towards the connection's own origins, and struck out of whatever comes back. A token that the API
 * refuses is renewed and the request sent once more: a 401 says that nothing was done.
 * @throws AppError ADDRESS_REFUSED, NEEDS_RECONNECT, OAUTH_FAILED, UPSTREAM_BUSY; OutboundError.
 */
export async function callUpstream(
  world: World,
  upstream: Upstream,
  request: UpstreamRequest,
  signal?: StopSignal,
): Promise<UpstreamResponse> {
  const url = new URL(request.url)
  const { origin } = url
  if (origin !== originOf(upstream) && !upstream.origins.includes(origin))
    throw new AppError(
      'ADDRESS_REFUSED',
      `${origin} is not among the hosts that this API was connected for. Connect it again to call operations there.`,
    )
  const credential = await openCredential(world, upstream)
  const response = await send(world, upstream, request, url, credential, signal)
  if (response.status !== 401) return show(response, secretForms(upstream.auth, credential))
  const another = await replaceToken(world, upstream, credential)
  if (another === null) return show(response, secretForms(upstream.auth, credential))
  const again = await send(world, upstream, request, new URL(request.url), another, signal)
  return show(again, [...secretForms(upstream.auth, another), ...secretForms(upstream.auth, credential)])
}

async function send(
  world: World,
  upstream: Upstream,
  request: UpstreamRequest,
  url: URL,
  credential: OpenCredential,
  signal?: StopSignal,
): Promise<OutboundResponse> {
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(request.headers)) headers.set(name.toLowerCase(), value)
  const secret = putCredential(upstream.auth, credential, url, headers)
  const leave = () =>
    fetchOutbound(
      world.fetch,
      { url, method: request.method, headers, body: request.body, secret },
      // A credential in the query would travel with a redirect, so such a call follows none.
      {
        ...POLICY,
        allowPrivate: world.config.allowPrivateUpstreams,
        setAlarm: world.setAlarm,
        spare: world.spareControllers,
        wantsText: true,
        ...(isInQuery(upstream.auth) ? { maxRedirects: 0 } : {}),
      },
      signal,
    )
  return sendInTurn(world, upstream.id, url.host, leave, signal)
}

const origins = new WeakMap<Upstream, string>()

function originOf(upstream: Upstream): string {
  let origin = origins.get(upstream)
  if (origin === undefined) origins.set(upstream, (origin = new URL(upstream.baseUrl).origin))
  return origin
}

const decoder = new TextDecoder()

/** An answer without the secrets that it quotes. */
function show(response: OutboundResponse, marks: readonly string[]): UpstreamResponse {
  const strike = (text: string) =>
    marks.reduce((struck, mark) => (struck.includes(mark) ? struck.replaceAll(mark, STRUCK_OUT) : struck), text)
  const text = response.text ?? decoder.decode(response.body)
  // After parsing: JSON may write the same characters in several ways.
  const parsed = parseBody(text, response.headers.get('content-type'))
  // A text without a backslash says what it means: what is not in it is not in what it parses to.
  const clean = !text.includes('\\') && !marks.some((mark) => text.includes(mark))
  const body = clean ? parsed : strikeOut(parsed, strike)
  return {
    status: response.status,
    headers: showHeaders(response.headers, strike),
    body,
  }
}

function showHeaders(headers: AnswerHeaders, strike: (text: string) => string): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of headers) if (name !== 'set-cookie') shown[name] = strike(value)
  return shown
}

/** Strikes every text of a value, names included. */
function strikeOut(value: unknown, strike: (text: string) => string): unknown {
  if (typeof value === 'string') return strike(value)
  if (Array.isArray(value)) return value.map((item) => strikeOut(item, strike))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [strike(name), strikeOut(inner, strike)]))
}

function parseBody(text: string, contentType: string | null): unknown {
  if (text === '') return null
  if (!/\bjson\b/i.test(contentType ?? '')) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
