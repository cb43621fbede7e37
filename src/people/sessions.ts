import { and, desc, eq, gt, ne } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { sessions } from '../auth/tables.ts'
import { type Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { requirePerson } from './proof.ts'
import type { Revoked, Session } from './schema.ts'

/** Where the person is signed in, newest first. */
export async function listSessions(ctx: Ctx): Promise<Session[]> {
  requirePerson(ctx)
  const rows = await ctx.db
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, ctx.actor.userId), gt(sessions.expiresAt, new Date(ctx.now()))))
    .orderBy(desc(sessions.createdAt))
  return rows.map(({ id, ipAddress, userAgent, createdAt, expiresAt }) => ({
    id,
    current: id === ctx.actor.id,
    ip: ipAddress || null,
    userAgent: userAgent || null,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }))
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
