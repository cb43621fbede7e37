import { and, type AnyColumn, desc, eq, sql, type SQL } from 'drizzle-orm'
import type { Ctx } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { readRun } from '../read-run.ts'
import { writtenRuns } from '../register/register.ts'
import type { Execution } from '../schema.ts'
import { runs } from '../tables.ts'
import { goneAfter } from './plan-undo.ts'

/** A run that takes back what another did, and how it stands. */
export type FoundUndo = { id: string; status: Execution['status'] }

/** The undo of a run that stands, else the last that was cancelled; null where there is none. */
export async function findUndo(ctx: Ctx, runId: string): Promise<FoundUndo | null> {
  const found = await selectUndo(ctx, runId)
  if (found?.status !== 'running') return found
  // D1 follows the end of a run by a moment.
  await writtenRuns(ctx)
  return selectUndo(ctx, runId)
}

/** The addresses at which undos of a run that were cancelled have deleted what was there. */
export async function findDeleted(ctx: Ctx, runId: string): Promise<Set<string>> {
  // D1 follows the end of a run by a moment.
  await writtenRuns(ctx)
  const cancelled = await ctx.db
    .select({ id: runs.id, log: runs.log })
    .from(runs)
    .where(and(eq(runs.workspaceId, ctx.actor.workspaceId), eq(runs.undoes, runId), eq(runs.status, 'cancelled')))
  const deleted = new Set<string>()
  for (const row of cancelled) {
    const course = await readRun(ctx, row).course()
    for (const address of goneAfter(course?.calls ?? [])) deleted.add(address)
  }
  return deleted
}

async function selectUndo(ctx: Ctx, runId: string): Promise<FoundUndo | null> {
  const [found] = await ctx.db
    .select({ id: runs.id, status: runs.status })
    .from(runs)
    .where(and(eq(runs.workspaceId, ctx.actor.workspaceId), eq(runs.undoes, runId)))
    // One of a batch has the time of the batch in its id, and may have been begun after others.
    .orderBy(eq(runs.status, 'cancelled'), desc(runs.id))
    .limit(1)
  return found ?? null
}

/** Within a statement: that somebody has begun to undo the run with the id in a column. */
export function isUndone(runId: AnyColumn): SQL {
  return sql`exists (select 1 from ${runs} as undoing where undoing.undoes = ${runId})`
}

/**
 * Of a statement that changes a run: that nobody has begun to undo it. One that goes on would do anew what is taken back
 * already.
 */
export const isNotUndone = sql`not ${isUndone(runs.id)}`

/** @throws AppError CONFLICT when somebody has begun to undo a run. */
export async function refuseUndone(ctx: Ctx, runId: string): Promise<void> {
  const undo = await findUndo(ctx, runId)
  if (undo)
    throw new AppError('CONFLICT', `The execution ${runId} is undone by ${undo.id}: it cannot go on.`, {
      extra: { executionId: undo.id },
    })
}
