import type { Endpoint } from '../catalog/service.ts'
import { loadInOrder } from '../catalog/words.ts'
import type { Ctx } from '../context.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition } from '../steps/check.ts'
import { acceptClauses } from './accept-clauses.ts'
import { assemble, type Answer, type PlannedCall } from './assemble.ts'
import { compose, type ConnectionName } from './compose.ts'
import { nowOf } from './dates.ts'
import { confidenceOf, explainPlan, unusedAssumptions } from './explain.ts'
import { mend } from './mend.ts'
import { createProducers } from './producers.ts'
import { retrieveAll, TRIED, type Candidate } from './retrieve.ts'
import type { Planned } from './schema.ts'
import { slotKey } from './slots.ts'
import { CONSIDERED, connectionNames, merge, summarize, type Listed } from './summaries.ts'
import { understand, type Clause } from './understand.ts'

export type { Planned } from './schema.ts'

const NEAREST = 5
const MENDINGS = 12

/**
 * The embedded planner: understand → retrieve → link → assemble → check. Deterministic, and without a model. Of operations
 * whose ids are in `without` none is what a clause asks for.
 */
export async function planEmbedded(
  ctx: Ctx,
  message: string,
  without: ReadonlySet<string> = new Set(),
): Promise<Planned> {
  const understood = understand(message, nowOf(ctx))
  const { clauses: settled, candidates } = await retrieveAll(ctx, message, understood)
  const telling = settled.map((clause) => clause.terms.length > 0)
  const keep = (index: number) => telling[index] === true || !telling.includes(true)
  const clauses = settled.filter((_, index) => keep(index))
  const retrieved = candidates
    .filter((_, index) => keep(index))
    .map((list) => list.filter(({ found }) => !without.has(found.id)))
  const { planned, used } = await plan(ctx, message, settled, clauses, retrieved)
  const considered: Listed[] = [...used, ...likeliest(retrieved)]
  const unique = [...new Map(considered.map((each) => [each.id, each])).values()].slice(0, CONSIDERED)
  return { ...planned, considered: summarize(unique, await connectionNames(ctx, unique)) }
}

/** The operations of all clauses, the likeliest first to be what one of the clauses asks for. */
function likeliest(retrieved: readonly (readonly Candidate[])[]): Listed[] {
  const chances = new Map<string, { found: Listed; unasked: number }>()
  for (const { found, sure } of retrieved.flat())
    chances.set(found.id, { found, unasked: (chances.get(found.id)?.unasked ?? 1) * (1 - sure) })
  return [...chances.values()].toSorted((a, b) => a.unasked - b.unasked).map(({ found }) => found)
}

type Unconsidered = Omit<Planned, 'considered'>

async function plan(
  ctx: Ctx,
  message: string,
  understood: readonly Clause[],
  clauses: readonly Clause[],
  retrieved: readonly (readonly Candidate[])[],
): Promise<{ planned: Unconsidered; used: readonly Endpoint[] }> {
  const nearest = merge(retrieved.map((list) => list.map(({ found }) => found)))
  const tried = retrieved.map((list) => list.slice(0, TRIED))
  const accepted = acceptClauses(clauses, tried)
  if (!accepted.includes(true))
    return { planned: await refuse(ctx, firstRefused(message, clauses, accepted), nearest), used: [] }
  const ids = [...new Set(tried.flatMap((list, index) => (accepted[index] ? list.map(({ found }) => found.id) : [])))]
  const rows = new Map((await loadInOrder(ctx, ids)).map((endpoint) => [endpoint.id, endpoint]))
  const producers = createProducers(ctx)
  const answers: NonNullable<Answer>[] = []
  const answered: Clause[] = []
  const left: string[] = understood.flatMap(leftOut)
  let calls: readonly PlannedCall[] = []
  const answering = new Set(clauses.filter((_, index) => accepted[index]))
  const context = understood.filter((clause) => !answering.has(clause))
  for (const [index, clause] of clauses.entries()) {
    const candidates = (tried[index] ?? []).flatMap(({ found, score, sure }) => {
      const endpoint = rows.get(found.id)
      return endpoint ? [{ endpoint, score, sure }] : []
    })
    const answer = accepted[index] ? await assemble(clause, candidates, calls, producers, context) : null
    if (!answer) {
      if (!clause.aside && clause.terms.length > 0)
        left.push(`“${clause.text.slice(0, 200)}” is left out: nothing connected does it`)
      continue
    }
    answers.push(answer)
    answered.push(clause)
    calls = withoutRepeats(calls, answer.attempt.calls)
  }
  if (answers.length === 0) return { planned: await refuse(ctx, message, nearest), used: [] }
  const used = calls.map((call) => call.endpoint)
  return {
    planned: await present(ctx, message, answered, answers, calls, left, await connectionNames(ctx, used)),
    used,
  }
}

/** Calls without those at the end that are already made with the same values; what comes later may refer to them. */
function withoutRepeats(before: readonly PlannedCall[], after: readonly PlannedCall[]): readonly PlannedCall[] {
  const key = (call: PlannedCall) =>
    JSON.stringify([call.endpoint.id, call.bindings.map(({ slot, source }) => [slotKey(slot), source])])
  const last = after.at(-1)
  return last && before.some((call) => key(call) === key(last)) ? after.slice(0, -1) : after
}

/** The clause that a refusal names: the first that nothing answers. */
function firstRefused(message: string, clauses: readonly Clause[], accepted: readonly boolean[]): string {
  return clauses.find((clause, index) => !clause.aside && !accepted[index])?.text ?? message
}

/** A clause that asks for something without saying of what, "delete them", is not planned; it must be seen that it is not. */
function leftOut(clause: Clause): string[] {
  const asks = clause.terms.length === 0 && (clause.effect !== 'read' || clause.entities.length > 0)
  return asks ? [`“${clause.text}” is left out: it does not say what it is about`] : []
}

async function present(
  ctx: Ctx,
  message: string,
  clauses: readonly Clause[],
  answers: readonly NonNullable<Answer>[],
  calls: readonly PlannedCall[],
  left: readonly string[],
  connections: ReadonlyMap<string, ConnectionName>,
  mendings = MENDINGS,
): Promise<Unconsidered> {
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
  const mended = wrong && mendings > 0 ? mend(calls, wrong.path) : null
  if (mended) return present(ctx, message, clauses, answers, mended, left, connections, mendings - 1)
  if (wrong)
    return refuse(ctx, message, calls.map((call) => call.endpoint).toReversed(), `${wrong.path} ${wrong.message}`)
  return {
    status: missing.length > 0 ? 'needs_input' : 'ready',
    planner: 'embedded',
    explanation: explainPlan(steps, missing.length),
    confidence: confidenceOf(answers, { left: left.length, missing: missing.length / Math.max(1, steps.length) }),
    steps,
    effects: [...new Set(steps.map((step) => step.effect))],
    assumptions,
    missing,
    findings,
    nearest: [],
    definition,
  }
}

async function refuse(ctx: Ctx, text: string, candidates: readonly Listed[], why?: string): Promise<Unconsidered> {
  const near = candidates.slice(0, NEAREST)
  const listed = summarize(near, await connectionNames(ctx, near))
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
