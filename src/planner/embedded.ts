import { searchEndpoints, type Endpoint } from '../catalog/service.ts'
import { nameConnections } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { words } from '../lib/words.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition } from '../steps/check.ts'
import { assemble, type Answer, type PlannedCall } from './assemble.ts'
import { compose, type ConnectionName } from './compose.ts'
import { confidenceOf, explainPlan, unusedAssumptions } from './explain.ts'
import { createProducers } from './producers.ts'
import type { OperationSummary, Planned } from './schema.ts'
import { understand, type Clause } from './understand.ts'

export type { Planned } from './schema.ts'

const CANDIDATES = 40
const NEAREST = 5

/**
 * The embedded planner: understand → retrieve → link → assemble → check. Deterministic, and without a model. Of operations
 * whose ids are in `without` none is what a clause asks for.
 */
export async function planEmbedded(
  ctx: Ctx,
  message: string,
  without: ReadonlySet<string> = new Set(),
): Promise<Planned> {
  const understood = understand(message)
  const clauses = understood.filter((clause) => clause.terms.length > 0)
  if (clauses.length === 0) return refuse(ctx, message, await nearest(ctx, words(message)))
  const producers = createProducers(ctx)
  const answers: NonNullable<Answer>[] = []
  let calls: readonly PlannedCall[] = []
  for (const clause of clauses) {
    const candidates = (await retrieve(ctx, clause)).filter(({ id }) => !without.has(id))
    const answer = await assemble(clause, candidates, calls, producers)
    if (!answer) return refuse(ctx, clause.text, candidates)
    answers.push(answer)
    calls = answer.attempt.calls
  }
  return present(ctx, message, clauses, answers, calls, understood.flatMap(leftOut))
}

/** The operations whose words answer a clause, best first. */
export async function retrieve(ctx: Ctx, clause: Clause): Promise<Endpoint[]> {
  const spoken = clause.verb ? [...clause.content, clause.verb] : clause.content
  return nearest(ctx, spoken)
}

/** A clause that asks for something without saying of what, "delete them", is not planned; it must be seen that it is not. */
function leftOut(clause: Clause): string[] {
  const asks = clause.terms.length === 0 && (clause.effect !== 'read' || clause.entities.length > 0)
  return asks ? [`“${clause.text}” is left out: it does not say what it is about`] : []
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
  left: readonly string[],
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
      ...left,
      ...clauses.flatMap((clause, index) => {
        const answer = answers[index]
        return answer ? unusedAssumptions(clause, answer.attempt) : []
      }),
    ]),
  ]
  const findings = checkDefinition(definition, (api, operation) => catalogue.get(`${api} ${operation}`))
  const wrong = findings.find((finding) => finding.verdict === 'wrong')
  if (wrong)
    return refuse(ctx, message, calls.map((call) => call.endpoint).toReversed(), `${wrong.path} ${wrong.message}`)
  return {
    status: missing.length > 0 ? 'needs_input' : 'ready',
    planner: 'embedded',
    explanation: explainPlan(steps, missing.length),
    confidence: confidenceOf(answers, assumptions.length, missing.length),
    steps,
    effects: [...new Set(steps.map((step) => step.effect))],
    assumptions,
    missing,
    findings,
    nearest: [],
    definition,
  }
}

async function refuse(ctx: Ctx, text: string, candidates: readonly Endpoint[], why?: string): Promise<Planned> {
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
    planner: 'embedded',
    explanation: why
      ? `I found operations for “${text.slice(0, 300)}”, but no call that their specification allows: ${why}.`
      : `I found no operation for “${text.slice(0, 300)}”.${hint}`,
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

/** The connections of endpoints, by id. */
export async function connectionNames(ctx: Ctx, endpoints: readonly Endpoint[]): Promise<Map<string, ConnectionName>> {
  const ids = [...new Set(endpoints.map((endpoint) => endpoint.connectionId))]
  return new Map((await nameConnections(ctx, ids)).map((connection) => [connection.id, connection]))
}
