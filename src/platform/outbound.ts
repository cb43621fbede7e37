import { AppError } from '../errors.ts'
import { isPrivateHost } from './address.ts'
import type { StopSignal } from '../lib/stop.ts'
import { AnswerHeaders } from './answer-headers.ts'
import { startDeadline, type SetAlarm } from './deadline.ts'
import { brokenBody, readBody, readJsonText } from './outbound-body.ts'
import { edgeFailure, explainThrown, OutboundError } from './outbound-failure.ts'

export { OutboundError } from './outbound-failure.ts'

/** How far one outgoing call may go. */
export type OutboundPolicy = {
  /** Loopback and private addresses, and plain http, are allowed. Development only. */
  allowPrivate: boolean
  /** Until the whole body is read, over all redirects, in milliseconds. */
  timeoutMs: number
  /** Until status and headers of the last answer are there, in milliseconds; connecting counts. `timeoutMs` if left out. */
  headersMs?: number
  /** Of the body, counted after its content coding is taken off. */
  maxBytes: number
  maxRedirects?: number
  /** The body is wanted as text: what is UTF-8 for sure is read as such at once. */
  wantsText?: boolean
  /** For whoever makes many calls; a timer for each if left out. */
  setAlarm?: SetAlarm
  /** Controllers of calls that are over and were not aborted, for the next ones; one for each call if left out. */
  spare?: AbortController[]
}

/** A request to go out. Names of headers are in small letters; `secret` names those that only the first origin may see. */
export type OutboundRequest = {
  url: string | URL
  method?: string
  headers?: Iterable<[string, string]>
  body?: BodyInit | null
  secret?: readonly string[]
}

/** An upstream's answer, read to its end: as text where that was wanted and could be, else as bytes. */
export type OutboundResponse = {
  url: string
  status: number
  headers: AnswerHeaders
  body: Uint8Array<ArrayBuffer>
  text: string | null
}

const PUBLIC_PORTS = new Set(['', '80', '443', '8080', '8443'])
const ALWAYS_SECRET = ['authorization', 'cookie', 'proxy-authorization']
const BODY_HEADERS = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type']

/**
 * The URL, if APIQ may call it.
 * @throws AppError ADDRESS_REFUSED saying what about it is not allowed.
 */
export function checkUrl(input: string | URL, allowPrivate: boolean): URL {
  const url = input instanceof URL ? input : URL.parse(input)
  const refuse = (why: string) => new AppError('ADDRESS_REFUSED', `The URL is not called: ${why}.`)
  if (!url) throw refuse('it is not a valid absolute URL')
  if (url.username !== '' || url.password !== '') throw refuse('it carries a user name or password')
  if (allowPrivate && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  if (url.protocol !== 'https:') throw refuse('only https is allowed')
  if (!PUBLIC_PORTS.has(url.port)) throw refuse(`port ${url.port} is not allowed`)
  if (isPrivateHost(url.hostname)) throw refuse('its host is private or local')
  return url
}

/**
 * The only door out: every URL that a person or a document gives is fetched here. Redirects are followed by hand as the
 * Fetch standard says (section 4.4), each hop checked like the first. When the origin changes, `secret`, Authorization
 * and Cookie are dropped for good, and a body is not sent on. Secrets in the query are the caller's affair: pass
 * `maxRedirects: 0`.
 * @throws AppError ADDRESS_REFUSED, OutboundError; what `signal` was aborted with.
 */
export async function fetchOutbound(
  fetcher: typeof fetch,
  request: OutboundRequest,
  policy: OutboundPolicy,
  signal?: StopSignal,
): Promise<OutboundResponse> {
  const first = checkUrl(request.url, policy.allowPrivate)
  const { setAlarm, spare } = policy
  const controller = spare?.pop() ?? new AbortController()
  const headers = policy.headersMs === undefined ? null : startDeadline(policy.headersMs, [], setAlarm)
  const whole = startDeadline(policy.timeoutMs, [headers?.signal, signal], setAlarm, controller)
  let phase: 'timeout' | 'body_timeout' = 'timeout'
  try {
    const { url, response } = await follow(fetcher, first, request, policy, whole.signal)
    headers?.clear()
    phase = 'body_timeout'
    const received = new AnswerHeaders(response.headers)
    const text = policy.wantsText ? await readJsonText(response, received, policy.maxBytes) : null
    const body =
      text === null ? await readBody(response, received, request.method ?? 'GET', policy.maxBytes) : new Uint8Array()
    const answer = { url: url.href, status: response.status, headers: received, body, text }
    const failure = edgeFailure(url, answer)
    if (failure) throw failure
    return answer
  } catch (error) {
    if (error instanceof AppError || error instanceof OutboundError) throw error
    if (signal?.aborted) throw error
    if (!whole.signal.aborted) throw brokenBody(first, error)
    const ms = whole.isUp ? policy.timeoutMs : (policy.headersMs ?? policy.timeoutMs)
    const what = phase === 'timeout' ? 'no answer' : 'no complete answer'
    throw new OutboundError(phase, `${what} within ${ms} ms`, error)
  } finally {
    headers?.clear()
    whole.clear()
    if (!controller.signal.aborted) spare?.push(controller)
  }
}

/** The first answer that is no redirect, its body not read yet, and where it came from. */
async function follow(
  fetcher: typeof fetch,
  first: URL,
  request: OutboundRequest,
  policy: OutboundPolicy,
  signal: AbortSignal,
): Promise<{ url: URL; response: Response }> {
  const headers = Object.fromEntries(request.headers ?? [])
  headers['accept-encoding'] ??= 'gzip, br'
  let url = first
  let method = request.method ?? 'GET'
  let body = request.body ?? null
  for (let hop = 0; ; hop++) {
    let response: Response
    try {
      response = await fetcher(url, { method, headers, body, redirect: 'manual', signal })
    } catch (error) {
      throw signal.aborted ? error : await explainThrown(url, error, policy.allowPrivate)
    }
    const location = isRedirect(response.status) ? response.headers.get('location') : null
    if (location === null) return { url, response }
    await response.body?.cancel()
    if (hop >= (policy.maxRedirects ?? 5)) throw new OutboundError('redirects', `more than ${hop} redirects`)
    const next = nextHop(location, url, policy.allowPrivate)
    if (turnsToGet(response.status, method)) {
      method = 'GET'
      body = null
      for (const name of BODY_HEADERS) delete headers[name]
    }
    if (next.origin !== url.origin) {
      for (const name of [...ALWAYS_SECRET, ...(request.secret ?? [])]) delete headers[name.toLowerCase()]
      if (body !== null) throw new OutboundError('redirects', 'the answer sends the request’s body to another host')
    }
    if (body instanceof ReadableStream) throw new OutboundError('redirects', 'a streamed body cannot be sent again')
    url = next
  }
}

function nextHop(location: string, from: URL, allowPrivate: boolean): URL {
  const url = URL.parse(location, from)
  if (!url) throw new OutboundError('redirects', `${from.host} redirects to what is not a URL`)
  try {
    return checkUrl(url, allowPrivate)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new AppError(error.code, `${from.host} redirects, and that is not followed. ${error.message}`)
  }
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

function turnsToGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD'
  return (status === 301 || status === 302) && method === 'POST'
}
