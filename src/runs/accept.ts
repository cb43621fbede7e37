import { auditRow } from '../audit/audit.ts'
import type { Ctx, Principal } from '../context.ts'
import { newId } from '../lib/ids.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { parseInput } from './input.ts'
import type { RunLimits } from './limits.ts'
import { withApprovals } from './policy.ts'
import type { Priority, RunRecord } from './record.ts'
import type { Trigger } from './schema.ts'
import { runs } from './tables.ts'

/** The row of a run. */
export type RunRow = typeof runs.$inferInsert

/** A run that is accepted by its object: the row it writes, and who asked for it. */
export type Acceptance = { row: RunRow; actor: Principal }

/** Which queue the calls of a run go to, by what set it going. */
export const priorityOf = { chat: 'high', api: 'high', schedule: 'normal', webhook: 'normal', batch: 'low' } as const

type Origin = { workflowId: string; workflowVersion: number; trigger: Trigger; planId: string | null }

/** What is to be run: a definition, linked, and what its calls call. */
export type Carried = {
  definition: WorkflowDefinition
  targets: Targets
  /** A person has confirmed this very run. */
  confirmed: boolean
}

/**
 * What a new run is started with: its definition with the approvals that the connections' policies ask for.
 * @throws AppError MISSING_INPUT
 */
export function newRecord(
  ctx: Ctx,
  { definition: wanted, targets, confirmed }: Carried,
  input: Record<string, unknown>,
  limits: RunLimits,
  priority: Priority = 'high',
  runId: string = newId('run', ctx.now()),
): RunRecord {
  const { workspaceId, userId } = ctx.actor
  const { requestId } = ctx
  const definition = withApprovals(wanted, targets, confirmed)
  const checked = parseInput(definition.inputs, input)
  return { runId, workspaceId, userId, requestId, definition, input: checked, limits, priority }
}

/** The row of a new run. */
export function newRow(ctx: Ctx, record: RunRecord, origin: Origin) {
  return {
    id: record.runId,
    workspaceId: record.workspaceId,
    ...origin,
    name: record.definition.name,
    status: 'running' as const,
    input: record.input,
    createdBy: record.userId,
    createdAt: new Date(ctx.now()).toISOString(),
  } satisfies RunRow
}

/** The statements that write a run's row, for the caller's batch; a run that is there already is left alone. */
export function insertRun(ctx: Ctx, row: RunRow) {
  return [
    ctx.db.insert(runs).values(row).onConflictDoNothing({ target: runs.id }),
    auditRow(ctx, 'run.create', row.id, { workflowId: row.workflowId }),
  ] as const
}
