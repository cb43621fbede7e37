import type { UpstreamRequest } from '../connections/egress.ts'
import type { Ctx } from '../context.ts'
import { toStepError } from '../steps/call.ts'
import { prepareStep, type Targets, type WorkStep } from '../steps/execute.ts'
import { evaluate } from '../steps/expressions.ts'
import { isSafe } from '../steps/order.ts'
import { type StepLookup, stepsByPath } from '../steps/paths.ts'
import type { StepError, StepResult } from '../steps/result.ts'
import type { AiStep, ApiCallStep, ApprovalStep, Step } from '../steps/schema.ts'
import { nameInPath, type Steering } from './branches.ts'
import { enterStep, isControl, isTrue } from './enter.ts'
import type { Action } from './machine/action.ts'
import type { RunEvent } from './machine/events.ts'
import { initialState, isFinished, reduce, stepAt } from './machine/machine.ts'
import { next } from './machine/next.ts'
import { moveOn, outcomeOf } from './machine/outcomes.ts'
import type { RunState, StepState } from './machine/state.ts'
import type { RunRecord } from './record.ts'
import { askedOf, scopeAt } from './scope.ts'

/** A call as it would leave. */
export type DryCall = { path: string; attempt: number; step: ApiCallStep; request: UpstreamRequest }

/** What takes the place of the world while a definition is gone through without calling anything. */
export type Answers = {
  /** What a call comes to; null where nobody knows, so that what waits for it is not reached. */
  answer: (call: DryCall) => StepResult | null
  /** What a model says; null where nobody knows. */
  ask: (path: string, attempt: number, step: AiStep) => StepResult | null
  /** What somebody decides; null where nobody does. */
  decide: (path: string, step: ApprovalStep) => StepResult | null
  /** When what is evaluated of a step was evaluated; undefined where nobody knows, and for now. */
  timeOf?: (path: string, attempt: number, before: StepState) => number | undefined
  /** The key that a call carries. */
  keyOf: (path: string) => string
  /** Whether something begins, or which way it goes, against what its expression says. */
  steer?: Steering
  /** The most iterations of a `while` loop. */
  maxRounds?: number
}

/** What was seen of a step on the way. */
export type Sight =
  | { type: 'call'; path: string; attempt: number; request: UpstreamRequest; answered: boolean }
  | { type: 'problem'; path: string; attempt: number; message: string }
  /** A way that a step went: of a condition `then` or `else`, of any step `run` or `skipped`, `failed` or `passed over`. */
  | { type: 'way'; path: string; way: string }

/** How far a dry run came: `done` says that every step is, so that there is a result. */
export type DryRun = {
  state: RunState
  sights: Sight[]
  done: boolean
  failure: { step: string | null; message: string } | null
}

type Walk = { ctx: Ctx; record: RunRecord; targets: Targets; steps: StepLookup; answers: Answers }
type Stage = { state: RunState; now: number; sights: Sight[]; sent: Map<string, UpstreamRequest> }

const MAX_ROUNDS = 5000
const FORCED: StepError = { code: 'INTERNAL', message: 'taken to fail', retryable: false, retryAfterMs: null }

/**
 * Goes through a definition with the machine that carries runs out, and calls nothing: calls and decisions are answered
 * by `answers`, delays pass at once, expressions are evaluated as ever.
 */
export async function runDry(
  ctx: Ctx,
  record: RunRecord,
  targets: Targets,
  start: number,
  answers: Answers,
): Promise<DryRun> {
  const steps = stepsByPath(record.definition.steps)
  const walk: Walk = { ctx, record, targets, steps, answers }
  const stage: Stage = { state: initialState, now: start, sights: [], sent: new Map() }
  apply(stage, { type: 'run.started', at: start, input: record.input })
  for (let round = 0; round < MAX_ROUNDS && !isFinished(stage.state); round++) {
    const before = stage.state
    const actions = next(record.definition, stage.state, stage.now)
    const last = actions.at(-1)
    if (last?.type === 'succeed') return { ...stage, done: true, failure: null }
    if (last?.type === 'fail') return { ...stage, done: false, failure: last.error }
    for (const action of actions) await take(walk, stage, action)
    if (stage.state !== before) continue
    if (last?.type !== 'wait') break
    stage.now = last.until
  }
  return { ...stage, done: false, failure: null }
}

function apply(stage: Stage, event: RunEvent): void {
  stage.state = reduce(stage.state, event)
}

async function take(walk: Walk, stage: Stage, action: Action): Promise<void> {
  const event = moveOn(action, stage.now)
  if (event) return apply(stage, event)
  if (action.type !== 'execute') return
  const { step: path, attempt } = action
  const step = walk.steps.get(path)
  if (!step) return
  try {
    for (const happened of await eventsOf(walk, stage, step, path, attempt)) apply(stage, happened)
  } catch (error) {
    const failure = toStepError(walk.ctx, error)
    stage.sights.push({ type: 'problem', path, attempt, message: failure.message })
    apply(stage, failed(path, attempt, failure, stage.now))
  }
}

async function eventsOf(walk: Walk, stage: Stage, step: Step, path: string, attempt: number): Promise<RunEvent[]> {
  const { now: at } = stage
  const { steer, maxRounds = Infinity } = walk.answers
  const before = stepAt(stage.state, path)
  const scope = scopeIn(walk, stage, { path, attempt, before, what: askedOf(before) })
  if (step.when !== undefined && before.status === 'pending') {
    const way = steer?.(nameInPath(path), 'when') ?? (isTrue(await evaluate(step.when, scope)) ? 'run' : 'skipped')
    stage.sights.push({ type: 'way', path, way })
    if (way === 'skipped') return [{ type: 'step.skipped', at, step: path }]
  }
  if (steer?.(nameInPath(path), 'fails')) {
    stage.sights.push({ type: 'way', path, way: 'failed' })
    return [failed(path, attempt, FORCED, at)]
  }
  if (!isControl(step)) return workOf(walk, stage, step, path, attempt)
  if (step.type === 'condition') {
    const forced = steer?.(nameInPath(path), 'branch') as 'then' | 'else' | undefined
    const event = forced ? null : await enterStep(step, path, before, scope, at)
    const branch = forced ?? (event?.type === 'step.entered' ? event.branch : undefined) ?? 'else'
    stage.sights.push({ type: 'way', path, way: branch })
    return [{ type: 'step.entered', at, step: path, branch }]
  }
  const rounds = before.status === 'open' ? before.count : 0
  const forced =
    step.type === 'loop' && step.while !== undefined && rounds === 0 ? steer?.(nameInPath(path), 'while') : undefined
  const event: RunEvent = forced
    ? { type: 'step.entered', at, step: path, again: true }
    : await enterStep(step, path, before, scope, at)
  if (event.type === 'step.asked' && step.type === 'approval') return decisionOf(walk, step, event)
  if (event.type !== 'step.entered' || step.type !== 'loop') return [event]
  const begins = event.again === true || (event.items?.length ?? 0) > 0
  if (rounds === 0) stage.sights.push({ type: 'way', path, way: begins ? 'entered' : 'not entered' })
  return [{ ...event, ...(event.again && { again: rounds < maxRounds }) }]
}

function decisionOf(walk: Walk, step: ApprovalStep, event: RunEvent & { type: 'step.asked' }): RunEvent[] {
  const decided = walk.answers.decide(event.step, step)
  if (!decided) return [event]
  const { at, step: path } = event
  return [
    event,
    decided.ok
      ? { type: 'step.succeeded', at, step: path, attempt: 1, output: decided.output }
      : failed(path, 1, decided.error, at),
  ]
}

async function workOf(walk: Walk, stage: Stage, step: WorkStep, path: string, attempt: number): Promise<RunEvent[]> {
  const { now: at } = stage
  if (step.type === 'ai') {
    const answer = walk.answers.ask(path, attempt, step)
    const begun: RunEvent = { type: 'step.started', at, step: path, attempt, request: null }
    return answer === null ? [begun] : [begun, outcomeOf(step, { path, attempt }, answer, at, 0)]
  }
  const before = stepAt(stage.state, path)
  const scope = scopeIn(walk, stage, { path, attempt, before, what: `attempt ${attempt}` })
  // What may have left before is sent again as it was, as in a run.
  const sent = isSafe(step) ? undefined : stage.sent.get(path)
  const earlier = sent ? { request: sent, asItWas: true } : null
  const prepared = await prepareStep(walk.ctx, step, scope, walk.targets, walk.answers.keyOf(path), earlier)
  const started: RunEvent = { type: 'step.started', at, step: path, attempt, request: prepared.request }
  if (!prepared.request || step.type !== 'api_call') {
    // A transform computes; a call that could not be written fails without having left.
    const result = await prepared.execute(new AbortController().signal)
    if (!result.ok) stage.sights.push({ type: 'problem', path, attempt, message: result.error.message })
    return [started, outcomeOf(step, { path, attempt }, result, at, 0)]
  }
  stage.sent.set(path, prepared.request)
  const result = walk.answers.answer({ path, attempt, step, request: prepared.request })
  stage.sights.push({ type: 'call', path, attempt, request: prepared.request, answered: result !== null })
  return result === null ? [started] : [started, outcomeOf(step, { path, attempt }, result, at, 0)]
}

function scopeIn(
  { record, steps, answers }: Walk,
  { state, now }: Stage,
  { path, attempt, before, what }: { path: string; attempt: number; before: StepState; what: string },
) {
  return scopeAt(record, steps, state, { path, what, at: answers.timeOf?.(path, attempt, before) ?? now })
}

function failed(step: string, attempt: number, error: StepError, at: number): RunEvent {
  return { type: 'step.failed', at, step, attempt, error, retryAt: null }
}
