import { and, eq } from 'drizzle-orm'
import { auditValues } from '../audit/audit.ts'
import { type Ctx, requireScope } from '../context.ts'
import { AppError } from '../errors.ts'
import { stepsByPath } from '../steps/paths.ts'
import { loadAllowance } from './allowance.ts'
import { parseInput } from './input.ts'
import { toRecord, toView } from './read-run.ts'
import type { DecisionRequest, Execution, ResumeRequest } from './schema.ts'
import { findWritten, getExecution } from './service.ts'
import { stub } from './stub.ts'
import { runs } from './tables.ts'
import { isNotUndone, refuseUndone } from './undo/find-undo.ts'

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
