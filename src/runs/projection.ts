import { and, eq } from 'drizzle-orm'
import { type AuditEntry, auditRow, type AuditRow } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { apisOf } from '../steps/catalogue.ts'
import { isFinished } from './machine/machine.ts'
import type { RunState } from './machine/state.ts'
import type { RunRecord } from './record.ts'
import { type RowFields, toEntry } from './register/entry.ts'
import { registerOf } from './register/register.ts'
import { runs } from './tables.ts'
import { shownStatus } from './view.ts'

/** Tells on the queue that a run of a batch has ended. */
export type RunEnded = { kind: 'run.ended'; workspaceId: string; runId: string; requestId: string }

/** Writes to D1 whether a run that is open needs a decision. Doing so twice does it once. */
export async function projectNeed(ctx: Ctx, { runId, workspaceId }: RunRecord, state: RunState): Promise<void> {
  const status = shownStatus(state)
  if (status !== 'needs_decision' && status !== 'running') return
  const before = status === 'running' ? 'needs_decision' : 'running'
  await registerOf(ctx, workspaceId).written()
  await ctx.db.batch([
    ctx.db
      .update(runs)
      .set({ status })
      .where(and(eq(runs.id, runId), eq(runs.workspaceId, workspaceId), eq(runs.status, before))),
    auditRow(ctx, `run.${status}`, runId),
  ])
}

/**
 * Has the end of a run taken down for D1, where lists and searches read it, with the audit rows of whoever asked for it,
 * and tells the batch it belongs to. Doing so twice does it once; the batch may be told twice.
 */
export async function projectRun(
  ctx: Ctx,
  record: RunRecord,
  state: RunState,
  asked: readonly AuditRow[],
): Promise<void> {
  if (!isFinished(state) || !('finishedAt' in state)) return
  const { runId, workspaceId } = record
  const row: RowFields = {
    id: runId,
    status: state.status,
    output: state.status === 'succeeded' ? state.output : null,
    error: state.status === 'failed' ? state.error : null,
    finishedAt: new Date(state.finishedAt).toISOString(),
  }
  const outcome = state.status === 'failed' ? 'failure' : 'success'
  const audit: AuditEntry = { action: `run.${state.status}`, resource: runId, outcome }
  const register = registerOf(ctx, workspaceId)
  await register.close(toEntry(ctx, row, [audit], apisOf(record.definition.steps), asked))
  // Batches alone run at low priority, and look for their ends in D1.
  if (record.priority !== 'low') return
  await register.written()
  await ctx.env.STEPS_LOW.send({
    kind: 'run.ended',
    workspaceId,
    runId,
    requestId: record.requestId,
  } satisfies RunEnded)
}
