import type { Ctx } from '../context.ts'
import { askModelToPlan, type Made, planByRules, planOnce } from '../planner/make.ts'
import type { Planning } from '../planner/service.ts'
import { callsOf, choosePlan, type Contender } from './compare.ts'
import type { QueryRequest, Vote } from './schema.ts'

type Make = NonNullable<Planning['make']>

/** Who planned what, and why the plan was taken that was. */
export type Ballot = { votes: Vote[]; why: string | null }

const EMBEDDED = 'the embedded planner'

/** How a query is planned by its mode, and where it is noted who planned what. */
export function plannerFor(ctx: Ctx, { mode, max_models: most }: QueryRequest): { make: Make; ballot: Ballot } {
  const ballot: Ballot = { votes: [], why: null }
  const { models } = ctx.config
  if (mode === 'speed') return { make: planByRules, ballot }
  if (models.length === 0) return { make: withoutModel, ballot }
  if (mode === 'balanced') return { make: planOnce, ballot }
  return { make: (...given) => planBySeveral(ballot, most - 1, ...given), ballot }
}

async function withoutModel(...[ctx, asked]: Parameters<Make>): Promise<Made> {
  const made = await planByRules(ctx, asked)
  return { ...made, notice: 'No model is configured: the embedded planner made this plan.' }
}

async function planBySeveral(ballot: Ballot, most: number, ...[ctx, asked, watch]: Parameters<Make>): Promise<Made> {
  const models = ctx.config.models.slice(0, most)
  const [own, ...outcomes] = await Promise.all([
    planByRules(ctx, asked),
    ...models.map((model) => askModelToPlan(ctx, model, asked, watch)),
  ])
  const contenders: [Contender, ...Contender[]] = [{ name: EMBEDDED, planned: own.planned }]
  models.forEach(({ name }, index) => {
    const outcome = outcomes[index]
    // Models before the embedded planner, for where all is even.
    if (outcome && 'plan' in outcome) contenders.splice(-1, 0, { name: `the model ${name}`, planned: outcome.plan })
  })
  const { winner, why } = choosePlan(contenders)
  ballot.why = why
  ballot.votes = [
    ...models.map(({ name }, index) => {
      const outcome = outcomes[index]
      return outcome && 'plan' in outcome
        ? voteOf({ name: `the model ${name}`, planned: outcome.plan }, name, winner)
        : abstained(name, outcome?.trouble ?? null)
    }),
    voteOf({ name: EMBEDDED, planned: own.planned }, null, winner),
  ]
  const sureness = winner.planned === own.planned ? own.sureness : null
  return { planned: winner.planned, notice: null, sureness }
}

function voteOf({ planned }: Contender, model: string | null, winner: Contender): Vote {
  return {
    planner: planned.planner,
    model,
    status: planned.status,
    operations: callsOf(planned),
    unproven: planned.findings.length,
    confidence: planned.confidence,
    trouble: null,
    chosen: planned === winner.planned,
  }
}

function abstained(model: string, trouble: string | null): Vote {
  return {
    planner: 'model',
    model,
    status: null,
    operations: [],
    unproven: 0,
    confidence: 0,
    trouble,
    chosen: false,
  }
}
