import { and, asc, eq, lte } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { systemCtx, type Ctx, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { idAt } from '../lib/ids.ts'
import { errorFields } from '../platform/log.ts'
import { loadRunnable } from '../runs/runnable.ts'
import { prepareRun } from '../runs/start.ts'
import { latestTime, nextTimes } from './cron.ts'
import { schedules } from './tables.ts'

const PAGE = 100
const AT_ONCE = 10

type Row = typeof schedules.$inferSelect

/**
 * Starts what is due, of every workspace. A due time is run once however often and late this comes, and by however many
 * at once: whoever moves the schedule on has the run, and its id follows from schedule and due time. Of the times that
 * were missed while nothing ran, the latest is made up and the others are not.
 */
export async function startDueSchedules(world: World): Promise<void> {
  for (;;) {
    const due = await world.db
      .select()
      .from(schedules)
      .where(and(eq(schedules.enabled, true), lte(schedules.nextRunAt, world.now())))
      .orderBy(asc(schedules.nextRunAt))
      .limit(PAGE)
    let failed = 0
    for (let at = 0; at < due.length; at += AT_ONCE) {
      const settled = await Promise.allSettled(due.slice(at, at + AT_ONCE).map((row) => startDue(world, row)))
      for (const [index, result] of settled.entries()) {
        if (result.status === 'fulfilled') continue
        failed++
        world.log.error('schedule not run', { schedule: due[at + index]?.id, ...errorFields(result.reason) })
      }
    }
    // What failed is still due, and has its turn again in a minute.
    if (due.length < PAGE || failed > 0) return
  }
}

async function startDue(world: World, row: Row): Promise<void> {
  const ctx = systemCtx(world, row.workspaceId, row.createdBy)
  // Asked once: a minute that begins meanwhile is the next turn's.
  const now = world.now()
  const due = Math.max(latestTime(row, now) ?? 0, row.nextRunAt ?? 0)
  const nextRunAt = nextTimes(row, now, 1)[0] ?? null
  const run = await prepare(ctx, row, due)
  if ('problem' in run) {
    await ctx.db.batch([
      moveOn(ctx, row, { nextRunAt, lastDueAt: due, lastRunId: null, lastError: run.problem }),
      auditRow(ctx, 'schedule.fail', row.id, run.problem, 'failure'),
    ])
    return
  }
  const claim = moveOn(ctx, row, { nextRunAt, lastDueAt: due, lastRunId: run.runId, lastError: null })
  const [, inserted] = await ctx.db.batch([claim, ...run.insertIfChanged])
  if (inserted.length > 0) await run.start()
}

/** What people can put right is a problem of the schedule; anything else is thrown, and tried again. */
async function prepare(ctx: Ctx, row: Row, due: number) {
  try {
    const workflow = await loadRunnable(ctx, row.workflowId)
    const runId = idAt('run', row.id, due)
    return prepareRun(ctx, workflow, { runId, input: row.input, trigger: 'schedule', source: row.id })
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    return { problem: { code: error.code, message: error.message } }
  }
}

/** Only where the schedule still stands where it was read: of two at once, one moves it on. */
function moveOn(ctx: Ctx, row: Row, to: Pick<Row, 'nextRunAt' | 'lastDueAt' | 'lastRunId' | 'lastError'>) {
  return ctx.db
    .update(schedules)
    .set(to)
    .where(
      and(
        eq(schedules.id, row.id),
        eq(schedules.workspaceId, row.workspaceId),
        eq(schedules.enabled, true),
        eq(schedules.nextRunAt, row.nextRunAt ?? 0),
      ),
    )
}
