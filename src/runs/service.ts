import { and, eq } from 'drizzle-orm'
import { type Ctx, requireScope } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { findPlan, markExecuted } from '../planner/service.ts'
import { keysetOf } from '../platform/keyset.ts'
import { mask } from '../platform/log.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { insertWorkflow } from '../workflows/service.ts'
import { insertRun, newRecord, newRow, type RunRow } from './accept.ts'
import { loadExactAllowance, requireRoom, requireRoomNow, tooMany } from './allowance.ts'
import { startBeyondRequest } from './host/start.ts'
import { readRun, toView } from './read-run.ts'
import { writtenRuns } from './register/register.ts'
import { mayBeginInRequest, runInRequest } from './request-run.ts'
import { loadAnew, loadCurrent, remember, type RunnableWorkflow } from './runnable.ts'
import type { ExecutePlan, ExecuteWorkflow, Execution, ExecutionQuery, LoggedEvent, LogQuery } from './schema.ts'
import { stub } from './stub.ts'
import { runs } from './tables.ts'
import { findUndo, type FoundUndo } from './undo/find-undo.ts'
import type { RunView } from './view.ts'

export const view = {
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
