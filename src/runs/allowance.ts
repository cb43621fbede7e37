import { count, eq, max, sql } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { resolveLimits, type RunLimits, type SetLimits } from './limits.ts'
import { runLimits, runs } from './tables.ts'

/** How far runs of a workspace may go, and how many are open. */
export type Allowance = { limits: RunLimits; open: number }

const RETRY_AFTER_SECONDS = 5

/** The statement behind `toAllowance`, for the caller's batch: always one row, whether anything was set or not. */
export function selectAllowance(ctx: Ctx) {
  const { workspaceId } = ctx.actor
  // Written out, as the index over open runs is not found by a parameter.
  const isOpen = sql`${runs.workspaceId} = ${workspaceId} and ${runs.status} = 'running'`
  return ctx.db
    .select({
      maxSteps: max(runLimits.maxSteps),
      maxDurationMs: max(runLimits.maxDurationMs),
      maxConcurrency: max(runLimits.maxConcurrency),
      maxDataBytes: max(runLimits.maxDataBytes),
      open: sql<number>`(${ctx.db.select({ open: count() }).from(runs).where(isOpen)})`,
    })
    .from(runLimits)
    .where(eq(runLimits.workspaceId, workspaceId))
}

/** What the row of `selectAllowance` says. */
export function toAllowance([row]: readonly (SetLimits & { open: number })[]): Allowance {
  return { limits: resolveLimits(row), open: row?.open ?? 0 }
}

/** What the workspace allows its runs now. */
export async function loadAllowance(ctx: Ctx): Promise<Allowance> {
  return toAllowance(await selectAllowance(ctx))
}

/** @throws AppError TOO_MANY_EXECUTIONS when as many executions are open as the workspace allows. */
export function requireRoom({ limits, open }: Allowance): void {
  if (open < limits.maxConcurrency) return
  throw new AppError(
    'TOO_MANY_EXECUTIONS',
    `${open} executions of this workspace are open; its limit is ${limits.maxConcurrency} (GET /api/limits).`,
    { headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) } },
  )
}
