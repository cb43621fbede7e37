import { type Ctx, requireScope } from '../context.ts'
import { sampleOf } from '../specs/sample.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { goalsOf, nameInPath, type Steering, steerTo } from './branches.ts'
import { type Answers, runDry, type Sight } from './dry-run.ts'
import { parseInput } from './input.ts'
import type { RunRecord } from './record.ts'
import type { Rehearsal, RehearsedStep } from './schema.ts'

const START = Date.parse('2026-01-01T00:00:00Z')
// Each goes through the whole definition; a definition has at most some hundreds of ways.
const MAX_PASSES = 60
// What is made up does not change from round to round.
const MAX_WHILE_ROUNDS = 2

/**
 * Runs a definition without calling anything: answers are made up from the schemas and examples of the specifications,
 * delays pass at once, approvals are given. Further passes lead to each way that was not gone: every branch of every
 * condition, steps that would be skipped, loops that would not begin, and failures that are gone beyond. Returns the
 * requests that would leave, exactly as they would, and which ways were gone.
 * @throws AppError INVALID_WORKFLOW, MISSING_INPUT for input that is given and does not fit.
 */
export async function rehearse(
  ctx: Ctx,
  proposed: WorkflowDefinition,
  given: Record<string, unknown> | undefined,
): Promise<Rehearsal> {
  requireScope(ctx, 'read')
  const { linked: definition, targets } = await requireRunnable(ctx, proposed)
  const input = given ? parseInput(definition.inputs, given) : sampleInput(definition)
  const { workspaceId, userId } = ctx.actor
  const record = { runId: 'rehearsal', workspaceId, userId, requestId: ctx.requestId, definition, input }
  const goals = goalsOf(definition.steps)
  const seen = new Map<string, RehearsedStep>()
  const gone = new Map<string, boolean>()
  const pass = async (steer: Steering | undefined) => {
    const { sights } = await runDry(ctx, record, targets, START, made(record, targets, steer))
    for (const sight of sights) takeNote(sight, steer !== undefined, seen, gone)
  }
  await pass(undefined)
  let passes = 1
  for (const goal of goals) if (!gone.has(nameOf(goal)) && passes++ < MAX_PASSES) await pass(steerTo(goal))
  const branches = goals.map((goal) => {
    const otherwise = gone.get(nameOf(goal))
    return { step: goal.step, way: goal.way, visited: otherwise !== undefined, otherwise: otherwise ?? true }
  })
  return { input, steps: [...seen.values()], branches }
}

/** Answers as the specifications describe them, everything approved. */
function made(record: RunRecord, targets: Targets, steer: Steering | undefined): Answers {
  const headers = { 'content-type': 'application/json' }
  return {
    answer: ({ step }) => {
      const response = targets[`${step.api} ${step.operation}`]?.endpoint.response ?? null
      return { ok: true, output: { status: 200, headers, body: sampleOf(response) } }
    },
    ask: (_path, _attempt, { schema }) => ({ ok: true, output: sampleOf(schema) }),
    decide: () => {
      const at = new Date(START).toISOString()
      return { ok: true, output: { approved: true, by: record.userId, comment: null, at } }
    },
    keyOf: (path) => `${record.runId}:${path}`,
    maxRounds: MAX_WHILE_ROUNDS,
    ...(steer && { steer }),
  }
}

function takeNote(
  sight: Sight,
  otherwise: boolean,
  seen: Map<string, RehearsedStep>,
  gone: Map<string, boolean>,
): void {
  if (sight.type === 'way') {
    const step = nameInPath(sight.path)
    const name = nameOf({ step, way: sight.way })
    if (!gone.has(name)) gone.set(name, otherwise)
    return
  }
  const { path: step } = sight
  const request = sight.type === 'call' ? sight.request : null
  const problem = sight.type === 'problem' ? sight.message : null
  const key = JSON.stringify([step, request, problem])
  if (!seen.has(key)) seen.set(key, { step, request, problem, otherwise })
}

function nameOf({ step, way }: { step: string; way: string }): string {
  return `${step} ${way}`
}

function sampleInput(definition: WorkflowDefinition): Record<string, unknown> {
  const properties = Object.entries(definition.inputs?.properties ?? {})
  return Object.fromEntries(properties.map(([name, schema]) => [name, sampleOf(schema)]))
}
