import { and, eq, lt } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { requireScope, type Ctx, type World } from '../context.ts'
import { notFound } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { planEmbedded } from './embedded.ts'
import { planWithModel } from './model.ts'
import type { ChatMessage, Plan } from './schema.ts'
import { plans } from './tables.ts'

const KEPT_DAYS = 30

/** Turns a message into a plan and keeps it to be confirmed. Nothing is called. */
export async function planMessage(ctx: Ctx, { message }: ChatMessage): Promise<Plan> {
  requireScope(ctx, 'execute')
  const id = newId('pln', ctx.now())
  const createdAt = new Date(ctx.now()).toISOString()
  const made = (await planWithModel(ctx, message)) ?? (await planEmbedded(ctx, message))
  const plan = { ...made, id, message, createdAt }
  const { workspaceId, userId } = ctx.actor
  await ctx.db.batch([
    ctx.db.insert(plans).values({ id, workspaceId, createdBy: userId, plan, createdAt }),
    auditRow(ctx, 'plan.create', id, { status: plan.status }),
  ])
  return { ...plan, executionId: null }
}

/** A plan as it was shown. */
export async function getPlan(ctx: Ctx, id: string): Promise<Plan> {
  requireScope(ctx, 'read')
  const { plan, runId } = await findPlan(ctx, id)
  return { ...plan, executionId: runId }
}

/** A plan and the run it became, if any. @throws AppError NOT_FOUND */
export async function findPlan(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select({ plan: plans.plan, runId: plans.runId })
    .from(plans)
    .where(and(eq(plans.id, id), eq(plans.workspaceId, ctx.actor.workspaceId)))
  if (!row) throw notFound('plan', id)
  return row
}

/** The statement that notes which run a plan became, for the caller's batch. */
export function markExecuted(ctx: Ctx, id: string, runId: string) {
  return ctx.db
    .update(plans)
    .set({ runId })
    .where(and(eq(plans.id, id), eq(plans.workspaceId, ctx.actor.workspaceId)))
}

/** Forgets plans that nobody confirmed within 30 days, those of every workspace. */
export async function forgetOldPlans(world: World): Promise<void> {
  const before = new Date(world.now() - KEPT_DAYS * 86_400_000).toISOString()
  await world.db.delete(plans).where(lt(plans.createdAt, before))
}
