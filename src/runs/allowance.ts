import { count, eq, max, sql, type SQL } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { resolveLimits, type RunLimits, type SetLimits } from './limits.ts'
import { writtenRuns } from './register/register.ts'
import { revisions, runLimits, runs } from './tables.ts'

/** How far runs of a workspace may go, how many are open, and at which revision of the workspace that was read. */
export type Allowance = { limits: RunLimits; open: number; revision: number }

const RETRY_AFTER_SECONDS = 5

/** The statement behind `toAllowance`, for the caller's batch: always one row, whether anything was set or not. */
export function selectAllowance(ctx: Ctx) {
  const { workspaceId } = ctx.actor
  return ctx.db
    .select({
      maxSteps: max(runLimits.maxSteps),
      maxDurationMs: max(runLimits.maxDurationMs),
      maxConcurrency: max(runLimits.maxConcurrency),
      maxDataBytes: max(runLimits.maxDataBytes),
      open: sql<number>`${openRuns(ctx)}`.as('open'),
      revision: sql<number>`${revisionOf(ctx)}`.as('revision'),
    })
    .from(runLimits)
    .where(eq(runLimits.workspaceId, workspaceId))
}

/** How many runs of the workspace are open, within a statement. */
export function openRuns(ctx: Ctx): SQL {
  // Written out, as the index over open runs is not found by a parameter.
  const isOpen = sql`${runs.workspaceId} = ${ctx.actor.workspaceId} and ${runs.status} = 'running'`
  return sql`(${ctx.db.select({ open: count() }).from(runs).where(isOpen)})`
}

/** The revision of the workspace, within a statement; see `revisions`. */
export function revisionOf(ctx: Ctx): SQL {
  const { workspaceId } = ctx.actor
  const revision = ctx.db
    .select({ revision: revisions.revision })
    .from(revisions)
    .where(eq(revisions.workspaceId, workspaceId))
  return sql`coalesce((${revision}), 0)`
}

/** What the row of `selectAllowance` says. */
export function toAllowance([row]: readonly (SetLimits & { open: number; revision: number })[]): Allowance {
  return { limits: resolveLimits(row), open: row?.open ?? 0, revision: row?.revision ?? 0 }
}

/** What the workspace allows its runs, every run counted that anybody was told of. */
export async function loadExactAllowance(ctx: Ctx): Promise<Allowance> {
  await writtenRuns(ctx)
  return loadAllowance(ctx)
}

/** What the workspace allows its runs; those of the last moment may not be counted. */
export async function loadAllowance(ctx: Ctx): Promise<Allowance> {
  return toAllowance(await selectAllowance(ctx))
}

/** Whether another execution may be opened. */
export function hasRoom({ limits, open }: Allowance): boolean {
  return open < limits.maxConcurrency
}

/** @throws AppError TOO_MANY_EXECUTIONS when as many executions are open as the workspace allows. */
export function requireRoom(allowance: Allowance): void {
  if (!hasRoom(allowance)) throw tooMany(allowance.limits)
}

/** As `requireRoom`, for an allowance that may be a moment old: where it says no, it is looked at again. */
export async function requireRoomNow(ctx: Ctx, allowance: Allowance): Promise<void> {
  if (!hasRoom(allowance)) requireRoom(await loadExactAllowance(ctx))
}

/** That as many executions are open as these limits allow. */
export function tooMany({ maxConcurrency }: RunLimits): AppError {
  return new AppError(
    'TOO_MANY_EXECUTIONS',
    `No more executions of this workspace may be open at once: its limit is ${maxConcurrency} (GET /api/limits).`,
    { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } },
  )
}
