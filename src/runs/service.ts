import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import { auditRow, recordAudit } from '../audit/audit.ts'
import { requireScope, type Ctx } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage, type PageQuery } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { mask } from '../platform/log.ts'
import { findPlan, markExecuted } from '../planner/service.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { findWorkflow, insertWorkflow } from '../workflows/service.ts'
import { parseInput } from './input.ts'
import { initialState, type RunState } from './machine.ts'
import type { RunRecord, RunSnapshot } from './record.ts'
import type {
  DecisionRequest,
  ExecutePlan,
  ExecuteWorkflow,
  Execution,
  LoggedEvent,
  ResumeRequest,
  Trigger,
} from './schema.ts'
import { showSteps } from './show-steps.ts'
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
  const { pinned, linked, targets } = await requireRunnable(ctx, definition)
  const record = newRecord(ctx, linked, request.input)
  const workflowId = newId('wfl', ctx.now())
  const row = newRow(ctx, record, { workflowId, workflowVersion: 1, trigger: 'chat', planId: request.planId })
  try {
    await ctx.db.batch([
      ...insertWorkflow(ctx, workflowId, pinned),
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
  const { linked, targets } = await requireRunnable(ctx, workflow.definition, id)
  const record = newRecord(ctx, linked, request.input)
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

/** Lets an execution begin nothing more until it is resumed. @throws AppError CONFLICT when it is not running. */
export async function pauseExecution(ctx: Ctx, id: string): Promise<Execution> {
  requireScope(ctx, 'execute')
  await findRun(ctx, id)
  if (!(await stub(ctx, id).pause())) throw await notIn(ctx, id, 'running')
  await ctx.db.batch([setStatus(ctx, id, 'paused', ['running']), auditRow(ctx, 'run.pause', id)])
  return getExecution(ctx, id)
}

/**
 * Lets a paused execution go on, or takes a failed one up again at the steps that failed, with other input if it is
 * given. What is done stays done.
 * @throws AppError CONFLICT when it is neither, MISSING_INPUT.
 */
export async function resumeExecution(ctx: Ctx, id: string, request: ResumeRequest): Promise<Execution> {
  requireScope(ctx, 'execute')
  await findRun(ctx, id)
  const object = stub(ctx, id)
  const answer = await object.snapshot()
  const snapshot = answer === null ? null : toSnapshot(answer)
  const input = request.input && snapshot ? parseInput(snapshot.record.definition.inputs, request.input) : undefined
  // The row goes first: the execution may end again before the object has answered.
  const from = snapshot?.state.status === 'failed' ? ('failed' as const) : ('paused' as const)
  await ctx.db.batch([
    setStatus(ctx, id, 'running', [from]),
    auditRow(ctx, 'run.resume', id, { from, edited: input !== undefined }),
  ])
  const resumed = from === 'failed' ? await object.reopen(input) : await object.resume()
  if (!resumed) throw await notIn(ctx, id, 'paused or failed')
  return getExecution(ctx, id)
}

/** Settles a step that waits for a person. @throws AppError CONFLICT when the step does not wait for such a decision. */
export async function decideExecution(ctx: Ctx, id: string, request: DecisionRequest): Promise<Execution> {
  requireScope(ctx, 'execute')
  await findRun(ctx, id)
  const { step, verdict, comment = null } = request
  const settled = await stub(ctx, id).decide(step, { verdict, by: ctx.actor.userId, comment })
  if (!settled) throw new AppError('CONFLICT', `The step ${step} does not wait for a decision of this kind.`)
  await recordAudit(ctx, 'run.decide', id, { step, verdict })
  return getExecution(ctx, id)
}

/** Everything that happened to an execution, in its order: the run can be rebuilt from it. */
export async function getLog(ctx: Ctx, id: string): Promise<LoggedEvent[]> {
  requireScope(ctx, 'read')
  await findRun(ctx, id)
  const events = (await stub(ctx, id).events()) as readonly LoggedEvent[]
  return events.map((event) => mask(event) as LoggedEvent)
}

function setStatus(ctx: Ctx, id: string, status: 'running' | 'paused', from: ('running' | 'paused' | 'failed')[]) {
  return ctx.db
    .update(runs)
    .set({ status, finishedAt: null, error: null })
    .where(and(eq(runs.id, id), eq(runs.workspaceId, ctx.actor.workspaceId), inArray(runs.status, from)))
}

async function notIn(ctx: Ctx, id: string, wanted: string): Promise<AppError> {
  const { status } = await getExecution(ctx, id)
  return new AppError('CONFLICT', `The execution ${id} is ${status}, not ${wanted}.`)
}

/** What a new run is started with. @throws AppError MISSING_INPUT */
export function newRecord(
  ctx: Ctx,
  definition: WorkflowDefinition,
  input: Record<string, unknown>,
  runId: string = newId('run', ctx.now()),
): RunRecord {
  const { workspaceId, userId } = ctx.actor
  return {
    runId,
    workspaceId,
    userId,
    requestId: ctx.requestId,
    definition,
    input: parseInput(definition.inputs, input),
  }
}

type Origin = { workflowId: string; workflowVersion: number; trigger: Trigger; planId: string | null }

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

/** The object of a run. */
export function stub(ctx: Ctx, runId: string): DurableObjectStub<WorkflowRun> {
  const namespace = ctx.env.WORKFLOW_RUN
  return namespace.get(namespace.idFromName(runId))
}

/** What an object answered. RPC types give up on `unknown`, which here is always JSON, so the type is put back. */
export function toSnapshot(answer: unknown): RunSnapshot {
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
  return {
    ...row,
    status: state.status === 'accepted' ? row.status : state.status,
    finishedAt: 'finishedAt' in state ? iso(state.finishedAt) : row.finishedAt,
    output: state.status === 'succeeded' ? state.output : row.output,
    error: state.status === 'failed' ? state.error : row.error,
    steps: record ? showSteps(record.definition.steps, state) : [],
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
