import type { ModelConfig } from '../config.ts'
import type { Ctx } from '../context.ts'
import type { Asked } from './chats.ts'
import { planEmbedded } from './embedded.ts'
import { type ModelOutcome, type ModelQuestion, planWithModel } from './model/model.ts'
import type { Planned } from './schema.ts'

/** A plan that was made, and what came between. */
export type Made = {
  planned: Planned
  notice: string | null
  /** How sure the operations are together, from 0 to 1; null where a model chose them. */
  sureness: number | null
}

/** Who is told how far a plan is, and what aborts it. */
export type Watch = Pick<ModelQuestion, 'watch' | 'signal'>

/** Plans with the model that is configured, and by ourselves where there is none or it cannot be used. */
export async function planOnce(ctx: Ctx, asked: Asked, watch: Watch): Promise<Made> {
  const { model } = ctx.config
  if (!model) return planByRules(ctx, asked)
  const outcome = await askModelToPlan(ctx, model, asked, watch)
  if ('plan' in outcome) return { planned: outcome.plan, notice: null, sureness: null }
  const made = await planByRules(ctx, asked)
  const notice = `The model could not be used: ${outcome.trouble}. The embedded planner made this plan.`
  return { ...made, notice }
}

/** Plans without any model. */
export async function planByRules(ctx: Ctx, asked: Asked): Promise<Made> {
  const { planned, sureness } = await planEmbedded(ctx, asked.request, new Set(asked.without))
  return { planned, notice: null, sureness }
}

/** Plans with one model. */
export async function askModelToPlan(ctx: Ctx, model: ModelConfig, asked: Asked, watch: Watch): Promise<ModelOutcome> {
  const { message, earlier } = asked
  return planWithModel(ctx, model, { message, earlier, without: new Set(asked.without), ...watch })
}
