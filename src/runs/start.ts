import { and, eq, sql } from 'drizzle-orm'
import { auditRow, auditValues } from '../audit/audit.ts'
import { type Ctx, requireScope } from '../context.ts'
import { insertRow, newRecord, newRow, priorityOf } from './accept.ts'
import { loadAllowance } from './allowance.ts'
import { toView } from './read-run.ts'
import type { RunnableWorkflow } from './runnable.ts'
import type { Trigger } from './schema.ts'
import { stub } from './stub.ts'
import { runs } from './tables.ts'
import { findUndo, isNotUndone } from './undo/find-undo.ts'

/** What sets a run going that nobody waits for. `source` names the schedule, hook or batch in the audit log. */
export type RunOrigin = { runId?: string; input: Record<string, unknown>; trigger: Trigger; source: string }

/**
 * A run about to be accepted, for work that nobody asked for just now. `insert` are statements for the caller's batch;
 * `insertIfChanged` are the same, to stand right behind a statement that claims the run, and write only when that one
 * changed a row. Both leave a run with the same id alone. `start` is called once the row is there; calling it twice
 * starts once, and what a crash keeps from being called, `startStrandedRuns` makes up for. It comes back once the run has
 * begun, or with `waitMs` once it has ended or that long has passed.
 * @throws AppError MISSING_INPUT
 */
export function prepareRun(ctx: Ctx, workflow: RunnableWorkflow, { trigger, source, input, runId }: RunOrigin) {
  requireScope(ctx, 'execute')
  const record = newRecord(
    ctx,
    { ...workflow, confirmed: false },
    input,
    workflow.allowance.limits,
    priorityOf[trigger],
    runId,
  )
  const row = newRow(ctx, record, { workflowId: workflow.id, workflowVersion: workflow.version, trigger, planId: null })
  const audit = auditRow(ctx, 'run.create', row.id, { workflowId: workflow.id, trigger, source })
  return {
    runId: record.runId,
    insert: [insertRow(ctx, row, sql`true`), audit] as const,
    insertIfChanged: [insertRow(ctx, row, sql`changes() > 0`), audit] as const,
    start: async (waitMs = 0): Promise<void> => {
      await stub(ctx, record.runId).start(record, workflow.targets, { waitMs })
    },
  }
}

/**
 * Takes a run up again that failed at `failedAt` (ISO 8601), at the steps that failed. Doing so twice does it once; a
 * run that has failed anew since, goes on already or is undone, is left alone.
 */
export async function retryRun(ctx: Ctx, runId: string, failedAt: string): Promise<void> {
  requireScope(ctx, 'execute')
  await ctx.db
    .update(runs)
    .set({ status: 'running', finishedAt: null, error: null })
    .where(
      and(
        eq(runs.id, runId),
        eq(runs.workspaceId, ctx.actor.workspaceId),
        eq(runs.status, 'failed'),
        eq(runs.finishedAt, failedAt),
        isNotUndone,
      ),
    )
  if (await findUndo(ctx, runId)) return
  const object = stub(ctx, runId)
  const [answer, { limits }] = await Promise.all([object.view(), loadAllowance(ctx)])
  const view = answer === null ? null : toView(answer)
  if (view?.status !== 'failed' || view.finishedAt !== failedAt) return
  const details = { from: 'failed', edited: false }
  const audit = auditValues(ctx, { action: 'run.resume', resource: runId, details })
  await object.reopen(undefined, limits, { audit })
}

/** Aborts a run that is open, for what the audit log has already; one that has ended stays as it is. */
export async function cancelRun(ctx: Ctx, runId: string): Promise<void> {
  requireScope(ctx, 'execute')
  await stub(ctx, runId).cancel(null)
}
