import { type Ctx, requireScope } from '../context.ts'
import type { Plan } from '../planner/schema.ts'
import { keepPart, planMessage } from '../planner/service.ts'
import type { Execution } from '../runs/schema.ts'
import { executePlan, readValue } from '../runs/service.ts'
import { plannerFor } from './planners.ts'
import { tableOf } from './rows.ts'
import { missingInputs, safePart, type SafePart } from './safe-part.ts'
import type { QueryAnswer, QueryRequest, Source } from './schema.ts'
import { answerWords, confirmationWords, scheduleWords } from './words.ts'

const WAIT_SECONDS = 25
const MAX_ROWS = 100
const REF_DEPTH = 4

type Answer = Pick<QueryAnswer, 'status' | 'answer'> & Partial<QueryAnswer>

/**
 * Answers a question in one call: plans it, runs what of the plan only reads, as any run, and says what came of it. What
 * has an effect is not called: it comes back as a plan to confirm. The words are made here; no model sees what APIs answer.
 * @throws AppError NOT_FOUND when there is no such chat, TOO_MANY_EXECUTIONS, VALIDATION_FAILED where an input does not fit.
 */
export async function answerQuery(ctx: Ctx, request: QueryRequest): Promise<QueryAnswer> {
  requireScope(ctx, 'execute')
  const { prompt, chatId, timeZone, input } = request
  const { make, ballot } = plannerFor(ctx, request)
  const plan = await planMessage(ctx, { message: prompt, chatId, timeZone }, { make })
  const answer = await answerPlan(ctx, plan, input)
  return {
    rows: [],
    total: null,
    sources: [],
    executionId: null,
    planners: ballot.votes,
    why: ballot.why,
    plan,
    ...answer,
    answer: [answer.answer, ...scheduleWords(plan)].join(' '),
  }
}

async function answerPlan(ctx: Ctx, plan: Plan, given: Record<string, unknown>): Promise<Answer> {
  if (plan.status === 'not_found' || plan.status === 'needs_api' || plan.status === 'needs_choice')
    return { status: plan.status, answer: plan.explanation }
  const safe = safePart(plan)
  const missing = safe ? missingInputs(safe.definition, given) : []
  if (missing.length > 0) return { status: 'needs_input', answer: `Still needed: ${missing.join(', ')}.` }
  if (!safe) return { status: 'needs_confirmation', answer: confirmationWords(plan) }
  const run = await runSafe(ctx, plan, safe, given)
  return { ...(await tell(ctx, plan, safe, run)), executionId: run.id, plan: executedAs(plan, safe, run) }
}

/** Runs steps that only read; what is left of a plan stays to be confirmed. */
async function runSafe(ctx: Ctx, plan: Plan, safe: SafePart, given: Record<string, unknown>): Promise<Execution> {
  const { id: planId } = safe.whole ? plan : await keepPart(ctx, plan, safe.definition)
  const names = Object.keys(safe.definition.inputs?.properties ?? {})
  const input = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)))
  return executePlan(ctx, { planId, input }, { waitSeconds: WAIT_SECONDS, listed: false })
}

function executedAs(plan: Plan, safe: SafePart, run: Execution): Plan {
  return safe.whole ? { ...plan, executionId: run.id } : plan
}

async function tell(ctx: Ctx, plan: Plan, safe: SafePart, run: Execution): Promise<Answer> {
  if (run.status === 'failed' || run.status === 'cancelled')
    return { status: 'failed', answer: `It could not be read: ${run.error?.message ?? 'the run was cancelled'}.` }
  if (run.status !== 'succeeded')
    return { status: 'running', answer: `It takes longer; GET /api/executions/${run.id} tells how far it is.` }
  const shown = plan.steps.filter(({ id }) => run.steps.some((step) => lastId(step.id) === id))
  const calls = shown.filter(({ type }) => type === 'api_call')
  const output = await whole(ctx, run.id, run.output, REF_DEPTH)
  const table = tableOf(output)
  const words = answerWords(table, output, calls.at(-1))
  const found = {
    rows: table?.rows.slice(0, MAX_ROWS) ?? [],
    total: table?.total ?? null,
    sources: calls.map(toSource),
  }
  if (safe.whole) return { status: 'answered', answer: words, ...found }
  return { status: 'needs_confirmation', answer: `${words} ${confirmationWords(plan)}`, ...found }
}

function toSource({ id, api, operation, title }: Plan['steps'][number]): Source {
  return { step: id, api: api ?? '', operation: operation ?? '', title }
}

/** The id of a step in the definition by its path in a run: `each[3].items` → items. */
function lastId(path: string): string {
  return (
    path
      .split('.')
      .at(-1)
      ?.replace(/\[\d+\]$/, '') ?? path
  )
}

/** A value with the large ones in it, which stand on their own, put in. */
async function whole(ctx: Ctx, runId: string, value: unknown, depth: number): Promise<unknown> {
  if (depth === 0 || typeof value !== 'object' || value === null) return value
  if ('$ref' in value && 'bytes' in value && typeof value.$ref === 'string') {
    const id = new RegExp(`/executions/${runId}/values/(\\d+)$`).exec(value.$ref)?.[1]
    return id === undefined ? value : readValue(ctx, runId, Number(id))
  }
  if (Array.isArray(value)) return value
  const entries = Object.entries(value).map(async ([name, inner]) => [name, await whole(ctx, runId, inner, depth - 1)])
  return Object.fromEntries(await Promise.all(entries))
}
