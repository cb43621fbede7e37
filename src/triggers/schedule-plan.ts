import { type Ctx, requireScope } from '../context.ts'
import { AppError } from '../errors.ts'
import { idAt } from '../lib/ids.ts'
import { findPlan, markScheduled } from '../planner/service.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { insertWorkflow } from '../workflows/service.ts'
import type { Schedule, SchedulePlan } from './schema.ts'
import { insertSchedule, newRow, toSchedule } from './service.ts'

/**
 * Confirms that a plan is to run again and again: it becomes a workflow with a schedule, of what the plan says or the request.
 * Nothing is run now. A plan is scheduled once.
 * @throws AppError NOT_FOUND, INVALID_WORKFLOW, MISSING_INPUT, VALIDATION_FAILED where nobody says when, or that cannot be
 * read, PLAN_ALREADY_SCHEDULED.
 */
export async function schedulePlan(ctx: Ctx, request: SchedulePlan): Promise<Schedule> {
  requireScope(ctx, 'write')
  requireScope(ctx, 'execute')
  const { planId, name, input } = request
  const { plan, workflowId: scheduled } = await findPlan(ctx, planId)
  if (scheduled !== null) throw alreadyScheduled(planId, scheduled)
  const definition = request.definition ?? plan.definition
  if (!definition)
    throw new AppError(
      'INVALID_WORKFLOW',
      'This plan found nothing to run; ask in other words, or connect the API it needs.',
    )
  const cron = request.cron ?? plan.schedule?.cron
  if (cron === undefined) throw noTimetable()
  const timeZone = request.timeZone ?? plan.schedule?.timeZone ?? 'UTC'
  const { pinned } = await requireRunnable(ctx, definition)
  // The same for each confirmation of the plan, so that of two at once one is let through.
  const workflowId = idAt('wfl', planId, Date.parse(plan.createdAt))
  const row = newRow(ctx, workflowId, definition, { name, cron, timeZone, input, enabled: true })
  try {
    await ctx.db.batch([
      ...insertWorkflow(ctx, workflowId, pinned),
      ...insertSchedule(ctx, row),
      markScheduled(ctx, planId, workflowId),
    ])
  } catch (error) {
    const { workflowId: other } = await findPlan(ctx, planId)
    throw other === null ? error : alreadyScheduled(planId, other)
  }
  return toSchedule(ctx, { row, run: null })
}

function alreadyScheduled(planId: string, workflowId: string): AppError {
  return new AppError('PLAN_ALREADY_SCHEDULED', `The plan ${planId} was scheduled as the workflow ${workflowId}.`, {
    extra: { workflowId },
  })
}

function noTimetable(): AppError {
  const message = 'is needed: the plan says nothing of when it is to run'
  return new AppError('VALIDATION_FAILED', `/cron ${message}.`, {
    errors: [{ path: '/cron', code: 'custom', message }],
  })
}
