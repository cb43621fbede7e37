import type { Endpoint } from '../catalog/service.ts'
import { loadInOrder } from '../catalog/words.ts'
import type { Ctx } from '../context.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition } from '../steps/check.ts'
import { acceptClauses } from './accept-clauses.ts'
import { amend } from './amend.ts'
import { assemble, type Answer, type Attempt, type PlannedCall } from './assemble.ts'
import { compose, type ConnectionName } from './compose.ts'
import { readCondition } from './conditions.ts'
import { nowOf } from './dates.ts'
import type { Entity } from './entities.ts'
import { confidenceOf, explainPlan, unusedAssumptions } from './explain.ts'
import { conditionOfEarlier, guarded, type Stated } from './guards.ts'
import { mend } from './mend.ts'
import { pickAnswers } from './pick-answers.ts'
import { createProducers } from './producers.ts'
import { readResult } from './result.ts'
import { retrieveAll, TRIED, type Candidate } from './retrieve.ts'
import type { Planned } from './schema.ts'
import { slotKey } from './slots.ts'
import { CONSIDERED, connectionNames, merge, summarize, type Listed } from './summaries.ts'
import { readComments, understand, type Clause } from './understand.ts'

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
  // The clause before, where nothing connected does what it says.
  let idle: Clause | null = null
  const answering = new Set(clauses.filter((_, index) => accepted[index]))
  const context = [...understood.filter((clause) => !answering.has(clause)), ...readComments(message, nowOf(ctx))]
  const conditions = new Map<number, Stated>()
  for (const clause of understood) {
    const index = clauses.indexOf(clause)
    const candidates = (tried[index] ?? []).flatMap(({ found, score, sure }) => {
      const endpoint = rows.get(found.id)
      return endpoint && (!clause.onlyReads || endpoint.effect === 'read') ? [{ endpoint, score, sure }] : []
    })
    const meant = withMeant(clause.test ? { ...clause, counts: false } : clause, idle)
    if (index >= 0) idle = null
    const known = clause.test && conditionOfEarlier(clause, calls)
    const answer = accepted[index] && !known ? await assemble(meant, candidates, calls, producers, context) : null
    const amended =
      index >= 0 && !clause.test && (!answer || isAmendment(clause, answer, calls)) ? amend(calls, clause) : null
    if (amended) {
      calls = amended
      continue
    }
    const attempt = answer && pickAnswers(answer.attempt, meant, calls.length)
    const added = attempt ? withoutRepeats(calls, attempt.calls) : calls
    if (clause.test) {
      const condition = known ?? readCondition(clause, unusedOf(clause, attempt), added)
      conditions.set(clause.test.group, { condition, negated: clause.test.negated })
    } else if (!answer && index >= 0) {
      idle = clause
      if (!clause.aside && clause.terms.length > 0)
        left.push(`“${clause.text.slice(0, 200)}” is left out: nothing connected does it`)
    }
    if (!answer || !attempt) continue
    answers.push({ ...answer, attempt: clause.test ? told(clause, attempt) : attempt })
    answered.push(meant)
    calls = guarded(calls.length, added, clause, conditions)
  }
  if (answers.length === 0) return { planned: await refuse(ctx, message, nearest), used: [] }
  const used = calls.map((call) => call.endpoint)
  return {
    planned: await present(ctx, message, answered, answers, calls, left, await connectionNames(ctx, used)),
    used,
  }
}

/** "I want to watch X. Where can I stream it?": what "it" is was told in what nothing connected does. */
function withMeant(clause: Clause, idle: Clause | null): Clause {
  const borrows = idle && clause.refersBack && clause.entities.length === 0
  return borrows ? { ...clause, entities: idle.entities } : clause
}

/**
 * Whether a clause rather tells of the last call than asks for one of its own: what would answer it is that call once more,
 * or takes nothing of what the clause says, or it is said of "it".
 */
function isAmendment(clause: Clause, { attempt }: NonNullable<Answer>, before: readonly PlannedCall[]): boolean {
  const added = attempt.calls.slice(before.length)
  const isAgain = added.length === 1 && added[0]?.endpoint.id === before.at(-1)?.endpoint.id
  return isAgain || clause.refersBack || !clause.entities.some((entity) => attempt.used.has(entity))
}

/** The entities of a clause that an attempt leaves. */
function unusedOf({ entities }: Clause, attempt: Attempt | null): readonly Entity[] {
  return entities.filter((entity) => !attempt?.used.has(entity))
}

/** An attempt at what a condition is about: its values are compared with, so all of them are used. */
function told({ entities }: Clause, attempt: Attempt): Attempt {
  return { ...attempt, used: new Set([...attempt.used, ...entities]) }
}

/** The pointer to a place in a call of the definition, as if calls were all there is: `/steps/<call>/…`. */
function callPath(path: string, places: readonly string[]): string {
  const at = places.findIndex((place) => path.startsWith(`${place}/`))
  return at === -1 ? '' : `/steps/${at}${path.slice(places[at]?.length)}`
}

/** Calls without those at the end that are already made with the same values; what comes later may refer to them. */
function withoutRepeats(before: readonly PlannedCall[], after: readonly PlannedCall[]): readonly PlannedCall[] {
  const key = (call: PlannedCall) =>
    JSON.stringify([
      call.endpoint.id,
      call.bindings.map(({ slot, source }) => [slotKey(slot), source]),
      call.pick,
      call.each,
    ])
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
  const [last, asked] = [calls.at(-1), clauses.findLast(({ test }) => !test)]
  const result = last && asked && last.endpoint.effect === 'read' ? readResult(last.endpoint, asked) : null
  const composed = compose(message, calls, connections, result)
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
  const mended = wrong && mendings > 0 ? mend(calls, callPath(wrong.path, composed.places)) : null
  if (mended) return present(ctx, message, clauses, answers, mended, left, connections, mendings - 1)
  if (wrong)
    return refuse(ctx, message, calls.map((call) => call.endpoint).toReversed(), `${wrong.path} ${wrong.message}`)
  return {
    status: missing.length > 0 ? 'needs_input' : 'ready',
    planner: 'embedded',
    explanation: explainPlan(steps, missing.length, composed.repeated),
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
