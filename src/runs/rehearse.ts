import { requireScope, type Ctx } from '../context.ts'
import { sampleOf } from '../specs/sample.ts'
import { prepareStep, toStepError, type Targets, type WorkStep } from '../steps/execute.ts'
import { evaluate } from '../steps/expressions.ts'
import { stepsByPath, type StepLookup } from '../steps/paths.ts'
import type { Step, WorkflowDefinition } from '../steps/schema.ts'
import { walkInside } from '../steps/tree.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { enterStep, isControl, isTrue } from './enter.ts'
import { parseInput } from './input.ts'
import { initialState, isFinished, reduce, stepAt, type RunEvent, type RunState } from './machine.ts'
import { next, type Action } from './next.ts'
import { moveOn, outcomeOf } from './outcomes.ts'
import type { RunRecord } from './record.ts'
import type { Rehearsal, RehearsedStep } from './schema.ts'
import { scopeOf } from './scope.ts'

const MAX_ROUNDS = 5000
// More than any step is given: what fails here fails for good.
const LAST_ATTEMPT = 100
const START = Date.parse('2026-01-01T00:00:00Z')

type Pass = { ctx: Ctx; record: RunRecord; targets: Targets; steps: StepLookup; otherwise: boolean }
type Stage = { state: RunState; now: number; seen: RehearsedStep[] }

/**
 * Runs a definition without calling anything: answers are made up from the schemas and examples of the specifications,
 * delays pass at once, approvals are given. A second pass takes every condition the other way, so that each branch is
 * visited. Returns the requests that would leave, exactly as they would.
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
  const steps = stepsByPath(definition.steps)
  const once = await perform({ ctx, record, targets, steps, otherwise: false })
  const branches = [...walkInside(definition.steps)].some((step) => step.type === 'condition')
  const again = branches ? await perform({ ctx, record, targets, steps, otherwise: true }) : []
  const known = new Set(once.map(({ step }) => step))
  return { input, steps: [...once, ...again.filter(({ step }) => !known.has(step))] }
}

function sampleInput(definition: WorkflowDefinition): Record<string, unknown> {
  const properties = Object.entries(definition.inputs?.properties ?? {})
  return Object.fromEntries(properties.map(([name, schema]) => [name, sampleOf(schema)]))
}

async function perform(pass: Pass): Promise<RehearsedStep[]> {
  const stage: Stage = { state: initialState, now: START, seen: [] }
  apply(stage, { type: 'run.started', at: START, input: pass.record.input })
  for (let round = 0; round < MAX_ROUNDS && !isFinished(stage.state); round++) {
    const actions = next(pass.record.definition, stage.state, stage.now)
    const [last] = actions.slice(-1)
    if (!last || last.type === 'succeed' || last.type === 'fail') break
    for (const action of actions) await take(pass, stage, action)
    if (actions.every((action) => action.type === 'wait') && last.type === 'wait') stage.now = last.until
  }
  return stage.seen
}

function apply(stage: Stage, event: RunEvent): void {
  stage.state = reduce(stage.state, event)
}

async function take(pass: Pass, stage: Stage, action: Action): Promise<void> {
  const event = moveOn(action, stage.now)
  if (event) return apply(stage, event)
  if (action.type !== 'execute') return
  const path = action.step
  const step = pass.steps.get(path)
  if (!step) return
  try {
    for (const event of await eventsOf(pass, stage, step, path)) apply(stage, event)
  } catch (error) {
    const failure = toStepError(pass.ctx, error)
    stage.seen.push({ step: path, request: null, problem: failure.message, ...onlyWhen(pass) })
    apply(stage, {
      type: 'step.failed',
      at: stage.now,
      step: path,
      attempt: action.attempt,
      error: failure,
      retryAt: null,
    })
  }
}

async function eventsOf(pass: Pass, stage: Stage, step: Step, path: string): Promise<RunEvent[]> {
  const { now: at } = stage
  const scope = scopeOf(pass.record, pass.steps, stage.state, path)
  const before = stepAt(stage.state, path)
  if (
    step.when !== undefined &&
    before.status === 'pending' &&
    isTrue(await evaluate(step.when, scope)) === pass.otherwise
  )
    return [{ type: 'step.skipped', at, step: path }]
  if (!isControl(step)) return callOf(pass, stage, step, path)
  const event = await enterStep(step, path, before, scope, at)
  if (event.type === 'step.failed')
    stage.seen.push({ step: path, request: null, problem: event.error.message, ...onlyWhen(pass) })
  if (event.type === 'step.entered' && event.branch && pass.otherwise)
    return [{ ...event, branch: event.branch === 'then' ? 'else' : 'then' }]
  if (event.type !== 'step.asked') return [event]
  const output = { approved: true, by: pass.record.userId, comment: null, at: new Date(at).toISOString() }
  return [event, { type: 'step.succeeded', at, step: path, attempt: 1, output }]
}

async function callOf(pass: Pass, stage: Stage, step: WorkStep, path: string): Promise<RunEvent[]> {
  const { now: at } = stage
  const scope = scopeOf(pass.record, pass.steps, stage.state, path)
  const prepared = await prepareStep(pass.ctx, step, scope, pass.targets, `${pass.record.runId}:${path}`)
  const started: RunEvent = { type: 'step.started', at, step: path, attempt: 1, request: prepared.request }
  if (prepared.request && step.type === 'api_call') {
    const response = pass.targets[`${step.api} ${step.operation}`]?.endpoint.response ?? null
    stage.seen.push({ step: path, request: prepared.request, problem: null, ...onlyWhen(pass) })
    const output = { status: 200, headers: { 'content-type': 'application/json' }, body: sampleOf(response) }
    return [started, { type: 'step.succeeded', at, step: path, attempt: 1, output }]
  }
  // A transform computes; a call that could not be written fails without having left.
  const result = await prepared.execute(new AbortController().signal)
  if (!result.ok) stage.seen.push({ step: path, request: null, problem: result.error.message, ...onlyWhen(pass) })
  return [started, outcomeOf(step, { path, attempt: LAST_ATTEMPT }, result, at, 0)]
}

function onlyWhen({ otherwise }: Pass): { otherwise: boolean } {
  return { otherwise }
}
