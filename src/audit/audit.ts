import { sql, type AnyColumn, type SQL } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { mask } from '../platform/log.ts'
import { selectRow } from '../platform/select-row.ts'
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
  const rows = entries.map(
    (entry, index) => sql`${selectRow(auditLog, auditValues(ctx, entry, index))} where changes() > 0`,
  )
  return ctx.db.insert(auditLog).select(sql.join(rows, sql` union all `))
}

/**
 * The entry of something that a query finds by itself: the columns named are those of what stands behind `from`. Where it
 * finds nothing, nothing is written.
 */
export function auditRowFrom(
  ctx: Ctx,
  entry: AuditEntry,
  columns: Partial<Record<keyof typeof auditLog.$inferInsert, AnyColumn>>,
  from: SQL,
) {
  return ctx.db.insert(auditLog).select(sql`${selectRow(auditLog, auditValues(ctx, entry), columns)} from ${from}`)
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

/** A row of the audit log as it is to be written, wherever that happens. */
export type AuditRow = ReturnType<typeof auditValues>

/** The row of an entry; of several that happen at once, `index` keeps the order, for ids sort by time. */
export function auditValues(ctx: Ctx, { action, resource, details = {}, outcome = 'success' }: AuditEntry, index = 0) {
  const { kind, id, userId, workspaceId } = ctx.actor
  return {
    id: newId('aud', ctx.now() + index),
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
