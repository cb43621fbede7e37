import { and, eq } from 'drizzle-orm'
import { auditValues } from '../audit/audit.ts'
import { type Ctx, requireScope } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { findPlan, markExecuted } from '../planner/service.ts'
import { keysetOf } from '../platform/keyset.ts'
import { mask } from '../platform/log.ts'
import { stepsByPath } from '../steps/paths.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { insertWorkflow } from '../workflows/service.ts'
import { insertRun, newRecord, newRow, type RunRow } from './accept.ts'
import { loadAllowance, loadExactAllowance, requireRoom, requireRoomNow, tooMany } from './allowance.ts'
import { startBeyondRequest } from './host/start.ts'
import { parseInput } from './input.ts'
import { readRun, toRecord, toView } from './read-run.ts'
import { writtenRuns } from './register/register.ts'
import { mayBeginInRequest, runInRequest } from './request-run.ts'
import { loadAnew, loadCurrent, remember, type RunnableWorkflow } from './runnable.ts'
import type {
  DecisionRequest,
  ExecutePlan,
  ExecuteWorkflow,
  Execution,
  ExecutionQuery,
  LoggedEvent,
  LogQuery,
  ResumeRequest,
} from './schema.ts'
import { stub } from './stub.ts'
import { runs } from './tables.ts'
import { findUndo, type FoundUndo, isNotUndone, refuseUndone } from './undo/find-undo.ts'
import type { RunView } from './view.ts'

const view = {
  id: runs.id,
  workflowId: runs.workflowId,
  workflowVersion: runs.workflowVersion,
  name: runs.name,
  trigger: runs.trigger,
  status: runs.status,
  undoes: runs.undoes,
  createdAt: runs.createdAt,
  finishedAt: runs.finishedAt,
}

/** How long the caller waits for the end, and whether the workflow that a plan becomes is to be in the list. */
type Executing = { waitSeconds: number; listed?: boolean }

/** Confirms a plan: it becomes a workflow, and the workflow runs. A plan can be confirmed once. */
export async function executePlan(
  ctx: Ctx,
  request: ExecutePlan,
  { waitSeconds, listed = true }: Executing,
): Promise<Execution> {
  requireScope(ctx, 'execute')
  const [{ plan, runId: executed }, allowance] = await Promise.all([
    findPlan(ctx, request.planId),
    loadExactAllowance(ctx),
  ])
  if (executed) throw alreadyExecuted(request.planId, executed)
  const definition = request.definition ?? plan.definition
  if (!definition)
    throw new AppError(
      'INVALID_WORKFLOW',
      'This plan found nothing to run; ask in other words, or connect the API it needs.',
    )
  requireRoom(allowance)
  const { pinned, linked, targets } = await requireRunnable(ctx, definition)
  const record = newRecord(ctx, { definition: linked, targets, confirmed: true }, request.input, allowance.limits)
  const workflowId = newId('wfl', ctx.now())
  const row = newRow(ctx, record, { workflowId, workflowVersion: 1, trigger: 'chat', planId: request.planId })
  try {
    await ctx.db.batch([
      ...insertWorkflow(ctx, workflowId, pinned, { listed }),
      ...insertRun(ctx, row),
      markExecuted(ctx, request.planId, record.runId),
    ])
  } catch (error) {
    // Two confirmations at once: the unique index lets one through and undoes the whole of the other.
    const { runId } = await findPlan(ctx, request.planId)
    throw runId === null ? error : alreadyExecuted(request.planId, runId)
  }
  const waitMs = waitSeconds * 1000
  return toExecution(row, toView(await stub(ctx, record.runId).start(record, targets, { waitMs })))
}

/** Runs a workflow as it stands now. @throws AppError NOT_FOUND, INVALID_WORKFLOW, TOO_MANY_EXECUTIONS, MISSING_INPUT. */
export async function executeWorkflow(
  ctx: Ctx,
  id: string,
  request: ExecuteWorkflow,
  waitSeconds: number,
): Promise<Execution> {
  requireScope(ctx, 'execute')
  const waitMs = waitSeconds * 1000
  const asked = ctx.now()
  const believed = await loadCurrent(ctx, id)
  const execution = await startWorkflow(ctx, believed, request, waitMs, 'if unchanged').catch((error: unknown) => {
    // What is wrong with the workflow as it was may be right with it as it is.
    if (error instanceof AppError) return null
    throw error
  })
  if (execution) {
    remember(ctx, believed, asked)
    return execution
  }
  const anew = await loadAnew(ctx, id)
  const started = await startWorkflow(ctx, anew, request, waitMs, 'in any case')
  if (!started) throw new Error('a run was refused without a condition')
  return started
}

/** Runs a workflow as it was loaded; null where it has changed since, and that matters. */
async function startWorkflow(
  ctx: Ctx,
  { id, definition, version, targets, allowance }: RunnableWorkflow,
  request: ExecuteWorkflow,
  waitMs: number,
  when: 'if unchanged' | 'in any case',
): Promise<Execution | null> {
  await requireRoomNow(ctx, allowance)
  const { limits, revision } = allowance
  const record = newRecord(ctx, { definition, targets, confirmed: false }, request.input, limits)
  const row = newRow(ctx, record, { workflowId: id, workflowVersion: version, trigger: 'api', planId: null })
  const { maxConcurrency } = limits
  const given = when === 'if unchanged' ? { revision, maxConcurrency } : { maxConcurrency }
  const started =
    waitMs > 0 && mayBeginInRequest(record.definition.steps)
      ? await runInRequest(ctx, { record, targets, row, given }, waitMs)
      : await startBeyondRequest(ctx, { record, targets, row, given }, { waitMs, began: ctx.now() })
  if (started === 'full') throw tooMany(limits)
  return started === 'changed' ? null : toExecution(row, started)
}

/** The executions of the workspace, those of one workflow or in one state where that is asked for. */
export async function listExecutions(ctx: Ctx, { limit, workflowId, status, ...place }: ExecutionQuery) {
  requireScope(ctx, 'read')
  await writtenRuns(ctx)
  const { after, order } = keysetOf(runs.id, place)
  const rows = await ctx.db
    .select(view)
    .from(runs)
    .where(
      and(
        eq(runs.workspaceId, ctx.actor.workspaceId),
        workflowId ? eq(runs.workflowId, workflowId) : undefined,
        status ? eq(runs.status, status) : undefined,
        after,
      ),
    )
    .orderBy(order)
    .limit(limit + 1)
  return toPage(rows, limit)
}

/** One execution, step by step, as it is now. */
export async function getExecution(ctx: Ctx, id: string): Promise<Execution> {
  requireScope(ctx, 'read')
  const row = await findRun(ctx, id)
  const [view, undoneBy] = await Promise.all([readRun(ctx, row).view(), findUndo(ctx, id)])
  return toExecution(row, view, undoneBy)
}

/** The events of an execution as server-sent events, from the one after `after`; ends with the execution. */
export async function watchExecution(ctx: Ctx, id: string, after: number): Promise<ReadableStream> {
  requireScope(ctx, 'read')
  const row = await findRun(ctx, id)
  return readRun(ctx, row).watch(after > 0 ? after : 0)
}

/** The events of an execution over a WebSocket, from the one after `after`; closes with the execution. */
export async function openSocket(ctx: Ctx, id: string, after: number): Promise<Response> {
  requireScope(ctx, 'read')
  const row = await findRun(ctx, id)
  return readRun(ctx, row).socket(after > 0 ? after : 0)
}

/** Stops an execution that is still running. @throws AppError CONFLICT when it has ended. */
export async function cancelExecution(ctx: Ctx, id: string): Promise<Execution> {
  requireScope(ctx, 'execute')
  const row = await findWritten(ctx, id)
  if (!(await stub(ctx, id).cancel(auditValues(ctx, { action: 'run.cancel', resource: id }))))
    throw new AppError('CONFLICT', `The execution ${id} has already ended (${row.status}).`)
  return getExecution(ctx, id)
}

/** Lets an execution begin nothing more until it is resumed. @throws AppError CONFLICT when it is not running. */
export async function pauseExecution(ctx: Ctx, id: string): Promise<Execution> {
  requireScope(ctx, 'execute')
  await findWritten(ctx, id)
  const audit = auditValues(ctx, { action: 'run.pause', resource: id })
  const status = { to: 'paused' as const, from: ['running' as const, 'needs_decision' as const] }
  if (!(await stub(ctx, id).pause({ audit, status }))) throw await notIn(ctx, id, 'running')
  return getExecution(ctx, id)
}

/**
 * Lets a paused execution go on, or takes a failed one up again at the steps that failed, with other input if it is
 * given, under the limits that hold now. What is done stays done.
 * @throws AppError CONFLICT when it is neither, is undone, or is an undo that is given other input; MISSING_INPUT.
 */
export async function resumeExecution(ctx: Ctx, id: string, request: ResumeRequest): Promise<Execution> {
  requireScope(ctx, 'execute')
  const { undoes } = await findWritten(ctx, id)
  if (undoes && request.input)
    throw new AppError(
      'CONFLICT',
      `The execution ${id} undoes ${undoes}: its input is what that one created. Resume it without input.`,
    )
  const object = stub(ctx, id)
  const [record, view, { limits }] = await Promise.all([object.record(), object.view(), loadAllowance(ctx)])
  const input = request.input && record ? parseInput(toRecord(record).definition.inputs, request.input) : undefined
  const from = view && toView(view).status === 'failed' ? ('failed' as const) : ('paused' as const)
  const details = { from, edited: input !== undefined }
  const audit = auditValues(ctx, { action: 'run.resume', resource: id, details })
  const status = { to: 'running' as const, from: ['paused' as const] }
  if (from === 'failed') await openAgain(ctx, id)
  const resumed =
    from === 'failed' ? await object.reopen(input, limits, { audit }) : await object.resume(limits, { audit, status })
  if (!resumed) throw await notIn(ctx, id, 'paused or failed')
  return getExecution(ctx, id)
}

/** Settles a step that waits for a person. @throws AppError CONFLICT when the step does not wait for such a decision. */
export async function decideExecution(ctx: Ctx, id: string, request: DecisionRequest): Promise<Execution> {
  requireScope(ctx, 'execute')
  await findWritten(ctx, id)
  const { step, verdict, comment = null } = request
  if (verdict === 'approve') await requireMayApprove(ctx, id, step)
  const audit = auditValues(ctx, { action: 'run.decide', resource: id, details: { step, verdict } })
  const settled = await stub(ctx, id).decide(step, { verdict, by: ctx.actor.userId, comment }, { audit })
  if (!settled) throw new AppError('CONFLICT', `The step ${step} does not wait for a decision of this kind.`)
  return getExecution(ctx, id)
}

/** @throws AppError SECOND_PERSON_REQUIRED where whoever started an execution may not approve what it waits for. */
async function requireMayApprove(ctx: Ctx, id: string, path: string): Promise<void> {
  const stored = await stub(ctx, id).record()
  const record = stored ? toRecord(stored) : null
  if (record?.userId !== ctx.actor.userId) return
  const step = stepsByPath(record.definition.steps).get(path)
  if (step?.type === 'approval' && step.secondPerson)
    throw new AppError(
      'SECOND_PERSON_REQUIRED',
      `Somebody else than who started the execution ${id} has to approve it.`,
    )
}

/**
 * What happened to an execution, in its order: the run can be rebuilt from it. Large values are references, to be had by
 * `readValue`. The cursor is the number of the event before.
 */
export async function getLog(ctx: Ctx, id: string, { limit, cursor }: LogQuery) {
  requireScope(ctx, 'read')
  const row = await findRun(ctx, id)
  const events = await readRun(ctx, row).events(cursor, limit + 1)
  const items = events.slice(0, limit).map((event) => mask(event) as LoggedEvent)
  return { items, nextCursor: events.length > limit ? String(cursor + limit) : null }
}

/** A large value of an execution. @throws AppError NOT_FOUND */
export async function readValue(ctx: Ctx, id: string, valueId: number): Promise<unknown> {
  requireScope(ctx, 'read')
  const row = await findRun(ctx, id)
  const text = await readRun(ctx, row).value(valueId)
  if (text === null) throw notFound('value', String(valueId))
  return mask(JSON.parse(text))
}

/**
 * Lists a failed execution as running before its object takes it up again: it may end anew before the object has answered.
 * @throws AppError CONFLICT when it is undone.
 */
async function openAgain(ctx: Ctx, id: string): Promise<void> {
  const isFailed = and(eq(runs.id, id), eq(runs.workspaceId, ctx.actor.workspaceId), eq(runs.status, 'failed'))
  await ctx.db.update(runs).set({ status: 'running', finishedAt: null, error: null }).where(and(isFailed, isNotUndone))
  await refuseUndone(ctx, id)
}

async function notIn(ctx: Ctx, id: string, wanted: string): Promise<AppError> {
  const { status } = await getExecution(ctx, id)
  return new AppError('CONFLICT', `The execution ${id} is ${status}, not ${wanted}.`)
}

/**
 * The row of a run of this workspace; that it still runs may be behind the run itself by a moment.
 * @throws AppError NOT_FOUND
 */
export async function findRun(ctx: Ctx, id: string): Promise<RunRow> {
  return (await selectRun(ctx, id)) ?? findWritten(ctx, id)
}

/** The row of a run as it is once the register has written everything it was told. @throws AppError NOT_FOUND */
export async function findWritten(ctx: Ctx, id: string): Promise<RunRow> {
  await writtenRuns(ctx)
  const row = await selectRun(ctx, id)
  if (!row) throw notFound('execution', id)
  return row
}

async function selectRun(ctx: Ctx, id: string): Promise<RunRow | undefined> {
  const [row] = await ctx.db
    .select()
    .from(runs)
    .where(and(eq(runs.id, id), eq(runs.workspaceId, ctx.actor.workspaceId)))
  return row
}

function alreadyExecuted(planId: string, runId: string | null): AppError {
  return new AppError('PLAN_ALREADY_EXECUTED', `The plan ${planId} was executed as ${runId}.`, {
    extra: { executionId: runId },
  })
}

/** The row of D1 with what the run itself knows; the run is the authority, and D1 follows it a moment later. */
export function toExecution(row: RunRow, view: RunView | null, undoneBy: FoundUndo | null = null): Execution {
  const { id, workflowId, workflowVersion, name, trigger, createdAt } = row
  const known = {
    input: row.input,
    output: row.output ?? null,
    error: row.error ?? null,
    status: row.status,
    finishedAt: row.finishedAt ?? null,
    steps: [],
  }
  const undone = { undoes: row.undoes ?? null, undoneBy }
  return { id, workflowId, workflowVersion, name, trigger, createdAt, ...undone, ...(view ?? known) }
}
