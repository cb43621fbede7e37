import { readingOnce } from '../../catalog/once.ts'
import { createWorld, type Ctx, systemCtx } from '../../context.ts'
import { planEmbedded } from '../../planner/embedded.ts'
import { nowOf } from '../../planner/language/dates.ts'
import { signsOfMeant } from '../../planner/retrieve/meant.ts'
import { askedOf, retrieveAll } from '../../planner/retrieve/retrieve.ts'
import { signsOf } from '../../planner/show/confidence.ts'
import { understand } from '../../planner/understand/understand.ts'
import type { Isolate } from '../isolate.ts'
import { areaUnder, type Case, fitLogistic, oddsOf } from './logistic.ts'
import { isCorrectPath } from './metrics.ts'
import type { Question } from './questions.ts'
import { foreignTo } from './run.ts'
import { hash, providerOf } from './split.ts'
import { connectSet, disconnectSet } from './workspace.ts'

/** The signs of a plan, and whether it takes the correct path. `unit` is what must not be on both sides of a test. */
export type PlanCase = Case & { unit: string }

const FOLDS = 6

/** The plans of questions, and whether the connected APIs are meant by messages: by those questions, and by others. */
export type Cases = { plans: PlanCase[]; meant: Case[] }

// As many messages that are not meant for a set of APIs make up for those that are.
const FOREIGN_PER_SET = 12

/**
 * Plans every question with the APIs of its own set connected: those that get a plan, with its signs. And what tells of
 * every question, and of some about other APIs, whether those of the set are meant.
 */
export async function readCases(isolate: Isolate, serverUrl: string, questions: readonly Question[]): Promise<Cases> {
  const ctx = await contextOf(isolate)
  const cases: Cases = { plans: [], meant: [] }
  for (const ofSet of Map.groupBy(questions, ({ set }) => set).values()) {
    const urls = (ofSet[0]?.specs ?? []).map(
      (spec) => `${serverUrl}/${spec.split('/').map(encodeURIComponent).join('/')}`,
    )
    const connected = await connectSet(isolate, urls)
    for (const question of ofSet) {
      const { planned, weighed } = await planEmbedded(ctx, question.query)
      const operations = planned.steps.flatMap(({ operation }) => operation ?? [])
      if (!weighed || operations.length === 0) continue
      const right = isCorrectPath(question.gold, operations, question.ordered) ? 1 : 0
      cases.plans.push({ input: signsOf(weighed), right, unit: `${providerOf(question)} ${question.set}` })
    }
    const [own] = ofSet
    const foreign = own ? foreignTo(own, questions, FOREIGN_PER_SET) : []
    for (const { query } of ofSet) cases.meant.push(...(await meantBy(ctx, query, 1)))
    for (const { query } of foreign) cases.meant.push(...(await meantBy(ctx, query, 0)))
    await disconnectSet(isolate, connected)
  }
  return cases
}

/** What tells whether the connected APIs are meant by a message, and whether they are. */
async function meantBy(ctx: Ctx, message: string, right: 0 | 1): Promise<Case[]> {
  const reading = readingOnce(ctx)
  const { clauses, retrieved, field } = askedOf(
    await retrieveAll(reading, message, understand(message, nowOf(reading))),
  )
  const input = signsOfMeant(clauses, retrieved, field)
  return input ? [{ input, right }] : []
}

/** The context of the key of an isolate, for verbs that are called in this process. */
async function contextOf({ env, database }: Isolate): Promise<Ctx> {
  const key = await database.prepare('select workspace_id, user_id from api_keys').first<Record<string, string>>()
  const world = createWorld(env, 'req_calibration', () => {})
  return systemCtx(world, key?.['workspace_id'] ?? '', key?.['user_id'] ?? '')
}

/** How sure weights are of each case that were learned without those of its unit. */
export function crossValidated(cases: readonly PlanCase[]): { odds: number; right: number }[] {
  const fold = ({ unit }: PlanCase) => Number.parseInt(hash(unit).slice(0, 8), 16) % FOLDS
  const weights = Array.from({ length: FOLDS }, (_, at) => fitLogistic(cases.filter((each) => fold(each) !== at)))
  return cases.map((each) => ({ odds: oddsOf(weights[fold(each)] ?? [], each.input), right: each.right }))
}

/** Tenths of confidence: how many plans, how sure they are on the average, and the share that is right. */
export function tenthsOf(held: readonly { odds: number; right: number }[]): string {
  const lines = Array.from({ length: 10 }, (_, tenth) => {
    const own = held.filter(({ odds }) => Math.min(9, Math.floor(odds * 10)) === tenth)
    if (own.length === 0) return ''
    const mean = (value: (each: (typeof own)[number]) => number) =>
      (own.reduce((sum, each) => sum + value(each), 0) / own.length).toFixed(2)
    return `  ${String(own.length).padStart(4)} plans held for ${mean(({ odds }) => odds)}: ${mean(({ right }) => right)} right\n`
  })
  return `area under the curve ${areaUnder(held).toFixed(3)}\n${lines.join('')}`
}
