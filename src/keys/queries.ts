import { and, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import { type Ctx, requireScope } from '../context.ts'
import { notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { usageDays } from '../limits/tables.ts'
import { keysetOf } from '../platform/keyset.ts'
import type { ApiKey, KeyQuery } from './schema.ts'
import { apiKeys } from './tables.ts'

/** The row of a key. */
export type KeyRow = typeof apiKeys.$inferSelect

/** The keys of the workspace. */
export async function listKeys(ctx: Ctx, { limit, status, ...place }: KeyQuery) {
  requireScope(ctx, 'read')
  const { after, order } = keysetOf(apiKeys.id, place)
  const rows = await selectKeys(ctx)
    .where(and(eq(apiKeys.workspaceId, ctx.actor.workspaceId), isOf(status, iso(ctx.now())), after))
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  return { items: items.map((row) => toKey(ctx, row)), nextCursor }
}

/** One key, without its token. @throws AppError NOT_FOUND */
export async function getKey(ctx: Ctx, id: string): Promise<ApiKey> {
  requireScope(ctx, 'read')
  const [row] = await selectKeys(ctx).where(isMine(ctx, id))
  if (!row) throw notFound('API key', id)
  return toKey(ctx, row)
}

/** The row of a key of the workspace. @throws AppError NOT_FOUND */
export async function findKey(ctx: Ctx, id: string): Promise<KeyRow> {
  const [row] = await ctx.db.select().from(apiKeys).where(isMine(ctx, id))
  if (!row) throw notFound('API key', id)
  return row
}

/** Whether a row is the key of this id in the actor's workspace. */
export function isMine(ctx: Ctx, id: string) {
  return and(eq(apiKeys.workspaceId, ctx.actor.workspaceId), eq(apiKeys.id, id))
}

function selectKeys(ctx: Ctx) {
  const lastUsedAt = ctx.db
    .select({ at: sql`max(${usageDays.lastUsedAt})` })
    .from(usageDays)
    .where(and(eq(usageDays.workspaceId, apiKeys.workspaceId), eq(usageDays.source, apiKeys.id)))
  return ctx.db
    .select({
      id: apiKeys.id,
      name: apiKeys.name,
      prefix: apiKeys.prefix,
      lastFour: apiKeys.lastFour,
      scopes: apiKeys.scopes,
      requestsPerMinute: apiKeys.requestsPerMinute,
      requestsPerDay: apiKeys.requestsPerDay,
      allowedIps: apiKeys.allowedIps,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
      previousUntil: apiKeys.previousUntil,
      lastUsedAt: sql<string | null>`(${lastUsedAt})`,
      createdBy: apiKeys.userId,
      createdAt: apiKeys.createdAt,
    })
    .from(apiKeys)
    .$dynamic()
}

function isOf(status: ApiKey['status'] | undefined, now: string) {
  if (status === 'revoked') return isNotNull(apiKeys.revokedAt)
  if (status === 'expired') return and(isNull(apiKeys.revokedAt), lte(apiKeys.expiresAt, now))
  if (status === 'active')
    return and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)))
  return undefined
}

function toKey(ctx: Ctx, row: Omit<ApiKey, 'status'>): ApiKey {
  const isExpired = row.expiresAt !== null && Date.parse(row.expiresAt) <= ctx.now()
  return { ...row, status: row.revokedAt !== null ? 'revoked' : isExpired ? 'expired' : 'active' }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
