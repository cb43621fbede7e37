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
const CONSIDERED = 20

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
  const found =
    clauses.length === 0
      ? [await nearest(ctx, words(message))]
      : await Promise.all(clauses.map((clause) => retrieve(ctx, clause)))
  const retrieved = found.map((list) => list.filter(({ id }) => !without.has(id)))
  const considered = merge(retrieved).slice(0, CONSIDERED)
  const planned = await plan(ctx, message, understood, retrieved)
  return { ...planned, considered: summarise(considered, await connectionNames(ctx, considered)) }
}

type Unconsidered = Omit<Planned, 'considered'>

async function plan(
  ctx: Ctx,
  message: string,
  understood: readonly Clause[],
  retrieved: readonly (readonly Endpoint[])[],
): Promise<Unconsidered> {
  const clauses = understood.filter((clause) => clause.terms.length > 0)
  if (clauses.length === 0) return refuse(ctx, message, retrieved[0] ?? [])
  const producers = createProducers(ctx)
  const answers: NonNullable<Answer>[] = []
  let calls: readonly PlannedCall[] = []
  for (const [index, clause] of clauses.entries()) {
    const candidates = retrieved[index] ?? []
    const answer = await assemble(clause, candidates, calls, producers)
    if (!answer) return refuse(ctx, clause.text, candidates)
    answers.push(answer)
    calls = answer.attempt.calls
  }
  return present(ctx, message, clauses, answers, calls, understood.flatMap(leftOut))
}

/** Lists of operations as one: the best of each, then the second of each, and so on; each operation once. */
export function merge(lists: readonly (readonly Endpoint[])[]): Endpoint[] {
  const unique = new Map<string, Endpoint>()
  const longest = Math.max(0, ...lists.map((list) => list.length))
  for (let rank = 0; rank < longest; rank++)
    for (const list of lists) {
      const endpoint = list[rank]
      if (endpoint && !unique.has(endpoint.id)) unique.set(endpoint.id, endpoint)
    }
  return [...unique.values()]
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
): Promise<Unconsidered> {
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

async function refuse(ctx: Ctx, text: string, candidates: readonly Endpoint[], why?: string): Promise<Unconsidered> {
  const near = candidates.slice(0, NEAREST)
  const listed = summarise(near, await connectionNames(ctx, near))
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

/** Operations in short, at most as many as a plan lists. */
export function summarise(
  endpoints: readonly Endpoint[],
  connections: ReadonlyMap<string, ConnectionName>,
): OperationSummary[] {
  return endpoints.slice(0, CONSIDERED).flatMap((endpoint): OperationSummary[] => {
    const api = connections.get(endpoint.connectionId)?.slug
    const { summary, effect } = endpoint
    return api === undefined ? [] : [{ api, operation: operationName(endpoint), summary, effect }]
  })
}

/** The connections of endpoints, by id. */
export async function connectionNames(ctx: Ctx, endpoints: readonly Endpoint[]): Promise<Map<string, ConnectionName>> {
  const ids = [...new Set(endpoints.map((endpoint) => endpoint.connectionId))]
  return new Map((await nameConnections(ctx, ids)).map((connection) => [connection.id, connection]))
}
