import { and, desc, eq } from 'drizzle-orm'
import { findTargets } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { notFound } from '../errors.ts'
import type { Earlier } from './model/prompt.ts'
import { LATER } from './language/events.ts'
import type { Plan, PlanEvent, PlanSchedule } from './schema.ts'
import { plans } from './tables.ts'
import { refine } from './understand/refine.ts'
import { readWhen, type When } from './when.ts'

/** What a message asks for, within its chat. */
export type Asked = {
  /** Without when it is to be done. */
  message: string
  /** The message together with what was said before. */
  request: string
  /** Null where the message stands by itself. */
  earlier: Earlier | null
  /** Ids of operations that were turned down. */
  without: readonly string[]
  /** When it is to be done again and again; null where it is done once. */
  schedule: PlanSchedule | null
  /** What is assumed of that. */
  notes: readonly string[]
  /** What it is to be done each time for. */
  event: PlanEvent | null
}

/** The last plan of a chat, with what was said up to it, oldest first. */
export type LastTurn = {
  plan: Omit<Plan, 'executionId' | 'workflowId'>
  turn: number
  without: readonly string[]
  messages: string[]
}

const REMEMBERED = 5

/** @throws AppError NOT_FOUND */
export async function lastTurn(ctx: Ctx, chatId: string): Promise<LastTurn> {
  const rows = await ctx.db
    .select({ plan: plans.plan, turn: plans.turn, without: plans.without })
    .from(plans)
    .where(and(eq(plans.workspaceId, ctx.actor.workspaceId), eq(plans.chatId, chatId)))
    .orderBy(desc(plans.turn), desc(plans.id))
    .limit(REMEMBERED)
  const [last] = rows
  if (!last) throw notFound('chat', chatId)
  return { ...last, messages: rows.map(({ plan }) => plan.message).toReversed() }
}

/**
 * A message together with the last turn of its chat. `when` tells when it is to be done, and the message without that; what
 * is said of a plan that is scheduled leaves its schedule as it is.
 */
export async function askWithin(
  ctx: Ctx,
  message: string,
  last: LastTurn | null,
  when: When = readWhen(ctx, message, last?.plan ?? null),
): Promise<Asked> {
  const { schedule, notes, event } = when
  const told = { message: when.message || (last?.plan.request ?? message), schedule, notes, event }
  if (!last) return { ...told, request: when.message, earlier: null, without: [] }
  const earlier = { messages: last.messages, definition: last.plan.definition }
  const before = last.plan.event ?? null
  const request = before
    ? last.plan.request.replaceAll(`the ${before.noun}`, `${before.noun} ${LATER}`)
    : last.plan.request
  const kept = {
    ...told,
    schedule: when.isTold ? schedule : (last.plan.schedule ?? null),
    event: when.isTold && when.message !== '' ? event : before,
    earlier,
  }
  if (when.message === '') return { ...kept, request, without: last.without }
  const refined = refine(when.message, request)
  switch (refined.kind) {
    case 'new':
      return { ...told, request: refined.request, earlier, without: [] }
    case 'refined':
      return { ...kept, request: refined.request, without: last.without }
    case 'rejected': {
      const turnedDown = await actingOperations(ctx, last.plan)
      return { ...kept, request: refined.request, without: [...last.without, ...turnedDown] }
    }
    default:
      return refined satisfies never
  }
}

/** The ids of the operations that do what a plan is for: those with an effect, or the last one where it only reads. */
export async function actingOperations(ctx: Ctx, { steps }: Pick<Plan, 'steps'>): Promise<string[]> {
  const calls = steps.filter((step) => step.type === 'api_call')
  const effects = calls.filter((step) => step.effect !== 'read')
  const acting = effects.length > 0 ? effects : calls.slice(-1)
  const refs = acting.map(({ api, operation }) => {
    const [method = '', path = ''] = (operation ?? '').split(' ', 2)
    return { api: api ?? '', method, path }
  })
  return (await findTargets(ctx, refs)).map(({ endpoint }) => endpoint.id)
}
