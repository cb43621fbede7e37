import { sql } from 'drizzle-orm'
import { auditRows } from '../../audit/audit.ts'
import { findCompensations } from '../../compensations/find.ts'
import { connectedSince } from '../../connections/targets.ts'
import { type Ctx, requireScope } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { newId } from '../../lib/ids.ts'
import { mask } from '../../platform/log.ts'
import { loadTargets } from '../../steps/catalogue.ts'
import { FIRST_VERSION } from '../../steps/link.ts'
import type { WorkflowDefinition } from '../../steps/schema.ts'
import { requireRunnable } from '../../workflows/runnable.ts'
import { insertWorkflow } from '../../workflows/service.ts'
import { created, insertRow, newRecord, newRow, priorityOf, type RunRow } from '../accept.ts'
import { loadAllowance, loadExactAllowance, requireRoom } from '../allowance.ts'
import type { RunLimits } from '../limits.ts'
import { readRun } from '../read-run.ts'
import type { RunRecord } from '../record.ts'
import { loadRunnable } from '../runnable.ts'
import type { Execution } from '../schema.ts'
import { findRun, findWritten, getExecution } from '../service.ts'
import { stub } from '../stub.ts'
import { runs } from '../tables.ts'
import { findFailures } from './failures.ts'
import { findDeleted, findUndo, type FoundUndo } from './find-undo.ts'
import type { Course } from './made-calls.ts'
import { planUndo, type UndoCall, type UndoPlan } from './plan-undo.ts'
import type { Undo } from './schema.ts'
import { undoWorkflow } from './undo-workflow.ts'

const ENDS = new Set<Course['status']>(['succeeded', 'failed', 'cancelled'])

/** What undoing an execution calls, and what cannot be taken back. @throws AppError NOT_FOUND, CONFLICT while it runs. */
export async function getUndo(ctx: Ctx, id: string): Promise<Undo> {
  requireScope(ctx, 'read')
  const [plan, undoneBy] = await Promise.all([planFor(ctx, await findRun(ctx, id)), findUndo(ctx, id)])
  const failures = mask(await findFailures(ctx, undoneBy)) as Undo['failures']
  const shown = mask({ ...plan, calls: plan.calls.map(withoutSecrets) }) as UndoPlan
  return { executionId: id, undoneBy, ...shown, failures }
}

/** A call whose address does not tell what is masked among its parameters. */
function withoutSecrets(call: UndoCall): UndoCall {
  const { parameters, request } = call
  const url = Object.entries(parameters).reduce((shown, [name, value]) => {
    const masked = mask(value, name)
    const isSecret = typeof masked === 'string' && masked !== value
    return isSecret ? shown.replaceAll(encodeURIComponent(String(value)), masked) : shown
  }, request.url)
  return { ...call, request: { ...request, url } }
}

/**
 * Takes back what an execution did, in an execution of its own. It is confirmed by whoever asks for it, so that of the
 * policies only a second person is still asked for. An execution is undone once: who asks again gets the undo there is.
 * @throws AppError NOT_FOUND, CONFLICT while it runs, NOTHING_TO_UNDO, TOO_MANY_EXECUTIONS.
 */
export async function undoExecution(ctx: Ctx, id: string, waitSeconds: number): Promise<Execution> {
  requireScope(ctx, 'execute')
  const row = await findWritten(ctx, id)
  const before = await findUndo(ctx, id)
  if (isStanding(before)) return takeUp(ctx, before.id, waitSeconds)
  const { calls } = await planFor(ctx, row)
  if (calls.length === 0) throw nothingOf(id)
  const allowance = await loadExactAllowance(ctx)
  requireRoom(allowance)
  const { record, targets, pinned } = await recordOf(ctx, row, calls, { limits: allowance.limits, trigger: 'api' })
  const accepted = await accept(ctx, row, record, pinned, 'api')
  if (!accepted) return theOther(ctx, id, waitSeconds)
  await stub(ctx, record.runId).start(record, targets, { waitMs: waitSeconds * 1000 })
  return getExecution(ctx, record.runId)
}

/**
 * As `undoExecution`, as a part of a batch, under an id that follows from it: doing so twice does it once. `nothing` where
 * the execution has changed nothing.
 * @throws AppError NOT_FOUND, NOTHING_TO_UNDO where nothing of it can be taken back; CONFLICT while it runs, or where
 * another undo of it was begun.
 */
export async function undoInBatch(ctx: Ctx, id: string, undoId: string): Promise<'begun' | 'nothing'> {
  requireScope(ctx, 'execute')
  const row = await findWritten(ctx, id)
  if (!isStanding(await findUndo(ctx, id))) {
    const { calls, remaining } = await planFor(ctx, row)
    if (calls.length === 0 && remaining.length === 0) return 'nothing'
    if (calls.length === 0) throw nothingOf(id)
    const { limits } = await loadAllowance(ctx)
    const { record, targets, pinned } = await recordOf(ctx, row, calls, { limits, trigger: 'batch', undoId })
    if (await accept(ctx, row, record, pinned, 'batch')) {
      await stub(ctx, undoId).start(record, targets, { waitMs: 0 })
      return 'begun'
    }
  }
  const undo = await findUndo(ctx, id)
  if (undo?.id !== undoId)
    throw new AppError(
      'CONFLICT',
      `The execution ${id} has gone on meanwhile, or is undone by ${undo?.id ?? 'another'}.`,
    )
  await takeUp(ctx, undoId, 0)
  return 'begun'
}

/** What an undo is started with. */
async function recordOf(
  ctx: Ctx,
  { id, name }: RunRow,
  calls: readonly UndoCall[],
  { limits, trigger, undoId }: { limits: RunLimits; trigger: 'api' | 'batch'; undoId?: string },
) {
  const { definition, input } = undoWorkflow(id, name, calls)
  const { pinned, linked, targets } = await requireRunnable(ctx, definition)
  const carried = { definition: linked, targets, confirmed: true }
  return { record: newRecord(ctx, carried, input, limits, priorityOf[trigger], undoId), targets, pinned }
}

function nothingOf(id: string): AppError {
  return new AppError('NOTHING_TO_UNDO', `Nothing of what the execution ${id} did can be taken back.`)
}

async function planFor(ctx: Ctx, row: RunRow): Promise<UndoPlan> {
  const course = await readRun(ctx, row).course()
  if (!course || !ENDS.has(course.status))
    throw new AppError('CONFLICT', `The execution ${row.id} has not ended: cancel it, or wait for its end.`)
  const steps = course.calls.map(({ step }) => step)
  const [found, anew] = await Promise.all([loadTargets(ctx, steps), connectedSince(ctx, row.createdAt)])
  // Another account may be behind what was connected anew, and its ids name other things.
  const targets = Object.fromEntries(Object.entries(found).filter(([, { upstream }]) => !anew.has(upstream.slug)))
  const endpoints = Object.values(targets).map(({ endpoint }) => endpoint)
  const [compensations, deleted] = await Promise.all([findCompensations(ctx, endpoints), findDeleted(ctx, row.id)])
  return planUndo(course.calls, targets, compensations, deleted)
}

/**
 * Stores an undo with its workflow. False where the run has gone on since it was looked at, or somebody else undoes it; the
 * workflow is forgotten then with the others that are not listed.
 */
async function accept(
  ctx: Ctx,
  { id, finishedAt }: RunRow,
  record: RunRecord,
  definition: WorkflowDefinition,
  trigger: 'api' | 'batch',
): Promise<boolean> {
  const workflowId = newId('wfl', ctx.now())
  const origin = { workflowId, workflowVersion: FIRST_VERSION, trigger, planId: null }
  const row: RunRow = { ...newRow(ctx, record, origin), undoes: id }
  const isAsItWas = sql`exists (select 1 from ${runs} as undone
    where undone.id = ${id} and undone.workspace_id = ${ctx.actor.workspaceId} and undone.finished_at = ${finishedAt ?? null})`
  try {
    const results = await ctx.db.batch([
      insertRow(ctx, row, isAsItWas),
      auditRows(ctx, [created(row), { action: 'run.undo', resource: id, details: { undoneBy: row.id } }]),
      ...insertWorkflow(ctx, workflowId, definition, { listed: false }),
    ])
    return results[0].length > 0
  } catch (error) {
    // Two at once: the unique index lets one through and undoes the whole of the other.
    if (isStanding(await findUndo(ctx, id))) return false
    throw error
  }
}

/** The undo that somebody else has begun meanwhile. @throws AppError CONFLICT where it is the run that has gone on. */
async function theOther(ctx: Ctx, id: string, waitSeconds: number): Promise<Execution> {
  const other = await findUndo(ctx, id)
  if (isStanding(other)) return takeUp(ctx, other.id, waitSeconds)
  throw new AppError('CONFLICT', `The execution ${id} has gone on meanwhile: look at it again.`)
}

/** The undo there is. One whose Worker died before it began is begun now. */
async function takeUp(ctx: Ctx, undoId: string, waitSeconds: number): Promise<Execution> {
  const object = stub(ctx, undoId)
  if ((await object.view()) === null) {
    const { workflowId, workflowVersion, input, trigger } = await findRun(ctx, undoId)
    const workflow = await loadRunnable(ctx, workflowId, workflowVersion)
    const { limits } = workflow.allowance
    const record = newRecord(ctx, { ...workflow, confirmed: true }, input, limits, priorityOf[trigger], undoId)
    await object.start(record, workflow.targets, { waitMs: 0 })
  }
  if (waitSeconds > 0) await object.wait(waitSeconds * 1000)
  return getExecution(ctx, undoId)
}

/** Whether an undo counts: one that was cancelled may be begun anew. */
function isStanding(undo: FoundUndo | null): undo is FoundUndo {
  return undo !== null && undo.status !== 'cancelled'
}
