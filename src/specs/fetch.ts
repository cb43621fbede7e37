import { recordAudit } from '../audit/audit.ts'
import type { Ctx, World } from '../context.ts'
import { AppError, type ProblemCode } from '../errors.ts'
import { shownUrl } from '../platform/address.ts'
import { checkUrl, type OutboundResponse } from '../platform/outbound.ts'
import { dropCached, gunzip, gzip, readCached, writeCached, type CachedSpec } from './cache.ts'
import { decodeDocument } from './decode.ts'
import { download, OUTAGES, readText, requireSuccess, tooLarge } from './download.ts'

const TIMEOUT_MS = 10_000

/** The text of a specification and its size in bytes, content coding taken off. */
export type FetchedSpec = {
  text: string
  bytes: number
  /** Puts it into the cache; to be called once the document has proved usable, so that a bad one is not kept for a day. */
  keep: () => Promise<void>
  /** What to tell the user: the host failed, and an earlier copy is used. */
  warning: string | null
  fromCache: boolean
  /** Where it was found, redirects followed: what its relative URLs are relative to (RFC 3986, section 5.1.3). */
  url?: string
}

/** How to fetch. `maxBytes` may only lower SPEC_MAX_BYTES; `timeoutMs` is for the whole of it, 10 s if left out. */
export type FetchOptions = {
  maxBytes?: number | undefined
  /** Ask the host even while the cached copy is fresh. */
  revalidate?: boolean | undefined
  timeoutMs?: number | undefined
}

type Outcome = 'hit' | 'revalidated' | 'fetched' | 'stale'

/**
 * Fetches a specification by its URL, through the workspace's cache: a fresh copy is used as it is, a stale one is
 * revalidated by ETag and Last-Modified (RFC 9110, section 13.1), and used all the same, with a warning, while its host
 * is down (RFC 5861, section 4). Every fetch is audited, without the values of the URL's query.
 * @throws AppError ADDRESS_REFUSED and the SPEC_… codes; SPEC_TOO_LARGE carries the `limit` that was crossed, in bytes:
 * `maxBytes`, or SPEC_MAX_BYTES where the host told of more than that.
 */
export async function fetchSpec(ctx: Ctx, url: string, options: FetchOptions = {}): Promise<FetchedSpec> {
  const maxBytes = Math.min(options.maxBytes ?? Infinity, ctx.config.specMaxBytes)
  const shown = shownOrNothing(url)
  try {
    const { outcome, code, spec } = await fetchOrRead(ctx, url, { ...options, maxBytes })
    const level = outcome === 'stale' ? 'warn' : 'info'
    ctx.log[level]('spec fetched', { url: shown, outcome, bytes: spec.bytes })
    await recordAudit(ctx, 'spec.fetch', shown, { outcome, level, ...(code ? { code } : {}) })
    return spec
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // The caller set a lower limit than there is, and will fetch again where there is room.
    if (error.code === 'SPEC_TOO_LARGE' && error.extra['limit'] !== ctx.config.specMaxBytes) throw error
    const level = error.status >= 500 ? 'error' : 'warn'
    ctx.log[level]('spec fetch failed', { url: shown, code: error.code, cause: causeOf(error) })
    await recordAudit(ctx, 'spec.fetch', shown, { outcome: 'failed', level, code: error.code }, 'failure')
    throw error
  }
}

/**
 * The text of a part of a specification that lies elsewhere, as safely as the specification itself. There may be
 * hundreds, so parts are neither cached nor audited one by one.
 * @throws AppError as `fetchSpec`.
 */
export async function fetchText(world: World, url: string, maxBytes: number): Promise<string> {
  const limit = Math.min(maxBytes, world.config.specMaxBytes)
  const checked = checkUrl(url, world.config.allowPrivateUpstreams)
  const response = await download(world, checked, null, limit, TIMEOUT_MS)
  requireSuccess(response)
  return readText(response)
}

async function fetchOrRead(
  ctx: Ctx,
  input: string,
  { maxBytes, revalidate = false, timeoutMs = TIMEOUT_MS }: FetchOptions & { maxBytes: number },
): Promise<{ outcome: Outcome; code?: ProblemCode; spec: FetchedSpec }> {
  const url = checkUrl(input, ctx.config.allowPrivateUpstreams)
  url.hash = ''
  const cached = await readCached(ctx, url.href)
  const fresh = cached !== null && ctx.now() - cached.fetchedAt < ctx.config.specCacheTtlMs
  if (cached && fresh && !revalidate) return { outcome: 'hit', spec: await fromCache(ctx, cached, maxBytes) }
  let response: OutboundResponse
  try {
    response = await download(ctx, url, cached, maxBytes, timeoutMs)
  } catch (error) {
    if (!cached || !(error instanceof AppError) || !OUTAGES.has(error.code)) throw error
    const since = new Date(cached.fetchedAt).toISOString()
    const warning = `${error.message} The copy fetched at ${since} is used.`
    return { outcome: 'stale', code: error.code, spec: { ...(await fromCache(ctx, cached, maxBytes)), warning } }
  }
  const fetchedAt = ctx.now()
  if (response.status === 304 && cached) {
    const keep = () => writeCached(ctx, { ...cached, fetchedAt })
    return { outcome: 'revalidated', spec: { ...(await fromCache(ctx, cached, maxBytes)), keep } }
  }
  // A host that is well and no longer gives the document speaks for its copy, too.
  if (cached && (response.status < 200 || response.status > 299)) await dropCached(ctx, url.href)
  requireSuccess(response)
  const { headers } = response
  const entry = {
    url: url.href,
    foundAt: response.url === url.href ? null : response.url,
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    contentType: headers.get('content-type'),
    fetchedAt,
    bytes: response.body.byteLength,
  }
  const text = readText(response)
  // Packed now, so that only the small form waits for `keep` while the document is read.
  const body = await gzip(response.body)
  const keep = () => writeCached(ctx, { ...entry, body })
  return {
    outcome: 'fetched',
    spec: { text, bytes: entry.bytes, keep, warning: null, fromCache: false, url: response.url },
  }
}

async function fromCache(ctx: Ctx, cached: CachedSpec, maxBytes: number): Promise<FetchedSpec> {
  const { url, foundAt, bytes, contentType } = cached
  if (bytes > maxBytes) throw tooLarge(shownUrl(new URL(url)), maxBytes)
  const text = decodeDocument(await gunzip(ctx, cached), contentType)
  return { text, bytes, keep: async () => {}, warning: null, fromCache: true, url: foundAt ?? url }
}

function shownOrNothing(input: string): string {
  const url = URL.parse(input)
  return url ? shownUrl(url).slice(0, 500) : '(not a URL)'
}

function causeOf(error: AppError): string {
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return cause.cause === undefined ? cause.message : `${cause.message}: ${String(cause.cause)}`
}
