import { and, eq, lt } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { searchEndpoints, type Endpoint } from '../catalog/service.ts'
import { nameConnections } from '../connections/service.ts'
import { requireScope, type Ctx } from '../context.ts'
import { notFound } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { words } from '../lib/words.ts'
import type { World } from '../context.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition } from '../steps/check.ts'
import { assemble, type Answer, type PlannedCall } from './assemble.ts'
import { compose, type ConnectionName } from './compose.ts'
import { confidenceOf, explainPlan, unusedAssumptions } from './explain.ts'
import { createProducers } from './producers.ts'
import type { ChatMessage, OperationSummary, Plan } from './schema.ts'
import { plans } from './tables.ts'
import { understand, type Clause } from './understand.ts'

const CANDIDATES = 40
const NEAREST = 5
const KEPT_DAYS = 30

/** Turns a message into a plan and keeps it to be confirmed. Nothing is called. */
export async function planMessage(ctx: Ctx, { message }: ChatMessage): Promise<Plan> {
  requireScope(ctx, 'execute')
  const id = newId('pln', ctx.now())
  const createdAt = new Date(ctx.now()).toISOString()
  const plan = { ...(await makePlan(ctx, message)), id, message, createdAt }
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

type Planned = Omit<Plan, 'id' | 'message' | 'createdAt' | 'executionId'>

/** understand → retrieve → link → assemble → check. */
async function makePlan(ctx: Ctx, message: string): Promise<Planned> {
  const clauses = understand(message).filter((clause) => clause.terms.length > 0)
  if (clauses.length === 0) return refuse(ctx, message, await nearest(ctx, words(message)))
  const producers = createProducers(ctx)
  const answers: NonNullable<Answer>[] = []
  let calls: readonly PlannedCall[] = []
  for (const clause of clauses) {
    const candidates = await retrieve(ctx, clause)
    const answer = await assemble(clause, candidates, calls, producers)
    if (!answer) return refuse(ctx, clause.text, candidates)
    answers.push(answer)
    calls = answer.attempt.calls
  }
  return present(ctx, message, clauses, answers, calls)
}

async function retrieve(ctx: Ctx, clause: Clause): Promise<Endpoint[]> {
  const spoken = clause.verb ? [...clause.content, clause.verb] : clause.content
  return nearest(ctx, spoken)
}

async function nearest(ctx: Ctx, terms: readonly string[]): Promise<Endpoint[]> {
  return (await searchEndpoints(ctx, terms, { limit: CANDIDATES })).map((hit) => hit.endpoint)
}

async function present(
  ctx: Ctx,
  message: string,
  clauses: readonly Clause[],
  answers: readonly NonNullable<Answer>[],
  calls: readonly PlannedCall[],
): Promise<Planned> {
  const connections = await connectionNames(
    ctx,
    calls.map((call) => call.endpoint),
  )
  const composed = compose(message, calls, connections, clauses.at(-1)?.counts ?? false)
  const { definition, steps, missing } = composed
  const catalogue = new Map(
    calls.map(({ endpoint }) => [
      `${connections.get(endpoint.connectionId)?.slug} ${operationName(endpoint)}`,
      endpoint,
    ]),
  )
  const assumptions = [
    ...new Set([
      ...answers.flatMap((answer) => answer.attempt.assumptions),
      ...composed.assumptions,
      ...clauses.flatMap((clause, index) => {
        const answer = answers[index]
        return answer ? unusedAssumptions(clause, answer.attempt) : []
      }),
    ]),
  ]
  return {
    status: missing.length > 0 ? 'needs_input' : 'ready',
    explanation: explainPlan(steps, missing.length),
    confidence: confidenceOf(answers, assumptions.length, missing.length),
    steps,
    effects: [...new Set(steps.map((step) => step.effect))],
    assumptions,
    missing,
    findings: checkDefinition(definition, (api, operation) => catalogue.get(`${api} ${operation}`)),
    nearest: [],
    definition,
  }
}

async function refuse(ctx: Ctx, text: string, candidates: readonly Endpoint[]): Promise<Planned> {
  const near = candidates.slice(0, NEAREST)
  const connections = await connectionNames(ctx, near)
  const listed = near.flatMap((endpoint): OperationSummary[] => {
    const api = connections.get(endpoint.connectionId)?.slug
    const { summary, effect } = endpoint
    return api === undefined ? [] : [{ api, operation: operationName(endpoint), summary, effect }]
  })
  const hint = listed.length > 0 ? ' The nearest are listed.' : ' Connect an API that does it, or ask in other words.'
  return {
    status: 'not_found',
    explanation: `I found no operation for “${text.slice(0, 300)}”.${hint}`,
    confidence: 0,
    steps: [],
    effects: [],
    assumptions: [],
    missing: [],
    findings: [],
    nearest: listed,
    definition: null,
  }
}

async function connectionNames(ctx: Ctx, endpoints: readonly Endpoint[]): Promise<Map<string, ConnectionName>> {
  const ids = [...new Set(endpoints.map((endpoint) => endpoint.connectionId))]
  return new Map((await nameConnections(ctx, ids)).map((connection) => [connection.id, connection]))
}
