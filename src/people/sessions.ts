import { and, eq, gt, ne } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { sessions } from '../auth/tables.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { toPage } from '../http/router.ts'
import type { SortedQuery } from '../http/sorted.ts'
import { keysetOf } from '../platform/keyset.ts'
import { requirePerson } from './proof.ts'
import type { Revoked, Session } from './schema.ts'

/** Where the person is signed in. */
export async function listSessions(
  ctx: Ctx,
  { limit, ...place }: SortedQuery,
): Promise<{ items: Session[]; nextCursor: string | null }> {
  requirePerson(ctx)
  const { after, order } = keysetOf(sessions.id, place)
  const rows = await ctx.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, ctx.actor.userId), gt(sessions.expiresAt, new Date(ctx.now())), after))
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  const shown = items.map(({ id, ipAddress, userAgent, createdAt, expiresAt }) => ({
    id,
    current: id === ctx.actor.id,
    ip: ipAddress || null,
    userAgent: userAgent || null,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }))
  return { items: shown, nextCursor }
}

/** Ends one session of the person; it is over on its next request. */
export async function revokeSession(ctx: Ctx, id: string): Promise<void> {
  requirePerson(ctx)
  const [gone] = await ctx.db.batch([
    ctx.db
      .delete(sessions)
      .where(and(eq(sessions.id, id), eq(sessions.userId, ctx.actor.userId)))
      .returning({ id: sessions.id }),
    auditRow(ctx, 'session.revoke', id),
  ])
  if (gone.length === 0) throw new AppError('NOT_FOUND', `You have no session ${id}.`)
}

/** Ends every session of the person but this one. */
export async function revokeOtherSessions(ctx: Ctx): Promise<Revoked> {
  requirePerson(ctx)
  const { userId, id } = ctx.actor
  const [gone] = await ctx.db.batch([
    ctx.db
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), ne(sessions.id, id)))
      .returning({ id: sessions.id }),
    auditRow(ctx, 'session.revoke_others', userId),
  ])
  return { revoked: gone.length }
}
