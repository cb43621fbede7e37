import { auditRow } from '../audit/audit.ts'
import { requireScope, type Ctx } from '../context.ts'
import { loadExactAllowance, selectAllowance, toAllowance, type Allowance } from './allowance.ts'
import type { LimitSettings, LimitsView } from './limit-schema.ts'
import { ceilings, defaultLimits } from './limits.ts'
import { runLimits } from './tables.ts'

/** The limits of the workspace's runs, and how many are open. */
export async function getLimits(ctx: Ctx): Promise<LimitsView> {
  requireScope(ctx, 'read')
  return toView(await loadExactAllowance(ctx))
}

/** Sets the limits for runs that are accepted from now on; what is left out has its default again. */
export async function updateLimits(ctx: Ctx, settings: LimitSettings): Promise<LimitsView> {
  requireScope(ctx, 'admin')
  const { workspaceId } = ctx.actor
  const { maxSteps = null, maxDurationMs = null, maxConcurrency = null, maxDataBytes = null } = settings
  const set = { maxSteps, maxDurationMs, maxConcurrency, maxDataBytes }
  const [, , rows] = await ctx.db.batch([
    ctx.db
      .insert(runLimits)
      .values({ workspaceId, ...set })
      .onConflictDoUpdate({ target: runLimits.workspaceId, set }),
    auditRow(ctx, 'limits.update', workspaceId, settings),
    selectAllowance(ctx),
  ])
  return toView(toAllowance(rows))
}

function toView({ limits, open }: Allowance): LimitsView {
  return { values: limits, defaults: defaultLimits, ceilings, open }
}
