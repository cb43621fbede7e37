import { and, eq, inArray } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { touchConnections } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { isFinished, type RunState } from './machine.ts'
import type { RunRecord } from './record.ts'
import { runs } from './tables.ts'

/** Writes the end of a run to D1, where lists and searches read it. Writing it twice writes it once. */
export async function projectRun(ctx: Ctx, record: RunRecord, state: RunState): Promise<void> {
  if (!isFinished(state) || state.status === 'accepted' || state.status === 'running') return
  const slugs = record.definition.steps.flatMap((step) => (step.type === 'api_call' ? [step.api] : []))
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
        and(eq(runs.id, record.runId), eq(runs.workspaceId, record.workspaceId), inArray(runs.status, ['running'])),
      ),
    auditRow(ctx, `run.${state.status}`, record.runId),
    touchConnections(ctx, slugs),
  ])
}
