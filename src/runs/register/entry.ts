import { auditValues, type AuditEntry, type AuditRow } from '../../audit/audit.ts'
import type { Ctx } from '../../context.ts'
import type { runs } from '../tables.ts'

/** The row of a run, or what of it changes when the run ends. */
export type RowFields = Partial<typeof runs.$inferInsert> & { id: string }

/** What D1 is to know of a run: JSON of its row, and of the rows of the audit log that stand or fall with it. */
export type Entry = {
  workspaceId: string
  runId: string
  row: string
  audits: string
  /** What `storeRun` made of a run that never had an object. It goes beside its row: within it, it would be read anew for every column. */
  log?: string | null
  /** Slugs of the APIs that it calls. */
  apis: readonly string[]
}

/** Writes an entry for the actor of `ctx`; `asked` are rows of those who asked for what it tells, before its own. */
export function toEntry(
  ctx: Ctx,
  { log, ...row }: RowFields,
  audits: readonly AuditEntry[],
  apis: readonly string[] = [],
  asked: readonly AuditRow[] = [],
): Entry {
  return {
    workspaceId: ctx.actor.workspaceId,
    runId: row.id,
    row: JSON.stringify(row),
    log: log ?? null,
    audits: JSON.stringify([...asked, ...audits.map((entry, index) => auditValues(ctx, entry, index))]),
    apis,
  }
}
