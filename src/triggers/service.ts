import { and, count, eq } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { type Ctx, requireScope } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { keysetOf } from '../platform/keyset.ts'
import { parseInput } from '../runs/input.ts'
import { writtenRuns } from '../runs/register/register.ts'
import { runs } from '../runs/tables.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { findWorkflow, listWorkflow } from '../workflows/service.ts'
import { checkTimetable, nextTimes, type Timetable } from './cron.ts'
import { isLastRun, lastRunColumns, toLastRun } from './last-run.ts'
import type { NewSchedule, PreviewQuery, Schedule, ScheduleEdit, SchedulePreview, TriggerQuery } from './schema.ts'
import { schedules } from './tables.ts'

const MAX_SCHEDULES = 50
const SHOWN = 5

export type ScheduleRow = typeof schedules.$inferSelect
type Found = { row: ScheduleRow; run: Parameters<typeof toLastRun>[0] }

/**
 * Has a workflow run by itself. Whoever sets this up must be allowed to run it.
 * @throws AppError VALIDATION_FAILED, MISSING_INPUT, CONFLICT when the workflow has 50 already.
 */
export async function createSchedule(ctx: Ctx, workflowId: string, request: NewSchedule): Promise<Schedule> {
  requireScope(ctx, 'write')
  requireScope(ctx, 'execute')
  const { definition } = await findWorkflow(ctx, workflowId)
  const row = newRow(ctx, workflowId, definition, request)
  const [held] = await ctx.db.select({ count: count() }).from(schedules).where(ofWorkflow(ctx, workflowId))
  if (held && held.count >= MAX_SCHEDULES)
    throw new AppError('CONFLICT', `The workflow ${workflowId} has ${MAX_SCHEDULES} schedules already; remove one.`)
  await ctx.db.batch([...insertSchedule(ctx, row), listWorkflow(ctx, workflowId)])
  return toSchedule(ctx, { row, run: null })
}

/** The row of a new schedule. @throws AppError VALIDATION_FAILED, MISSING_INPUT */
export function newRow(
  ctx: Ctx,
  workflowId: string,
  { inputs }: Pick<WorkflowDefinition, 'inputs'>,
  request: NewSchedule,
): ScheduleRow {
  checkTimetable(request, ctx.now())
  const { workspaceId, userId } = ctx.actor
  const { cron, timeZone, enabled } = request
  const at = iso(ctx.now())
  return {
    id: newId('sch', ctx.now()),
    workspaceId,
    workflowId,
    name: request.name ?? null,
    cron,
    timeZone,
    enabled,
    input: parseInput(inputs, request.input),
    nextRunAt: enabled ? nextOf(ctx, request) : null,
    lastDueAt: null,
    lastRunId: null,
    lastError: null,
    createdBy: userId,
    createdAt: at,
    updatedAt: at,
  }
}

/** The statements that store a new schedule, for the caller's batch. */
export function insertSchedule(ctx: Ctx, row: ScheduleRow) {
  const { id, workflowId, cron, timeZone } = row
  return [
    ctx.db.insert(schedules).values(row),
    auditRow(ctx, 'schedule.create', id, { workflowId, cron, timeZone }),
  ] as const
}

/** The schedules of a workflow. */
export async function listSchedules(ctx: Ctx, workflowId: string, { limit, enabled, ...place }: TriggerQuery) {
  requireScope(ctx, 'read')
  const { after, order } = keysetOf(schedules.id, place)
  await findWorkflow(ctx, workflowId)
  await writtenRuns(ctx)
  const rows = await selectSchedules(ctx)
    .where(and(ofWorkflow(ctx, workflowId), enabled === undefined ? undefined : eq(schedules.enabled, enabled), after))
    .orderBy(order)
    .limit(limit + 1)
  return toPage(
    rows.map((found) => toSchedule(ctx, found)),
    limit,
  )
}

/** One schedule with its next five times. */
export async function getSchedule(ctx: Ctx, workflowId: string, id: string): Promise<Schedule> {
  requireScope(ctx, 'read')
  return toSchedule(ctx, await findSchedule(ctx, workflowId, id))
}

/** Changes a schedule. With another timetable, or turned on again, it begins at the next time from now. */
export async function updateSchedule(ctx: Ctx, workflowId: string, id: string, edit: ScheduleEdit): Promise<Schedule> {
  requireScope(ctx, 'write')
  requireScope(ctx, 'execute')
  const { row: before } = await findSchedule(ctx, workflowId, id)
  const { cron = before.cron, timeZone = before.timeZone, enabled = before.enabled } = edit
  checkTimetable({ cron, timeZone }, ctx.now())
  const { definition } = await findWorkflow(ctx, workflowId)
  const moved = cron !== before.cron || timeZone !== before.timeZone || enabled !== before.enabled
  const changes = {
    cron,
    timeZone,
    enabled,
    updatedAt: iso(ctx.now()),
    ...(edit.name !== undefined && { name: edit.name }),
    ...(edit.input !== undefined && { input: parseInput(definition.inputs, edit.input) }),
    ...(moved && { nextRunAt: enabled ? nextOf(ctx, { cron, timeZone }) : null }),
  }
  await ctx.db.batch([
    ctx.db
      .update(schedules)
      .set(changes)
      .where(mine(ctx, workflowId, id)),
    auditRow(ctx, 'schedule.update', id, { cron, timeZone, enabled }),
  ])
  return toSchedule(ctx, await findSchedule(ctx, workflowId, id))
}

/** Removes a schedule; the executions it started stay. */
export async function deleteSchedule(ctx: Ctx, workflowId: string, id: string): Promise<{ id: string; deleted: true }> {
  requireScope(ctx, 'write')
  const [removed] = await ctx.db.batch([
    ctx.db
      .delete(schedules)
      .where(mine(ctx, workflowId, id))
      .returning({ id: schedules.id }),
    auditRow(ctx, 'schedule.delete', id, { workflowId }),
  ])
  if (removed.length === 0) throw notFound('schedule', id)
  return { id, deleted: true }
}

/** The next five times of a timetable that is not stored. @throws AppError VALIDATION_FAILED */
export function previewSchedule(ctx: Ctx, query: PreviewQuery): SchedulePreview {
  requireScope(ctx, 'read')
  checkTimetable(query, ctx.now())
  return { nextRuns: nextTimes(query, ctx.now(), SHOWN).map(iso) }
}

function selectSchedules(ctx: Ctx) {
  return ctx.db
    .select({ row: schedules, run: lastRunColumns })
    .from(schedules)
    .leftJoin(runs, isLastRun(schedules.lastRunId, schedules.workspaceId))
}

async function findSchedule(ctx: Ctx, workflowId: string, id: string): Promise<Found> {
  const [found] = await selectSchedules(ctx).where(mine(ctx, workflowId, id))
  if (!found) throw notFound('schedule', id)
  return found
}

function ofWorkflow(ctx: Ctx, workflowId: string) {
  return and(eq(schedules.workspaceId, ctx.actor.workspaceId), eq(schedules.workflowId, workflowId))
}

function mine(ctx: Ctx, workflowId: string, id: string) {
  return and(ofWorkflow(ctx, workflowId), eq(schedules.id, id))
}

function nextOf(ctx: Ctx, timetable: Timetable): number | null {
  return nextTimes(timetable, ctx.now(), 1)[0] ?? null
}

/** A schedule as it is shown, with its next five times. */
export function toSchedule(ctx: Ctx, { row, run }: Found): Schedule {
  const { workspaceId: _workspace, createdBy: _user, nextRunAt, lastDueAt, ...shown } = row
  return {
    ...shown,
    nextRunAt: nextRunAt === null ? null : iso(nextRunAt),
    nextRuns: row.enabled ? nextTimes(row, ctx.now(), SHOWN).map(iso) : [],
    lastDueAt: lastDueAt === null ? null : iso(lastDueAt),
    lastRun: toLastRun(run),
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
