import { sql } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { mask } from '../platform/log.ts'
import { auditLog } from './tables.ts'

/**
 * The audit row of a change, to stand right behind its statement in the same `db.batch`: it is written only when that
 * statement changed a row, and rolls back with it.
 */
export function auditRow(ctx: Ctx, action: string, resource: string, details: Record<string, unknown> = {}) {
  const { actor } = ctx
  const at = new Date(ctx.now()).toISOString()
  return ctx.db
    .insert(auditLog)
    .select(
      sql`select ${newId('aud', ctx.now())}, ${actor.workspaceId}, ${actor.kind}, ${actor.id}, ${actor.userId}, ${action}, ${resource}, ${ctx.requestId}, ${JSON.stringify(mask(details))}, ${at} where changes() > 0`,
    )
}

/** Writes down what changed nothing of ours but is worth knowing: a call that somebody tried. */
export async function recordAudit(
  ctx: Ctx,
  action: string,
  resource: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  const { kind, id, userId, workspaceId } = ctx.actor
  await ctx.db.insert(auditLog).values({
    id: newId('aud', ctx.now()),
    workspaceId,
    actorKind: kind,
    actorId: id,
    userId,
    action,
    resource,
    requestId: ctx.requestId,
    details: mask(details),
    at: new Date(ctx.now()).toISOString(),
  })
}
