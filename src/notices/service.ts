import { and, eq, isNull, or, sql } from 'drizzle-orm'
import { type Ctx, requireScope, type World } from '../context.ts'
import { notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { keysetOf } from '../platform/keyset.ts'
import type { Notice, NoticeQuery } from './schema.ts'
import { notices } from './tables.ts'

/** Something to tell a person, or with `userId` null everybody in the workspace. */
export type NewNotice = Pick<Notice, 'kind' | 'resource' | 'message'> & { workspaceId: string; userId: string | null }

const { id, kind, resource, message, createdAt, readAt } = notices

/** The statement that leaves a notice, for the caller's batch. */
export function insertNotice(world: World, notice: NewNotice) {
  const at = new Date(world.now()).toISOString()
  return world.db.insert(notices).values({ id: newId('ntc', world.now()), ...notice, createdAt: at })
}

/** As `insertNotice`, to stand right behind another statement: nobody is told of what changed no row. */
export function noticeRow(world: World, { workspaceId, userId, kind, resource, message }: NewNotice) {
  const at = new Date(world.now()).toISOString()
  return world.db
    .insert(notices)
    .select(
      sql`select ${newId('ntc', world.now())}, ${workspaceId}, ${userId}, ${kind}, ${resource}, ${message}, ${at}, null where changes() > 0`,
    )
}

/** What the caller should know, or what of it they have not read. */
export async function listNotices(ctx: Ctx, { limit, unread, ...place }: NoticeQuery) {
  requireScope(ctx, 'read')
  const { after, order } = keysetOf(notices.id, place)
  const rows: Notice[] = await ctx.db
    .select({ id, kind, resource, message, createdAt, readAt })
    .from(notices)
    .where(and(mine(ctx), after, unread ? isNull(notices.readAt) : undefined))
    .orderBy(order)
    .limit(limit + 1)
  return toPage(rows, limit)
}

/** Marks a notice as read; doing so again changes nothing. */
export async function readNotice(ctx: Ctx, noticeId: string): Promise<{ id: string; readAt: string }> {
  requireScope(ctx, 'write')
  const at = new Date(ctx.now()).toISOString()
  await ctx.db
    .update(notices)
    .set({ readAt: at })
    .where(and(mine(ctx), eq(notices.id, noticeId), isNull(notices.readAt)))
  const [row] = await ctx.db
    .select({ readAt })
    .from(notices)
    .where(and(mine(ctx), eq(notices.id, noticeId)))
  if (!row) throw notFound('notice', noticeId)
  return { id: noticeId, readAt: row.readAt ?? at }
}

function mine(ctx: Ctx) {
  const { workspaceId, userId } = ctx.actor
  return and(eq(notices.workspaceId, workspaceId), or(isNull(notices.userId), eq(notices.userId, userId)))
}
