import { getTableColumns, sql, type SQL } from 'drizzle-orm'
import { type AuditEntry, auditRows } from '../audit/audit.ts'
import type { Caller, Ctx, Principal } from '../context.ts'
import { newId } from '../lib/ids.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { parseInput } from './input.ts'
import type { RunLimits } from './limits.ts'
import { withApprovals } from './policy.ts'
import type { Priority, RunRecord } from './record.ts'
import type { Conditions, Refusal } from './register/conditions.ts'
import { toEntry } from './register/entry.ts'
import { registerOf } from './register/register.ts'
import type { Trigger } from './schema.ts'
import { runs } from './tables.ts'

/** The row of a run. */
export type RunRow = typeof runs.$inferInsert

/**
 * A run that is accepted by its object: the row it writes, who asked for it from where, and what has to hold then. What
 * objects stored before there was a `caller` has none.
 */
export type Acceptance = { row: RunRow; actor: Principal; caller?: Caller; given: Conditions | null }

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

/** What a run's object needs to accept it for whoever asks in this context. */
export function toAcceptance({ actor, caller }: Ctx, row: RunRow, given: Conditions | null): Acceptance {
  const { ip, userAgent, origin } = caller
  // Read out of the request, which does not go to another object.
  return { row, actor, caller: { ip, userAgent, origin }, given }
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
  return [insertRow(ctx, row, sql`true`), auditRows(ctx, [created(row)])] as const
}

/** Has a run taken down where the conditions hold; null once it is. */
export async function acceptRun(ctx: Ctx, row: RunRow, given: Conditions | null): Promise<Refusal | null> {
  const entry = toEntry(ctx, row, [created(row)])
  return registerOf(ctx, ctx.actor.workspaceId).open(entry, given)
}

/** That a run was accepted, for the audit log. */
export function created({ id, workflowId }: RunRow): AuditEntry {
  return { action: 'run.create', resource: id, details: { workflowId } }
}

/** The statement that writes a run's row where something holds; answers with its id when it did. */
export function insertRow(ctx: Ctx, row: RunRow, holds: SQL) {
  const given: Record<string, unknown> = row
  const values = Object.entries(getTableColumns(runs)).map(([name, column]) =>
    sql.param(given[name] ?? column.default ?? null, column),
  )
  return ctx.db
    .insert(runs)
    .select(sql`select ${sql.join(values, sql`, `)} where ${holds}`)
    .onConflictDoNothing({ target: runs.id })
    .returning({ id: runs.id })
}
