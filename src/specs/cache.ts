import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'

/** What is known of a cached document besides its body; `fetchedAt` is milliseconds since 1970, `bytes` its full size. */
export type CacheEntry = {
  url: string
  /** Where redirects led; null where there were none. */
  foundAt: string | null
  etag: string | null
  lastModified: string | null
  contentType: string | null
  fetchedAt: number
  bytes: number
}

/** A cached document, its body still gzip. */
export type CachedSpec = CacheEntry & { body: ArrayBuffer }

// KV takes 1024 bytes of metadata; a longer URL is only shown cut off, the key holds all of it.
const MAX_METADATA_BYTES = 1000
const MAX_FIELD = 200
// Kept past their freshness, so that a stale copy can be revalidated, or used while its host is down.
const KEPT_FOR = 7
const KV_PAGE = 1000
const DELETES_AT_ONCE = 20

/** `spec:<workspace id>:<SHA-256 of the URL>`: nobody is served what somebody else fetched. */
async function keyOf(ctx: Ctx, url: string): Promise<string> {
  return `${prefixOf(ctx)}${await sha256(url)}`
}

function prefixOf(ctx: Ctx): string {
  return `spec:${ctx.actor.workspaceId}:`
}

/** The workspace's copy of a document, fresh or not; null where there is none. */
export async function readCached(ctx: Ctx, url: string): Promise<CachedSpec | null> {
  const { value, metadata } = await ctx.env.SPEC_CACHE.getWithMetadata<CacheEntry>(await keyOf(ctx, url), 'arrayBuffer')
  return value && metadata ? { ...metadata, url, body: value } : null
}

/** Keeps a document for the workspace; `body` is gzip. What KV does not take is not cached, which is no failure. */
export async function writeCached(ctx: Ctx, { body, ...entry }: CachedSpec): Promise<void> {
  const expirationTtl = Math.max(60, Math.ceil((ctx.config.specCacheTtlMs * KEPT_FOR) / 1000))
  const key = await keyOf(ctx, entry.url)
  await ctx.env.SPEC_CACHE.put(key, body, { metadata: fitted(entry), expirationTtl }).catch((error: unknown) =>
    ctx.log.warn('spec not cached', { key, bytes: body.byteLength, error: String(error) }),
  )
}

/** Metadata that KV takes. A validator that is too long or not ASCII is left out, so that the next fetch is a whole one. */
function fitted(entry: CacheEntry): CacheEntry {
  const short = (text: string | null) =>
    text !== null && text.length <= MAX_FIELD && /^[ -~]*$/.test(text) ? text : null
  const { etag, lastModified, contentType } = entry
  const cut = { ...entry, etag: short(etag), lastModified: short(lastModified), contentType: short(contentType) }
  const excess = new TextEncoder().encode(JSON.stringify(cut)).byteLength - MAX_METADATA_BYTES
  if (excess <= 0) return cut
  if (cut.foundAt !== null) return fitted({ ...cut, foundAt: null })
  return { ...cut, url: `${cut.url.slice(0, Math.max(0, cut.url.length - excess - 3))}...` }
}

/** The cached documents of the workspace, by key; `cursor` is KV's own. */
export async function listCached(ctx: Ctx, page: { limit: number; cursor?: string | undefined }) {
  const list = await ctx.env.SPEC_CACHE.list<CacheEntry>({
    prefix: prefixOf(ctx),
    limit: page.limit,
    cursor: page.cursor ?? null,
  })
  const items = list.keys.flatMap(({ metadata }) => (metadata ? [metadata] : []))
  return { items, nextCursor: list.list_complete ? null : list.cursor }
}

/** Drops the workspace's copy of one document, or of all; says how many there were. */
export async function dropCached(ctx: Ctx, url: string | undefined): Promise<number> {
  const prefix = url === undefined ? prefixOf(ctx) : await keyOf(ctx, url)
  let dropped = 0
  for (;;) {
    const { keys } = await ctx.env.SPEC_CACHE.list({ prefix, limit: KV_PAGE })
    for (let at = 0; at < keys.length; at += DELETES_AT_ONCE)
      await Promise.all(keys.slice(at, at + DELETES_AT_ONCE).map(({ name }) => ctx.env.SPEC_CACHE.delete(name)))
    dropped += keys.length
    if (keys.length < KV_PAGE) return dropped
  }
}

/** A body as it is cached. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  const { readable, writable } = new CompressionStream('gzip')
  const [packed] = await Promise.all([new Response(readable).arrayBuffer(), feed(writable, bytes)])
  return packed
}

/**
 * The body of a cached document, unpacked into no more room than it is known to need.
 * @throws AppError SPEC_UNREACHABLE when it is damaged; it is then dropped, so that the next try fetches it.
 */
export async function gunzip(ctx: Ctx, { url, body, bytes }: CachedSpec): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream('gzip')
  const fed = feed(writable, new Uint8Array(body)).catch(() => {})
  const text = new Uint8Array(bytes)
  let at = 0
  try {
    for await (const chunk of readable) {
      if (at + chunk.byteLength > bytes) throw new RangeError('longer than it was')
      text.set(chunk, at)
      at += chunk.byteLength
    }
    if (at < bytes) throw new RangeError('shorter than it was')
  } catch (cause) {
    await dropCached(ctx, url)
    throw new AppError('SPEC_UNREACHABLE', 'The cached copy was damaged and is dropped; try again.', { cause })
  }
  await fed
  return text
}

async function feed(writable: CompressionStream['writable'], bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const writer = writable.getWriter()
  await writer.write(bytes)
  await writer.close()
}
