import { and, desc, eq, lt } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { requireScope, type Ctx } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage, type PageQuery } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { findPlan, markExecuted } from '../planner/service.ts'
import { requireRunnable } from '../steps/catalogue.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { findWorkflow, insertWorkflow } from '../workflows/service.ts'
import { parseInput } from './input.ts'
import { initialState, type RunState } from './machine.ts'
import type { RunRecord, RunSnapshot } from './record.ts'
import type { ExecutePlan, ExecuteWorkflow, Execution, ExecutionStep } from './schema.ts'
import { runs } from './tables.ts'
import type { WorkflowRun } from './workflow-run.ts'

const view = {
  id: runs.id,
  workflowId: runs.workflowId,
  workflowVersion: runs.workflowVersion,
  name: runs.name,
  trigger: runs.trigger,
  status: runs.status,
  createdAt: runs.createdAt,
  finishedAt: runs.finishedAt,
}

/** Confirms a plan: it becomes a workflow, and the workflow runs. A plan can be confirmed once. */
export async function executePlan(ctx: Ctx, request: ExecutePlan, waitSeconds: number): Promise<Execution> {
  requireScope(ctx, 'execute')
  const { plan, runId: executed } = await findPlan(ctx, request.planId)
  if (executed) throw alreadyExecuted(request.planId, executed)
  const definition = request.definition ?? plan.definition
  if (!definition)
    throw new AppError(
      'INVALID_WORKFLOW',
      'This plan found nothing to run; ask in other words, or connect the API it needs.',
    )
  const { targets } = await requireRunnable(ctx, definition)
  const record = newRecord(ctx, definition, request.input)
  const workflowId = newId('wfl', ctx.now())
  const row = newRow(ctx, record, { workflowId, workflowVersion: 1, trigger: 'chat', planId: request.planId })
  try {
    await ctx.db.batch([
      ...insertWorkflow(ctx, workflowId, definition),
      ...insertRun(ctx, row),
      markExecuted(ctx, request.planId, record.runId),
    ])
  } catch (error) {
    // Two confirmations at once: the unique index lets one through and undoes the whole of the other.
    const { runId } = await findPlan(ctx, request.planId)
    throw runId === null ? error : alreadyExecuted(request.planId, runId)
  }
  return startRun(ctx, row, record, targets, waitSeconds)
}

/** Runs a workflow as it stands now. */
export async function executeWorkflow(
  ctx: Ctx,
  id: string,
  request: ExecuteWorkflow,
  waitSeconds: number,
): Promise<Execution> {
  requireScope(ctx, 'execute')
  const workflow = await findWorkflow(ctx, id)
  const { targets } = await requireRunnable(ctx, workflow.definition)
  const record = newRecord(ctx, workflow.definition, request.input)
  const { version } = workflow
  const row = newRow(ctx, record, { workflowId: id, workflowVersion: version, trigger: 'api', planId: null })
  await ctx.db.batch(insertRun(ctx, row))
  return startRun(ctx, row, record, targets, waitSeconds)
}

/** The executions of the workspace, newest first. */
export async function listExecutions(
  ctx: Ctx,
  { limit, cursor, workflowId }: PageQuery & { workflowId?: string | undefined },
) {
  requireScope(ctx, 'read')
  const rows = await ctx.db
    .select(view)
    .from(runs)
    .where(
      and(
        eq(runs.workspaceId, ctx.actor.workspaceId),
        workflowId ? eq(runs.workflowId, workflowId) : undefined,
        cursor ? lt(runs.id, cursor) : undefined,
      ),
    )
    .orderBy(desc(runs.id))
    .limit(limit + 1)
  return toPage(rows, limit)
}

/** One execution, step by step, as it is now. */
export async function getExecution(ctx: Ctx, id: string): Promise<Execution> {
  requireScope(ctx, 'read')
  const row = await findRun(ctx, id)
  const answer = await stub(ctx, id).snapshot()
  if (answer === null) return toExecution(row, null, initialState)
  const { record, state } = toSnapshot(answer)
  return toExecution(row, record, state)
}

/** The events of an execution as server-sent events, from the one after `lastEventId`; ends with the execution. */
export async function watchExecution(ctx: Ctx, id: string, lastEventId: string | undefined): Promise<ReadableStream> {
  requireScope(ctx, 'read')
  await findRun(ctx, id)
  const after = Number.parseInt(lastEventId ?? '', 10)
  return stub(ctx, id).watch(after > 0 ? after : 0)
}

/** Stops an execution that is still running. @throws AppError CONFLICT when it has ended. */
export async function cancelExecution(ctx: Ctx, id: string): Promise<Execution> {
  requireScope(ctx, 'execute')
  const row = await findRun(ctx, id)
  if (!(await stub(ctx, id).cancel()))
    throw new AppError('CONFLICT', `The execution ${id} has already ended (${row.status}).`)
  return getExecution(ctx, id)
}

function newRecord(ctx: Ctx, definition: WorkflowDefinition, input: Record<string, unknown>): RunRecord {
  const { workspaceId, userId } = ctx.actor
  return {
    runId: newId('run', ctx.now()),
    workspaceId,
    userId,
    requestId: ctx.requestId,
    definition,
    input: parseInput(definition.inputs, input),
  }
}

type Origin = { workflowId: string; workflowVersion: number; trigger: 'chat' | 'api'; planId: string | null }

function newRow(ctx: Ctx, record: RunRecord, origin: Origin) {
  return {
    id: record.runId,
    workspaceId: record.workspaceId,
    ...origin,
    name: record.definition.name,
    status: 'running' as const,
    input: record.input,
    createdBy: record.userId,
    createdAt: iso(ctx.now()),
  }
}

function insertRun(ctx: Ctx, row: ReturnType<typeof newRow>) {
  return [ctx.db.insert(runs).values(row), auditRow(ctx, 'run.create', row.id, { workflowId: row.workflowId })] as const
}

async function startRun(
  ctx: Ctx,
  row: ReturnType<typeof newRow>,
  record: RunRecord,
  targets: Targets,
  waitSeconds: number,
): Promise<Execution> {
  const { state } = toSnapshot(await stub(ctx, record.runId).start(record, targets, waitSeconds * 1000))
  const { planId: _plan, createdBy: _user, workspaceId: _workspace, ...shown } = row
  return toExecution({ ...shown, output: null, error: null, finishedAt: null }, record, state)
}

function stub(ctx: Ctx, runId: string): DurableObjectStub<WorkflowRun> {
  const namespace = ctx.env.WORKFLOW_RUN
  return namespace.get(namespace.idFromName(runId))
}

/** What an object answered. RPC types give up on `unknown`, which here is always JSON, so the type is put back. */
function toSnapshot(answer: unknown): RunSnapshot {
  return answer as RunSnapshot
}

async function findRun(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select({ ...view, input: runs.input, output: runs.output, error: runs.error })
    .from(runs)
    .where(and(eq(runs.id, id), eq(runs.workspaceId, ctx.actor.workspaceId)))
  if (!row) throw notFound('execution', id)
  return row
}

function alreadyExecuted(planId: string, runId: string | null): AppError {
  return new AppError('PLAN_ALREADY_EXECUTED', `The plan ${planId} was executed as ${runId}.`, {
    extra: { executionId: runId },
  })
}

/** The row of D1 with what the object knows; the object is the authority, and D1 follows it a moment later. */
function toExecution(row: Awaited<ReturnType<typeof findRun>>, record: RunRecord | null, state: RunState): Execution {
  const steps = (record?.definition.steps ?? []).map((step): ExecutionStep => {
    const current = state.steps[step.id] ?? { status: 'pending' as const }
    return {
      id: step.id,
      name: step.name ?? null,
      type: step.type,
      operation: step.type === 'api_call' ? step.operation : null,
      status: current.status,
      attempt: 'attempt' in current ? current.attempt : 0,
      startedAt: 'startedAt' in current ? iso(current.startedAt) : null,
      finishedAt: 'finishedAt' in current ? iso(current.finishedAt) : null,
      output: current.status === 'succeeded' ? current.output : null,
      error: 'error' in current ? { code: current.error.code, message: current.error.message } : null,
    }
  })
  return {
    ...row,
    status: state.status === 'accepted' ? row.status : state.status,
    finishedAt: 'finishedAt' in state ? iso(state.finishedAt) : row.finishedAt,
    output: state.status === 'succeeded' ? state.output : row.output,
    error: state.status === 'failed' ? state.error : row.error,
    steps,
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
