import type { World } from '../context.ts'
import { AppError, type ProblemCode } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { fetchOutbound, OutboundError, type OutboundResponse } from '../platform/outbound.ts'

const TIMEOUT_MS = 10_000

/** The text of a specification, where it was found and when. */
export type FetchedSpec = {
  text: string
  bytes: number
  /** Puts it into the cache; to be called once the document has proved usable, so that a bad one is not kept for a day. */
  keep: () => Promise<void>
}

type CacheEntry = { url: string; etag: string | null; fetchedAt: number; bytes: number }

/**
 * Fetches a specification by its URL, through the cache: fresh copies are used as they are, stale ones revalidated by
 * their ETag (RFC 9110, section 13.1.2). Cached bodies are gzip in KV under `spec:<SHA-256 of the URL>`.
 * @throws AppError ADDRESS_REFUSED and the SPEC_… codes.
 */
export async function fetchSpec(world: World, url: string): Promise<FetchedSpec> {
  const key = `spec:${await sha256(url)}`
  const cached = await world.env.SPEC_CACHE.getWithMetadata<CacheEntry>(key, 'arrayBuffer')
  const entry = cached.value && cached.metadata ? { body: cached.value, ...cached.metadata } : null
  const age = entry ? world.now() - entry.fetchedAt : Infinity
  if (entry && age < world.config.specCacheTtlMs) {
    world.log.info('spec cache hit', { url, ageMs: age })
    return { text: await gunzip(entry.body), bytes: entry.bytes, keep: async () => {} }
  }
  const response = await download(world, url, entry?.etag ?? null)
  const fetchedAt = world.now()
  if (response.status === 304 && entry) {
    const { body, etag, bytes } = entry
    world.log.info('spec revalidated', { url })
    return { text: await gunzip(body), bytes, keep: () => store(world, key, { url, etag, fetchedAt, bytes }, body) }
  }
  const text = readText(world, response)
  const bytes = response.body.byteLength
  const etag = response.headers.get('etag')
  const keep = async () => store(world, key, { url, etag, fetchedAt, bytes }, await gzip(response.body))
  return { text, bytes, keep }
}

async function download(world: World, url: string, etag: string | null): Promise<OutboundResponse> {
  const headers = new Headers({
    accept: 'application/vnd.oai.openapi+json, application/json, application/yaml, text/yaml, */*;q=0.5',
    'x-request-id': world.requestId,
    ...(etag ? { 'if-none-match': etag } : {}),
  })
  const policy = {
    allowPrivate: world.config.allowPrivateUpstreams,
    timeoutMs: TIMEOUT_MS,
    maxBytes: world.config.specMaxBytes,
  }
  try {
    return await fetchOutbound(world.fetch, { url, headers }, policy)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    world.log.warn('spec fetch failed', { url, reason: error.reason, cause: String(error.cause ?? error.message) })
    const [code, detail] = FETCH_FAILURES[error.reason]
    throw new AppError(code, detail.replace('{url}', url).replace('{max}', String(world.config.specMaxBytes)), {
      cause: error,
    })
  }
}

const FETCH_FAILURES: Record<OutboundError['reason'], [ProblemCode, string]> = {
  refused: ['ADDRESS_REFUSED', 'The URL {url} is not called.'],
  timeout: ['SPEC_TIMEOUT', `{url} did not answer completely within ${TIMEOUT_MS / 1000} s.`],
  unreachable: ['SPEC_UNREACHABLE', '{url} could not be reached.'],
  redirects: ['SPEC_UNREACHABLE', '{url} redirects too often.'],
  too_large: ['SPEC_TOO_LARGE', 'The document at {url} is larger than {max} bytes.'],
}

/** @throws AppError when the answer is not a document at all. */
function readText(world: World, response: OutboundResponse): string {
  const { status, url } = response
  if (status === 404 || status === 410) throw new AppError('SPEC_NOT_FOUND', `${url} answered ${status}.`)
  if (status === 401 || status === 403) throw new AppError('SPEC_UNAUTHORIZED', `${url} answered ${status}.`)
  if (status < 200 || status > 299) {
    world.log.warn('spec host answered with an error', { url, status })
    throw new AppError('SPEC_UNREACHABLE', `${url} answered ${status}.`)
  }
  const text = new TextDecoder().decode(response.body)
  if (/^\s*text\/html\b/i.test(response.headers.get('content-type') ?? '') && /^\s*</.test(text))
    throw new AppError('SPEC_IS_HTML', `${url} answered with a web page, not with an OpenAPI document.`)
  return text
}

async function store(world: World, key: string, entry: CacheEntry, body: ArrayBuffer): Promise<void> {
  // Kept past its freshness, so that a stale copy can still be revalidated.
  const expirationTtl = Math.max(60, Math.ceil((world.config.specCacheTtlMs * 7) / 1000))
  await world.env.SPEC_CACHE.put(key, body, { metadata: entry, expirationTtl })
}

function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
}

function gunzip(bytes: ArrayBuffer): Promise<string> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text()
}
