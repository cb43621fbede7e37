import type { World } from '../context.ts'
import { AppError, type ProblemCode } from '../errors.ts'
import { shownUrl } from '../platform/address.ts'
import { fetchOutbound, OutboundError, type OutboundResponse } from '../platform/outbound.ts'
import { decodeDocument } from './decode.ts'

/** What a cached copy is revalidated by. */
type Validators = { etag: string | null; lastModified: string | null }

/**
 * Asks the host for a document, or whether `cached` still holds (RFC 9110, section 13.1). `timeoutMs` is for the whole of
 * it. @throws AppError; an answer that says that the host is not well is thrown like a failure (RFC 5861, section 4).
 */
export async function download(
  world: World,
  url: URL,
  cached: Validators | null,
  maxBytes: number,
  timeoutMs: number,
): Promise<OutboundResponse> {
  const headers = new Headers({
    accept: 'application/vnd.oai.openapi+json, application/json, application/yaml, text/yaml, */*;q=0.5',
    'x-request-id': world.requestId,
    ...(cached?.etag ? { 'if-none-match': cached.etag } : {}),
    ...(cached?.lastModified ? { 'if-modified-since': cached.lastModified } : {}),
  })
  const policy = { allowPrivate: world.config.allowPrivateUpstreams, timeoutMs, maxBytes }
  try {
    const response = await fetchOutbound(world.fetch, { url: url.href, headers }, policy)
    const { status } = response
    if (status >= 500 || status === 408 || status === 429) throw answered('SPEC_HOST_ERROR', response)
    return response
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    if (error.reason === 'too_large') {
      const most = world.config.specMaxBytes
      throw tooLarge(shownUrl(url), (error.declaredBytes ?? 0) > most ? most : maxBytes, error)
    }
    const [code, detail] = FAILURES[error.reason]
    const message = detail.replace('{host}', url.host).replace('{s}', String(timeoutMs / 1000))
    throw new AppError(code, `${shownUrl(url)}: ${message}`, { cause: error })
  }
}

const FAILURES: Record<Exclude<OutboundError['reason'], 'too_large'>, [ProblemCode, string]> = {
  dns: ['SPEC_DNS_FAILED', 'the name {host} could not be resolved.'],
  connection_refused: ['SPEC_CONNECTION_REFUSED', '{host} refuses connections.'],
  tls: ['SPEC_TLS_FAILED', 'no secure connection to {host} came about.'],
  reset: ['SPEC_UNREACHABLE', 'the connection broke before the document was there.'],
  unreachable: ['SPEC_UNREACHABLE', '{host} could not be reached: check name, port and certificate.'],
  timeout: ['SPEC_TIMEOUT', 'no answer came within {s} s.'],
  body_timeout: ['SPEC_BODY_TIMEOUT', 'the document was not complete within {s} s.'],
  redirects: ['SPEC_REDIRECT_LOOP', 'redirects lead nowhere, or too far.'],
  encoding: ['SPEC_ENCODING', 'the answer is packed in a way that cannot be unpacked; gzip and br are understood.'],
}

/** What says that the host is down, and nothing of the document. */
export const OUTAGES: ReadonlySet<ProblemCode> = new Set([
  'SPEC_DNS_FAILED',
  'SPEC_CONNECTION_REFUSED',
  'SPEC_TLS_FAILED',
  'SPEC_UNREACHABLE',
  'SPEC_TIMEOUT',
  'SPEC_BODY_TIMEOUT',
  'SPEC_REDIRECT_LOOP',
  'SPEC_HOST_ERROR',
])

/** @throws AppError when the answer is not a document at all. */
export function requireSuccess(response: OutboundResponse): void {
  const { status } = response
  if (status === 404 || status === 410) throw answered('SPEC_NOT_FOUND', response)
  if (status === 401 || status === 403) throw answered('SPEC_UNAUTHORIZED', response)
  if (status < 200 || status > 299) throw answered('SPEC_HOST_ERROR', response)
}

function answered(code: ProblemCode, { url, status }: OutboundResponse): AppError {
  return new AppError(code, `${shownUrl(new URL(url))} answered ${status}.`)
}

/** @throws AppError SPEC_ENCODING, SPEC_IS_HTML */
export function readText({ url, headers, body }: OutboundResponse): string {
  const contentType = headers.get('content-type')
  const text = decodeDocument(body, contentType)
  if (/^\s*text\/html\b/i.test(contentType ?? '') && /^\s*</.test(text))
    throw new AppError(
      'SPEC_IS_HTML',
      `${shownUrl(new URL(url))} answered with a web page, not with an OpenAPI document.`,
    )
  return text
}

/** The problem of a document that crosses the limit. */
export function tooLarge(shown: string, limit: number, cause?: unknown): AppError {
  return new AppError('SPEC_TOO_LARGE', `The document at ${shown} has more than ${limit} bytes.`, {
    extra: { limit },
    cause,
  })
}
