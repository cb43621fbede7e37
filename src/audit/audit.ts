import { sql } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { mask } from '../platform/log.ts'
import { auditLog } from './tables.ts'

/** What was done to what. */
export type AuditEntry = { action: string; resource: string; details?: Record<string, unknown>; outcome?: Outcome }

/** How it ended; `denied` is what was refused before it began. */
export type Outcome = 'success' | 'failure' | 'denied'

/**
 * The audit row of a change, to stand right behind its statement in the same `db.batch`: it is written only when that
 * statement changed a row, and rolls back with it.
 */
export function auditRow(
  ctx: Ctx,
  action: string,
  resource: string,
  details: Record<string, unknown> = {},
  outcome: Outcome = 'success',
) {
  return auditRows(ctx, [{ action, resource, details, outcome }])
}

/** As `auditRow`, where one change is several things to know. */
export function auditRows(ctx: Ctx, entries: readonly AuditEntry[]) {
  const { actor, caller } = ctx
  const at = new Date(ctx.now()).toISOString()
  // Ids sort by time, and what happened within one statement shall keep its order.
  const rows = entries.map(
    ({ action, resource, details = {}, outcome = 'success' }, index) =>
      sql`select null, ${newId('aud', ctx.now() + index)}, ${actor.workspaceId}, ${actor.kind}, ${actor.id}, ${actor.userId}, ${action}, ${resource}, ${outcome}, ${caller.ip}, ${caller.userAgent}, ${ctx.requestId}, ${JSON.stringify(mask(details))}, ${at} where changes() > 0`,
  )
  return ctx.db.insert(auditLog).select(sql.join(rows, sql` union all `))
}

/** Writes down what changed nothing of ours but is worth knowing: a call that somebody tried. */
export async function recordAudit(
  ctx: Ctx,
  action: string,
  resource: string,
  details: Record<string, unknown> = {},
  outcome: Outcome = 'success',
): Promise<void> {
  await ctx.db.insert(auditLog).values(auditValues(ctx, { action, resource, details, outcome }))
}

/** The columns of an entry: what was done, by whom, from where, when. */
export function auditValues(ctx: Ctx, { action, resource, details = {}, outcome = 'success' }: AuditEntry) {
  const { kind, id, userId, workspaceId } = ctx.actor
  return {
    id: newId('aud', ctx.now()),
    workspaceId,
    actorKind: kind,
    actorId: id,
    userId,
    action,
    resource,
    outcome,
    ip: ctx.caller.ip,
    userAgent: ctx.caller.userAgent,
    requestId: ctx.requestId,
    details: mask(details),
    at: new Date(ctx.now()).toISOString(),
  }
}
