import { and, eq, lt } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { readingOnce } from '../catalog/once.ts'
import { type Ctx, requireScope, type World } from '../context.ts'
import { notFound } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { walkSteps } from '../steps/tree.ts'
import { type Asked, askWithin, type LastTurn, lastTurn } from './chats.ts'
import { type Made, planOnce, type Watch } from './make.ts'
import { absentSubjects, otherReading } from './readings.ts'
import { asRecurring, withDaysOfRun } from './recurring.ts'
import { type ChatMessage, NOTHING_PLANNED, type Plan, type Planned, type Reading } from './schema.ts'
import { diffPlans } from './show/diff-plans.ts'
import { withLaterThing, withoutId } from './show/later-thing.ts'
import { plans } from './tables.ts'
import { withUndo } from './undo-steps.ts'
import { atOnce } from './when.ts'

const KEPT_DAYS = 30

/** How a message is planned: by whom, who is told how far it is, and what aborts it. */
export type Planning = Watch & { make?: (ctx: Ctx, asked: Asked, watch: Watch) => Promise<Made> }

type Kept = Omit<Plan, 'executionId' | 'workflowId'>

/**
 * Turns a message into a plan and keeps it to be confirmed. Nothing is called.
 * @throws AppError NOT_FOUND when there is no such chat.
 */
export async function planMessage(
  asker: Ctx,
  { message, chatId, timeZone }: ChatMessage,
  { make = planOnce, ...watch }: Planning = {},
): Promise<Plan> {
  requireScope(asker, 'execute')
  const ctx = readingOnce(timeZone === undefined ? asker : { ...asker, timeZone })
  const last = chatId === undefined ? null : await lastTurn(ctx, chatId)
  const { asked, made } = await planWithin(ctx, message, last, (question) => make(ctx, question, watch))
  const [planned, other, unconnected] = await Promise.all([
    withUndo(ctx, made.planned),
    otherReading(ctx, asked, made).then((reading) => reading && withUndo(ctx, inItsTime(ctx, asked, reading))),
    absentSubjects(ctx, asked.request, made.planned),
  ])
  const base: Kept = {
    ...told({ ...made, planned: withNotes(planned, notesOf(asked)) }, unconnected),
    id: newId('pln', ctx.now()),
    chatId: chatId ?? newId('cht', ctx.now()),
    turn: (last?.turn ?? 0) + 1,
    message,
    request: asked.event ? withoutId(asked.request, asked.event.noun) : asked.request,
    choices: [],
    unconnected,
    diff: null,
    schedule: planned.definition ? asked.schedule : null,
    event: planned.definition ? asked.event : null,
    createdAt: new Date(ctx.now()).toISOString(),
  }
  const readings = other ? [planned, other].map((reading) => readingOf(ctx, base, reading)) : []
  const plan = readings.length > 0 ? toChoose(base, readings) : base
  const kept = { ...plan, diff: last?.plan.definition && plan.definition ? diffPlans(last.plan, plan) : null }
  await ctx.db.batch([
    insertPlan(ctx, kept, { chatId: kept.chatId, turn: kept.turn, without: [...asked.without] }),
    ...readings.map((reading) => insertPlan(ctx, reading, { chatId: null })),
    auditRow(ctx, 'plan.create', kept.id, { status: kept.status }),
  ])
  return { ...kept, executionId: null, workflowId: null }
}

/** Plans a message within its chat; what it says of when it is to be done is no part of what is planned. */
async function planWithin(
  ctx: Ctx,
  message: string,
  last: LastTurn | null,
  make: (asked: Asked) => Promise<Made>,
): Promise<{ asked: Asked; made: Made }> {
  const asked = await askWithin(ctx, message, last)
  const first = await make(asked)
  if (asked.event) return { asked, made: { ...first, planned: withLaterThing(first.planned, asked.event.noun) } }
  const made = await asRecurring(ctx, asked, first)
  if (made) return { asked, made }
  const whole = await askWithin(ctx, message, last, atOnce(message))
  return { asked: whole, made: await make(whole) }
}

/** Another reading of what is asked, as it is done again and again. */
function inItsTime(ctx: Ctx, asked: Asked, planned: Planned): Planned {
  return asked.event ? withLaterThing(planned, asked.event.noun) : withDaysOfRun(ctx, asked, planned)
}

function notesOf({ notes, event }: Asked): readonly string[] {
  if (!event) return notes
  const how = `make a workflow of it with a webhook, which the API calls then and tells the ${event.noun}`
  return [...notes, `“${event.said}” is not waited for: ${how}`]
}

/** A plan that is made, with what is assumed of when it is to run. */
function withNotes(planned: Planned, notes: readonly string[]): Planned {
  if (notes.length === 0 || planned.definition === null) return planned
  return { ...planned, assumptions: [...planned.assumptions, ...notes] }
}

/** Keeps the steps of a plan that `definition` holds as a plan of their own, which is run without the others. */
export async function keepPart(ctx: Ctx, whole: Plan, definition: WorkflowDefinition): Promise<Plan> {
  requireScope(ctx, 'execute')
  const ids = new Set([...walkSteps(definition.steps)].map(({ id }) => id))
  const steps = whole.steps.filter(({ id }) => ids.has(id))
  const { executionId: _executionId, workflowId: _workflowId, ...plan } = whole
  const part: Kept = {
    ...plan,
    id: newId('pln', ctx.now()),
    steps,
    effects: [...new Set(steps.map(({ effect }) => effect))],
    missing: whole.missing.filter(({ name }) => definition.inputs?.properties[name] !== undefined),
    definition,
  }
  const audit = auditRow(ctx, 'plan.create', part.id, { status: part.status, of: whole.id })
  await ctx.db.batch([insertPlan(ctx, part, { chatId: null }), audit])
  return { ...part, executionId: null, workflowId: null }
}

/** A plan with what has to be said beside it. */
function told({ planned, notice }: Made, unconnected: readonly string[]): Planned & Pick<Plan, 'notice'> {
  if (unconnected.length === 0) return { ...planned, notice }
  const absent = `No connected API mentions ${unconnected.map((name) => `“${name}”`).join(', ')}`
  if (planned.status === 'not_found')
    return {
      ...planned,
      status: 'needs_api',
      explanation: `${planned.explanation} ${absent}: connect it first.`,
      notice,
    }
  return { ...planned, notice: [notice, `${absent}: that part is left out.`].flatMap((text) => text ?? []).join(' ') }
}

function readingOf(ctx: Ctx, base: Kept, planned: Planned): Kept {
  return { ...base, ...planned, id: newId('pln', ctx.now()) }
}

function toChoose(base: Kept, readings: readonly Kept[]): Kept {
  const choices = readings.map((reading): Reading => ({
    planId: reading.id,
    explanation: reading.explanation,
    effects: reading.effects,
    operations: reading.steps.flatMap(({ api, operation }) => (operation === null ? [] : [`${api} ${operation}`])),
  }))
  return {
    ...base,
    status: 'needs_choice',
    explanation: 'This can be understood in two ways that differ in what they do. Which one is meant?',
    ...NOTHING_PLANNED,
    choices,
  }
}

function insertPlan(ctx: Ctx, plan: Kept, place: Pick<typeof plans.$inferInsert, 'chatId' | 'turn' | 'without'>) {
  const { workspaceId, userId } = ctx.actor
  const { id, createdAt } = plan
  return ctx.db.insert(plans).values({ id, workspaceId, createdBy: userId, plan, ...place, createdAt })
}

/** A plan as it was shown. */
export async function getPlan(ctx: Ctx, id: string): Promise<Plan> {
  requireScope(ctx, 'read')
  const { plan, runId, workflowId } = await findPlan(ctx, id)
  return { ...plan, schedule: plan.schedule ?? null, event: plan.event ?? null, executionId: runId, workflowId }
}

/** A plan, and the run and the scheduled workflow that it became, if any. @throws AppError NOT_FOUND */
export async function findPlan(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select({ plan: plans.plan, runId: plans.runId, workflowId: plans.workflowId })
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

/** The statement that notes which workflow a plan became that is scheduled, for the caller's batch: at most once. */
export function markScheduled(ctx: Ctx, id: string, workflowId: string) {
  return ctx.db
    .update(plans)
    .set({ workflowId })
    .where(and(eq(plans.id, id), eq(plans.workspaceId, ctx.actor.workspaceId)))
}

/** Forgets plans that nobody confirmed within 30 days, those of every workspace. */
export async function forgetOldPlans(world: World): Promise<void> {
  const before = new Date(world.now() - KEPT_DAYS * 86_400_000).toISOString()
  await world.db.delete(plans).where(lt(plans.createdAt, before))
}
