import { and, eq, inArray } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { touchConnections } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { apisOf } from '../steps/catalogue.ts'
import { isFinished, type RunState } from './machine.ts'
import type { RunRecord } from './record.ts'
import { runs } from './tables.ts'
import { shownStatus } from './view.ts'

/** Tells on the queue that a run of a batch has ended. */
export type RunEnded = { kind: 'run.ended'; workspaceId: string; runId: string; requestId: string }

/** Writes to D1 whether a run that is open needs a decision. Doing so twice does it once. */
export async function projectNeed(ctx: Ctx, { runId, workspaceId }: RunRecord, state: RunState): Promise<void> {
  const status = shownStatus(state)
  if (status !== 'needs_decision' && status !== 'running') return
  const before = status === 'running' ? 'needs_decision' : 'running'
  await ctx.db.batch([
    ctx.db
      .update(runs)
      .set({ status })
      .where(and(eq(runs.id, runId), eq(runs.workspaceId, workspaceId), eq(runs.status, before))),
    auditRow(ctx, `run.${status}`, runId),
  ])
}

/**
 * Writes the end of a run to D1, where lists and searches read it, and tells the batch it belongs to. Writing it twice
 * writes it once; the batch may be told twice.
 */
export async function projectRun(ctx: Ctx, record: RunRecord, state: RunState): Promise<void> {
  if (!isFinished(state) || !('finishedAt' in state)) return
  const { runId, workspaceId } = record
  await ctx.db.batch([
    ctx.db
      .update(runs)
      .set({
        status: state.status,
        output: state.status === 'succeeded' ? state.output : null,
        error: state.status === 'failed' ? state.error : null,
        finishedAt: new Date(state.finishedAt).toISOString(),
      })
      .where(
        and(
          eq(runs.id, runId),
          eq(runs.workspaceId, workspaceId),
          inArray(runs.status, ['running', 'paused', 'needs_decision']),
        ),
      ),
    auditRow(ctx, `run.${state.status}`, runId, {}, state.status === 'failed' ? 'failure' : 'success'),
    ...touchConnections(ctx, apisOf(record.definition.steps)),
  ])
  // Batches alone run at low priority.
  if (record.priority === 'low')
    await ctx.env.STEPS_LOW.send({
      kind: 'run.ended',
      workspaceId,
      runId,
      requestId: record.requestId,
    } satisfies RunEnded)
}
