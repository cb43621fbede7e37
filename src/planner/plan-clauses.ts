import type { Endpoint } from '../catalog/service.ts'
import { loadInOrder } from '../catalog/words.ts'
import type { Ctx } from '../context.ts'
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
import { nowOf } from './language/dates.ts'
import type { PlannedCall } from './plan/planned-call.ts'
import type { Reported } from './report/plan.ts'
import { asCalled, withoutFirst } from './report/rows.ts'
import { considered } from './retrieve/considered.ts'
import { type Way, waysOf, withoutSome } from './retrieve/hops.ts'
import { surenessOfMessage } from './retrieve/meant.ts'
import { type AskedFor, askedOf, type Candidate, retrieveAll, TRIED } from './retrieve/retrieve.ts'
import { connectionNames, merge } from './retrieve/summaries.ts'
import type { Planned } from './schema.ts'
import { surenessOfAll, type Weighed } from './show/confidence.ts'
import { present, refuse, type Unconsidered } from './show/present.ts'
import type { Clause } from './understand/clause.ts'
import { readComments, understand } from './understand/understand.ts'

/** A plan with what it was made of; `sureness` is that of its operations together, from 0 to 1. */
export type Embedded = { planned: Planned; sureness: number; weighed: Weighed | null }

/** What is worked out already before the clauses of a request are planned, and whether what they come to goes with it. */
export type Start = Pick<Reported, 'answers' | 'calls'> & {
  holds: (answers: readonly Answered[], calls: readonly PlannedCall[]) => boolean
  /** Nothing tells which thing is meant, so that none is taken for it. */
  isUntold?: boolean
}

export const UNTOLD: Start = { answers: [], calls: [], holds: () => true, isUntold: true }

/** Plans what a request asks for, clause by clause: the message, or what of it is asked besides what it starts with. */
export async function planClauses(
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
