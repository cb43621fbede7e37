import { AppError } from '../errors.ts'
import { isPrivateHost } from './address.ts'

/** How far one outgoing call may go. */
export type OutboundPolicy = {
  /** Loopback and private addresses, and plain http, are allowed. Development only. */
  allowPrivate: boolean
  /** Until the response headers are there and the whole body is read, in milliseconds. */
  timeoutMs: number
  maxBytes: number
  maxRedirects?: number
}

/** An upstream's answer, read to its end. */
export type OutboundResponse = { url: string; status: number; headers: Headers; body: Uint8Array<ArrayBuffer> }

/** Why a call did not come back with an answer; `refused` means that it never left. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly reason: 'refused' | 'timeout' | 'unreachable' | 'too_large' | 'redirects'

  constructor(reason: OutboundError['reason'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
  }
}

const PUBLIC_PORTS = new Set(['', '80', '443', '8080', '8443'])

/**
 * The URL, if APIQ may call it.
 * @throws AppError ADDRESS_REFUSED saying what about it is not allowed.
 */
export function checkUrl(input: string | URL, allowPrivate: boolean): URL {
  const url = URL.parse(input)
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
 * The only door out: every URL that a person or a document gives is fetched here. Redirects are followed by hand, each
 * hop checked like the first; headers in `secret` are dropped when the origin changes.
 * @throws AppError ADDRESS_REFUSED, OutboundError.
 */
export async function fetchOutbound(
  fetcher: typeof fetch,
  request: { url: string; method?: string; headers?: Headers; body?: BodyInit | null; secret?: readonly string[] },
  policy: OutboundPolicy,
  signal?: AbortSignal,
): Promise<OutboundResponse> {
  const deadline = AbortSignal.timeout(policy.timeoutMs)
  const stop = signal ? AbortSignal.any([signal, deadline]) : deadline
  const headers = new Headers(request.headers)
  let url = checkUrl(request.url, policy.allowPrivate)
  let method = request.method ?? 'GET'
  let body = request.body ?? null
  try {
    for (let hop = 0; ; hop++) {
      const response = await fetcher(url, { method, headers, body, redirect: 'manual', signal: stop })
      const location = isRedirect(response.status) ? response.headers.get('location') : null
      if (location === null) return await readResponse(url, response, policy.maxBytes)
      await response.body?.cancel()
      if (hop >= (policy.maxRedirects ?? 5)) throw new OutboundError('redirects', `more than ${hop} redirects`)
      const next = checkUrl(new URL(location, url), policy.allowPrivate)
      if (next.origin !== url.origin) for (const name of request.secret ?? []) headers.delete(name)
      if (response.status === 303 || (response.status < 303 && method === 'POST')) {
        method = 'GET'
        body = null
        headers.delete('content-type')
      }
      url = next
    }
  } catch (error) {
    if (error instanceof AppError || error instanceof OutboundError) throw error
    if (signal?.aborted) throw error
    if (deadline.aborted) throw new OutboundError('timeout', `no complete answer within ${policy.timeoutMs} ms`, error)
    throw new OutboundError('unreachable', `${url.host} could not be reached`, error)
  }
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

async function readResponse(url: URL, response: Response, maxBytes: number): Promise<OutboundResponse> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new OutboundError('too_large', `the answer is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const body = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.byteLength
  }
  return { url: url.href, status: response.status, headers: response.headers, body }
}
