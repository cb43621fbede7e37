import { recordAudit } from '../audit/audit.ts'
import { requireOversight, requireScope, type Ctx } from '../context.ts'
import { shownUrl } from '../platform/address.ts'
import { dropCached, listCached } from '../specs/cache.ts'
import type { CachedSpecView, Purged, PurgeQuery, SpecCacheQuery } from './schema.ts'

/** The cached specifications of the workspace, in no order of meaning. */
export async function listSpecCache(
  ctx: Ctx,
  query: SpecCacheQuery,
): Promise<{ items: CachedSpecView[]; nextCursor: string | null }> {
  requireOversight(ctx)
  const { items, nextCursor } = await listCached(ctx, query)
  const view = items.map(({ url, fetchedAt, bytes, etag }) => ({
    url,
    fetchedAt: new Date(fetchedAt).toISOString(),
    ttlRemaining: Math.max(0, Math.ceil((fetchedAt + ctx.config.specCacheTtlMs - ctx.now()) / 1000)),
    bytes,
    etag,
  }))
  return { items: view, nextCursor }
}

/** Drops one cached specification of the workspace, or all; KV takes up to a minute to forget it everywhere. */
export async function purgeSpecCache(ctx: Ctx, { url }: PurgeQuery): Promise<Purged> {
  requireScope(ctx, 'admin')
  const cached = url === undefined ? undefined : new URL(url)
  if (cached) cached.hash = ''
  const purged = await dropCached(ctx, cached?.href)
  await recordAudit(ctx, 'spec_cache.purge', cached ? shownUrl(cached).slice(0, 500) : 'all', { purged })
  return { purged }
}
