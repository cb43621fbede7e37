import type { Endpoint } from '../catalog/service.ts'
import { loadInOrder } from '../catalog/words.ts'
import type { Ctx } from '../context.ts'
import { words } from '../lib/words.ts'
import { IRREVERSIBLE } from '../specs/effect.ts'
import {
  acceptClauses,
  isBorneOut,
  SURE_OF_BORNE_OUT,
  SURE_OF_MESSAGE,
  SURE_OF_MESSAGE_THAT_CHANGES,
} from './answer/accept-clauses.ts'
import { answerClauses, type Answered, type Finder } from './answer/answer-clauses.ts'
import { bestWay, type Tools } from './answer/answer-ways.ts'
import { readOne } from './answer/read-one.ts'
import { assemble } from './assemble/assemble.ts'
import { createProducers } from './assemble/producers.ts'
import { readResult, type Result } from './assemble/result.ts'
import { ofBoth } from './language/compared.ts'
import { nowOf } from './language/dates.ts'
import type { PlannedCall } from './plan/planned-call.ts'
import { planReport, type Reported } from './report/plan.ts'
import { namesSeveral, readReportWishes, takesWorkingOut } from './report/read-wish.ts'
import { asCalled, asRows, isDoneTo, rowsOf, staysWith, withoutFirst } from './report/rows.ts'
import type { ReportWish } from './report/wish.ts'
import { readReportsWithin, type ReportWithin } from './report/within.ts'
import { considered } from './retrieve/considered.ts'
import { type Way, waysOf, withoutSome } from './retrieve/hops.ts'
import { surenessOfMessage } from './retrieve/meant.ts'
import { type AskedFor, askedOf, type Candidate, retrieveAll, TRIED } from './retrieve/retrieve.ts'
import { connectionNames, merge } from './retrieve/summaries.ts'
import type { Planned } from './schema.ts'
import { surenessOfAll, type Weighed } from './show/confidence.ts'
import { present, refuse, type Unconsidered } from './show/present.ts'
import type { Clause } from './understand/clause.ts'
import { isExcluding } from './understand/denials.ts'
import { readComments, understand } from './understand/understand.ts'

export type { Planned } from './schema.ts'

/** A plan with what it was made of; `sureness` is that of its operations together, from 0 to 1. */
export type Embedded = { planned: Planned; sureness: number; weighed: Weighed | null }

/**
 * The embedded planner: understand → retrieve → link → assemble → check. Deterministic, and without a model. Of operations
 * whose ids are in `without` none is what a clause asks for.
 */
export async function planEmbedded(
  ctx: Ctx,
  message: string,
  without: ReadonlySet<string> = new Set(),
): Promise<Embedded> {
  // Of two that are compared, nobody asks who has most of all.
  const asked = ofBoth(message)
  const wishes = readReportWishes(asked)
  const reported = await planAsReport(ctx, message, wishes, without)
  if (reported) return reported
  const within = readReportsWithin(asked)
  const around = await planAroundReport(ctx, message, within, without)
  if (around) return around
  const isUntold = within.some(({ wish, leads }) => !leads && takesWorkingOut(wish))
  const { planned, ...rest } = await planClauses(ctx, message, message, without, isUntold ? UNTOLD : undefined)
  const assumptions = [...planned.assumptions, ...notWorkedOut(message, wishes, planned.steps)]
  return { ...rest, planned: { ...planned, assumptions } }
}

/** What is worked out already before the clauses of a request are planned, and whether what they come to goes with it. */
type Start = Pick<Reported, 'answers' | 'calls'> & {
  holds: (answers: readonly Answered[], calls: readonly PlannedCall[]) => boolean
  /** Nothing tells which thing is meant, so that none is taken for it. */
  isUntold?: boolean
}

const UNTOLD: Start = { answers: [], calls: [], holds: () => true, isUntold: true }

/** Plans what a request asks for, clause by clause: the message, or what of it is asked besides what it starts with. */
async function planClauses(
  ctx: Ctx,
  message: string,
  request: string,
  without: ReadonlySet<string>,
  start?: Start,
): Promise<Embedded> {
  const understood = understand(request, nowOf(ctx))
  const { clauses: settled, candidates, field } = await retrieveAll(ctx, request, understood)
  const asked = askedOf({ clauses: settled, candidates, field }, without)
  const ways = (clause: Clause) => withoutSome(waysOf(clause, field, nowOf(ctx)), without)
  const { planned, used, sureness, weighed } = await plan(ctx, message, settled, asked, ways, start)
  return { planned: { ...planned, considered: await considered(ctx, used, asked.retrieved, field) }, sureness, weighed }
}

/** The ways in which a clause can be taken apart. */
type WaysFor = (clause: Clause) => readonly Way[]

/** That a plan does not work out who has most, or none, where that is asked for. */
function notWorkedOut(message: string, wishes: readonly ReportWish[], steps: Planned['steps']): string[] {
  const isAsked = wishes.some(takesWorkingOut)
  const isComputed = steps.some(({ type }) => type === 'transform')
  // What a list is picked from or counted by tells nothing of groups.
  const isOfGroups = wishes.some((wish) => wish.kind === 'best' || namesSeveral(wish))
  // "Plays without revenge", where `without_themes` takes that.
  const leavesOut = steps.some(({ bindings }) => bindings.some(({ target }) => isExcluding({ words: words(target) })))
  const isWorkedOut = steps.length === 0 || leavesOut || (isComputed && !isOfGroups)
  return isAsked && !isWorkedOut ? [`“${message.slice(0, 200)}” is not worked out: no list tells what it takes`] : []
}

/** A message that asks for what no list says by itself: who has most, how many of each; null for any other. */
async function planAsReport(
  ctx: Ctx,
  message: string,
  wishes: readonly ReportWish[],
  without: ReadonlySet<string>,
): Promise<Embedded | null> {
  let found: Reported | null = null
  for (const wish of wishes) found ??= await planReport(ctx, message, wish, without)
  return found && presentReport(ctx, message, found, [])
}

async function presentReport(
  ctx: Ctx,
  message: string,
  { answers, calls, retrieved }: Reported,
  left: readonly string[],
  result: Result | null = null,
): Promise<Embedded | null> {
  const used = calls.map(({ endpoint }) => endpoint)
  const names = await connectionNames(ctx, used)
  const planned = await present(ctx, message, { answers, calls, left, names, result })
  if (planned.status === 'not_found') return null
  return {
    planned: { ...planned, considered: await considered(ctx, used, retrieved) },
    sureness: surenessOfAll(answers, left.length),
    weighed: { message, answers, calls },
  }
}

/**
 * A message of which a report says what something is done to, "email the customers without orders", or which goes on with
 * one; null where nothing connected tells it, or nothing is sure to be done to just that.
 */
async function planAroundReport(
  ctx: Ctx,
  message: string,
  within: readonly ReportWithin[],
  without: ReadonlySet<string>,
): Promise<Embedded | null> {
  for (const { wish, goal, phrase, rest, leads } of within) {
    const worked = await planReport(ctx, phrase, wish, without, goal)
    const rows = worked && rowsOf(worked.report, worked.calls)
    if (!worked || (!rows && !leads)) continue
    const request = rest(rows?.noun ?? '')
    const step = worked.calls.length - 1
    const start: Start = {
      answers: worked.answers,
      calls: asRows(worked.calls, worked.report, rows),
      holds: (found, calls) =>
        // That ids are the same in two APIs is an assumption: nothing is deleted or paid on it.
        !(worked.isAcross && calls.some(({ endpoint }) => IRREVERSIBLE.has(endpoint.effect))) &&
        (leads ? staysWith(request, calls, step) : isDoneTo(actingCalls(found), calls, step)),
    }
    const fields = leads ? null : fieldsOf(request, start.calls)
    const answer = fields && (await presentReport(ctx, message, worked, [], fields))
    if (answer) return answer
    const found = await planClauses(ctx, message, request, without, start)
    if (found.planned.status !== 'not_found') return found
    const alone = leads ? await planReport(ctx, phrase, wish, without) : null
    const left = `“${request.slice(0, 200)}” is left out: nothing connected does it with what is worked out`
    const told = alone && (await presentReport(ctx, message, alone, [left]))
    if (told) return told
  }
  return null
}

/** "The names of the customers without orders": what a request asks for of the rows of a report; null where it asks for more. */
function fieldsOf(request: string, calls: readonly PlannedCall[]): Result | null {
  const [clause, ...others] = understand(request)
  const rows = calls.at(-1)
  if (!clause || !rows || others.length > 0 || clause.effect !== 'read' || clause.entities.length > 0) return null
  const result = readResult(rows.endpoint, clause)
  return result?.kind === 'fields' ? result : null
}

/** The calls up to the first that does something, or up to those of the first answer where all of them read. */
function actingCalls(answers: readonly Answered[]): readonly PlannedCall[] {
  const attempts = answers.map(({ attempt }) => attempt.calls)
  return attempts.find((calls) => calls.at(-1)?.endpoint.effect !== 'read') ?? attempts[0] ?? []
}

async function plan(
  ctx: Ctx,
  message: string,
  understood: readonly Clause[],
  { clauses, retrieved, field }: AskedFor,
  ways: WaysFor,
  start?: Start,
): Promise<Omit<Embedded, 'planned'> & { planned: Unconsidered; used: readonly Endpoint[] }> {
  const nearest = merge(retrieved.map((list) => list.map(({ found }) => found)))
  const tried = retrieved.map((list) => list.slice(0, TRIED))
  const sure = surenessOfMessage(clauses, tried, field)
  const accepted = acceptClauses(clauses, tried)
  const refused = async (text: string) => {
    return { planned: await refuse(ctx, text, nearest), used: [], sureness: 0, weighed: null }
  }
  if (sure < SURE_OF_BORNE_OUT || !accepted.includes(true)) return refused(firstRefused(message, clauses, accepted))
  const possible = new Map(clauses.map((clause, index) => [clause, accepted[index] ? (tried[index] ?? []) : null]))
  const context = [...understood.filter((clause) => !possible.get(clause)), ...readComments(message, nowOf(ctx))]
  const finder = await createFinder(ctx, possible, ways, context)
  const found = await answerClauses(understood, finder, start?.calls)
  const { left } = found
  const reads = found.calls.every(({ endpoint }) => endpoint.effect === 'read')
  const needed = reads ? SURE_OF_MESSAGE : SURE_OF_MESSAGE_THAT_CHANGES
  if (sure < needed && (left.length > 0 || !isBorneOut(found.answers, found.calls)))
    return refused(firstRefused(message, clauses, []))
  if (found.answers.length === 0 || start?.holds(found.answers, found.calls) === false) return refused(message)
  const answers = [...(start?.answers ?? []), ...found.answers]
  const calls = asCalled(start?.isUntold ? withoutFirst(found.calls) : found.calls)
  const used = calls.map((call) => call.endpoint)
  return {
    planned: await present(ctx, message, { answers, calls, left, names: await connectionNames(ctx, used) }),
    used,
    sureness: surenessOfAll(answers, left.length),
    weighed: { message, answers, calls },
  }
}

/** Finds what answers a clause among its candidates: null for a clause that is not accepted. */
async function createFinder(
  ctx: Ctx,
  possible: ReadonlyMap<Clause, readonly Candidate[] | null>,
  ways: WaysFor,
  context: readonly Clause[],
): Promise<Finder> {
  const ids = [...new Set([...possible.values()].flatMap((list) => (list ?? []).map(({ found }) => found.id)))]
  const rows = new Map((await loadInOrder(ctx, ids)).map((endpoint) => [endpoint.id, endpoint]))
  const producers = createProducers(ctx)
  const load: Tools['load'] = async (list) => {
    const missing = list.filter(({ found }) => !rows.has(found.id)).map(({ found }) => found.id)
    for (const endpoint of await loadInOrder(ctx, missing)) rows.set(endpoint.id, endpoint)
    return list.flatMap(({ found, score, sure }) => {
      const endpoint = rows.get(found.id)
      return endpoint ? [{ endpoint, score, sure }] : []
    })
  }
  return {
    asks: (clause) => possible.has(clause),
    readOne: (call) => readOne(ctx, call),
    find: async (clause, meant, before, only) => {
      const list = possible.get(clause)
      if (!list) return null
      const candidates = list.flatMap(({ found, score, sure }) => {
        const endpoint = only === undefined || only === found.id ? rows.get(found.id) : undefined
        return endpoint && (!clause.onlyReads || endpoint.effect === 'read') ? [{ endpoint, score, sure }] : []
      })
      const answer = await assemble(meant, candidates, before, producers, context)
      const others = only === undefined ? ways(clause) : []
      return bestWay(meant, answer, others, before, { load, producers, context })
    },
  }
}

/** The clause that a refusal names: the first that nothing answers. */
function firstRefused(message: string, clauses: readonly Clause[], accepted: readonly boolean[]): string {
  return clauses.find((clause, index) => !clause.aside && !accepted[index])?.text ?? message
}
