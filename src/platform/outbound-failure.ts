import { connect } from 'cloudflare:sockets'
import type { AnswerHeaders } from './answer-headers.ts'

/** Why a call did not come back with an answer. */
export type OutboundReason =
  /** The host name has no address. */
  | 'dns'
  /** Nothing listens at that host and port. */
  | 'connection_refused'
  /** No secure connection: the certificate, its name or the handshake. */
  | 'tls'
  /** The connection broke, or what came over it was no HTTP. */
  | 'reset'
  /** Not reached, and the runtime does not say why: name, port or certificate. */
  | 'unreachable'
  /** No status and headers within the deadline. */
  | 'timeout'
  /** Headers came in time, the whole body did not. */
  | 'body_timeout'
  | 'too_large'
  /** Too many redirects, or one that cannot be followed. */
  | 'redirects'
  /** A content coding that was not asked for, or that does not unpack. */
  | 'encoding'

/** A call that did not come back with an answer. The message is fit to be shown and names no more than host and limit. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError'
  readonly reason: OutboundReason
  /** Of an answer that is too large: how many bytes it said it has, if it did. */
  readonly declaredBytes: number | null

  constructor(reason: OutboundReason, message: string, cause?: unknown, declaredBytes: number | null = null) {
    super(message, cause === undefined ? undefined : { cause })
    this.reason = reason
    this.declaredBytes = declaredBytes
  }

  /** Whether a deadline cut it off, before the headers or in the body. */
  get timedOut(): boolean {
    return this.reason === 'timeout' || this.reason === 'body_timeout'
  }
}

const MESSAGES = {
  dns: 'the name of {host} could not be resolved',
  connection_refused: '{host} refuses connections',
  tls: 'no secure connection to {host} came about',
  reset: '{host} closed the connection',
  unreachable: '{host} could not be reached',
  timeout: '{host} did not answer in time',
} as const

function failed(reason: keyof typeof MESSAGES, url: URL, cause?: unknown): OutboundError {
  return new OutboundError(reason, MESSAGES[reason].replace('{host}', url.host), cause)
}

const PROBE_MS = 1000

/**
 * What a `fetch` that threw before any headers came to. On Cloudflare's network failures come as answers (see
 * `edgeFailure`) and a throw says nothing more. The runtime on one's own machine throws in two ways only: "internal
 * error" for a name that does not resolve and for TLS, and an error with `retryable` for a connection that was refused
 * or broke. Whether the port opens tells the two of each apart, so there, and only there, it is knocked at; nothing is
 * sent.
 */
export async function explainThrown(url: URL, error: unknown, local: boolean): Promise<OutboundError> {
  if (!local || !(error instanceof Error)) return failed('unreachable', url, error)
  const { retryable, remote } = error as { retryable?: boolean; remote?: boolean }
  if (retryable) return failed((await opens(url)) ? 'reset' : 'connection_refused', url, error)
  if (!remote) return failed('unreachable', url, error)
  if (url.protocol === 'http:') return failed('dns', url, error)
  return failed((await opens(url)) ? 'tls' : 'dns', url, error)
}

async function opens(url: URL): Promise<boolean> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  try {
    const socket = connect({ hostname: url.hostname, port })
    socket.closed.catch(() => {})
    const opened = await Promise.race([socket.opened.then(() => true), scheduler.wait(PROBE_MS).then(() => false)])
    socket.close().catch(() => {})
    return opened
  } catch {
    return false
  }
}

const EDGE_STATUS: Record<number, keyof typeof MESSAGES> = {
  520: 'reset',
  521: 'connection_refused',
  522: 'timeout',
  523: 'connection_refused',
  524: 'timeout',
  525: 'tls',
  526: 'tls',
}
// Errors of the 1xxx series that come as 530: the name resolves to nothing, or the tunnel behind it is down.
const EDGE_530: Record<string, keyof typeof MESSAGES> = {
  1001: 'dns',
  1016: 'dns',
  1033: 'connection_refused',
}

/**
 * The failure that an answer stands for, or null when it is the host's own. In production Cloudflare's edge makes the
 * connection for a Worker and puts an error page in place of what it could not get: 521 refused, 522 and 524 too slow,
 * 523 no route, 525 and 526 TLS, 530 with error 1016 for DNS. Such a page has `server: cloudflare`, a `cf-ray` and the
 * number of the error in its body, be it plain text, HTML or JSON; a host that merely uses one of these statuses has not.
 */
export function edgeFailure(url: URL, answer: { status: number; headers: AnswerHeaders; body: Uint8Array }) {
  const { status, headers, body } = answer
  if (status < 520 || status > 530) return null
  if (headers.get('server')?.toLowerCase() !== 'cloudflare' || !headers.has('cf-ray')) return null
  const text = new TextDecoder().decode(body.subarray(0, 20_000))
  const number = /error[ _]code"?:?\s*(\d{3,4})/i.exec(text)?.[1] ?? ''
  const reason = status === 530 ? EDGE_530[number] : number === String(status) ? EDGE_STATUS[status] : undefined
  return reason === undefined ? null : failed(reason, url)
}
