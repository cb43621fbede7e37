import type { ConnectionName } from '../../connections/targets.ts'
import type { Ctx } from '../../context.ts'
import { operationName } from '../../specs/operation.ts'
import { checkDefinition } from '../../steps/check.ts'
import type { Answered } from '../answer/answer-clauses.ts'
import { mend } from '../answer/mend.ts'
import { readResult, type Result } from '../assemble/result.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import { connectionNames, type Listed, summarize } from '../retrieve/summaries.ts'
import { NOTHING_PLANNED, type Planned } from '../schema.ts'
import { askOnce } from './ask-once.ts'
import { compose } from './compose.ts'
import { confidenceOf, signsOf } from './confidence.ts'
import { explainPlan, unusedAssumptions } from './explain.ts'

/** A plan before what was considered for it is told. */
export type Unconsidered = Omit<Planned, 'considered'>

/** What a message came to: the calls, what they answer, what is left out, and how the connections are called. */
type Found = {
  answers: readonly Answered[]
  calls: readonly PlannedCall[]
  left: readonly string[]
  names: ReadonlyMap<string, ConnectionName>
  /** What is asked for of what the calls come to, where the last call does not tell. */
  result?: Result | null
}

const NEAREST = 5
const MENDINGS = 12

/** Makes the plan of what was found. What the check refuses is mended, a value at a time; what cannot be is no plan. */
export async function present(ctx: Ctx, message: string, found: Found, mendings = MENDINGS): Promise<Unconsidered> {
  const { answers, left, names } = found
  const calls = askOnce(message, found.calls)
  const answer = answers.findLast(({ clause }) => !clause.test)
  const [last, asked] = [calls.at(-1), answer?.about ?? answer?.clause]
  const reads = last && asked && last.endpoint.effect === 'read' && !last.report
  const result = found.result ?? (reads ? readResult(last.endpoint, asked) : null)
  const composed = compose(message, calls, names, result)
  const { definition, steps, missing } = composed
  const catalogue = new Map(
    calls.map(({ endpoint }) => [`${names.get(endpoint.connectionId)?.slug} ${operationName(endpoint)}`, endpoint]),
  )
  const assumptions = [
    ...new Set([
      ...answers.flatMap((answer) => answer.attempt.assumptions),
      ...composed.assumptions,
      ...left,
      ...answers.flatMap(({ clause, attempt }) => unusedAssumptions(clause, attempt, calls)),
    ]),
  ]
  const findings = checkDefinition(definition, (api, operation) => catalogue.get(`${api} ${operation}`))
  const wrong = findings.find((finding) => finding.verdict === 'wrong')
  const mended = wrong && mendings > 0 ? mend(calls, callPath(wrong.path, composed.places)) : null
  if (mended) return present(ctx, message, { ...found, calls: mended }, mendings - 1)
  if (wrong)
    return refuse(ctx, message, calls.map((call) => call.endpoint).toReversed(), `${wrong.path} ${wrong.message}`)
  return {
    status: missing.length > 0 ? 'needs_input' : 'ready',
    planner: 'embedded',
    explanation: explainPlan(steps, missing.length, composed.repeated),
    confidence: Math.round(confidenceOf(signsOf({ message, answers, calls })) * 100) / 100,
    steps,
    effects: [...new Set(steps.map((step) => step.effect))],
    assumptions,
    missing,
    findings,
    nearest: [],
    definition,
  }
}

/** The answer where nothing is planned: for which words, why where it is known, and what comes nearest. */
export async function refuse(
  ctx: Ctx,
  text: string,
  candidates: readonly Listed[],
  why?: string,
): Promise<Unconsidered> {
  const near = candidates.slice(0, NEAREST)
  const listed = summarize(near, await connectionNames(ctx, near))
  const hint = listed.length > 0 ? ' The nearest are listed.' : ' Connect an API that does it, or ask in other words.'
  return {
    status: 'not_found',
    planner: 'embedded',
    explanation: why
      ? `I found operations for “${text.slice(0, 300)}”, but no call that their specification allows: ${why}.`
      : `I found no operation for “${text.slice(0, 300)}”.${hint}`,
    ...NOTHING_PLANNED,
    confidence: 0,
    nearest: listed,
  }
}

/** The pointer to a place in a call of the definition, as if calls were all there is: `/steps/<call>/…`. */
function callPath(path: string, places: readonly string[]): string {
  const at = places.findIndex((place) => path.startsWith(`${place}/`))
  return at === -1 ? '' : `/steps/${at}${path.slice(places[at]?.length)}`
}
