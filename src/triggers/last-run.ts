import { and, eq, type Column } from 'drizzle-orm'
import { runs } from '../runs/tables.ts'
import type { LastRun } from './schema.ts'

/** Of the run that was started last: what lists show beside what started it. */
export const lastRunColumns = { id: runs.id, status: runs.status, error: runs.error }

/** Joins the run whose id a column holds. */
export function isLastRun(runId: Column, workspaceId: Column) {
  return and(eq(runs.id, runId), eq(runs.workspaceId, workspaceId))
}

type Row = Pick<typeof runs.$inferSelect, keyof typeof lastRunColumns>

/** The run as it is shown; null while there was none, or it is not there any more. */
export function toLastRun(row: Row | null): LastRun | null {
  return row && { id: row.id, status: row.status, error: row.error?.message ?? null }
}
