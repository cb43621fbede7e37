import type { Ctx } from '../context.ts'
import { words } from '../lib/words.ts'
import { IRREVERSIBLE } from '../specs/effect.ts'
import type { Answered } from './answer/answer-clauses.ts'
import { readResult, type Result } from './assemble/result.ts'
import { ofBoth } from './language/compared.ts'
import { type Embedded, planClauses, type Start, UNTOLD } from './plan-clauses.ts'
import type { PlannedCall } from './plan/planned-call.ts'
import { planReport, type Reported } from './report/plan.ts'
import { namesSeveral, readReportWishes, takesWorkingOut } from './report/read-wish.ts'
import { asRows, isDoneTo, rowsOf, staysWith } from './report/rows.ts'
import type { ReportWish } from './report/wish.ts'
import { readReportsWithin, type ReportWithin } from './report/within.ts'
import { considered } from './retrieve/considered.ts'
import { connectionNames } from './retrieve/summaries.ts'
import type { Planned } from './schema.ts'
import { surenessOfAll } from './show/confidence.ts'
import { present } from './show/present.ts'
import { isExcluding } from './understand/denials.ts'
import { understand } from './understand/understand.ts'

export type { Planned } from './schema.ts'

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
