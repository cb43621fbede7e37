import type { Ctx } from '../context.ts'
import type { StopSignal } from '../lib/stop.ts'
import { toStepError } from '../steps/call.ts'
import { prepareStep, type Targets, type WorkStep } from '../steps/execute.ts'
import { evaluate } from '../steps/expressions.ts'
import { isSafe } from '../steps/order.ts'
import type { StepLookup } from '../steps/paths.ts'
import type { PreparedStep, StepResult } from '../steps/result.ts'
import type { Step } from '../steps/schema.ts'
import { enterStep, isControl, isTrue } from './enter.ts'
import type { RunEvent, StepEvent } from './machine/events.ts'
import { stepAt } from './machine/machine.ts'
import { keyOf, outcomeOf } from './machine/outcomes.ts'
import type { RunState } from './machine/state.ts'
import type { RunRecord } from './record.ts'
import { earlierOf, type FindRequest } from './recovery.ts'
import { askedOf, scopeAt } from './scope.ts'

/** The run that a step belongs to, as the step sees it. */
export type Performance = {
  ctx: Ctx
  record: RunRecord
  steps: StepLookup
  state: () => RunState
  /** Looks up what a step began with before. */
  requestOf: (path: string) => FindRequest
  targets: () => Promise<Targets>
  /** Whether the run still wants what it asked for in the state `before`: it may have been paused, cancelled or failed. */
  isStillAsked: (before: RunState, attempt: Attempt) => boolean
  /** Makes what was prepared, here or elsewhere. */
  make: (attempt: Attempt<WorkStep>, prepared: PreparedStep, signal: StopSignal) => Promise<StepResult>
  /** Whether the limits of the run leave room for another attempt; where they do not, the run has failed. */
  mayStart: () => boolean
  /** Whether the run has ended, or goes on elsewhere. */
  isOver: () => boolean
  append: (event: RunEvent) => void
  settle: () => Promise<void>
}

/** One attempt at a step. */
export type Attempt<S extends Step = Step> = { step: S; path: string; attempt: number }

/**
 * Makes one attempt at a step; returns what came of it, or null when nobody wants it any more. Before an effect leaves,
 * that it is about to is durable.
 */
export async function performStep(run: Performance, attempt: Attempt, signal: StopSignal): Promise<StepEvent | null> {
  // What is evaluated happens at the time that the log has of it.
  const at = Date.now()
  const asked = run.state()
  const { step } = attempt
  if (isControl(step) || step.when !== undefined) {
    const event = await begin(run, attempt, at)
    if (event) return run.isStillAsked(asked, attempt) ? event : null
    if (isControl(step)) return null
  }
  return call(run, { ...attempt, step }, asked, at, signal)
}

/** What happens to a step without anything being called; null for one that is to be called. */
async function begin(run: Performance, { step, path, attempt }: Attempt, at: number): Promise<StepEvent | null> {
  const before = stepAt(run.state(), path)
  const scope = scopeAt(run.record, run.steps, run.state(), { path, what: askedOf(before), at })
  try {
    if (step.when !== undefined && before.status === 'pending' && !isTrue(await evaluate(step.when, scope)))
      return { type: 'step.skipped', at, step: path }
    if (!isControl(step)) return null
    return await enterStep(step, path, before, scope, at)
  } catch (error) {
    const failure = toStepError(run.ctx, error)
    return { type: 'step.failed', at, step: path, attempt, error: failure, retryAt: null }
  }
}

async function call(
  run: Performance,
  { step, path, attempt }: Attempt<WorkStep>,
  asked: RunState,
  at: number,
  signal: StopSignal,
): Promise<StepEvent | null> {
  const targets = await run.targets()
  const before = stepAt(run.state(), path)
  const scope = scopeAt(run.record, run.steps, run.state(), { path, what: `attempt ${attempt}`, at })
  const earlier = isSafe(step) ? null : earlierOf(before, run.requestOf(path))
  const prepared = await prepareStep(run.ctx, step, scope, targets, keyOf(run.record.runId, path, before), earlier)
  if (!run.isStillAsked(asked, { step, path, attempt }) || !run.mayStart()) return null
  run.append({ type: 'step.started', at, step: path, attempt, request: prepared.request })
  if (!isSafe(step)) {
    await run.settle()
    if (run.isOver()) return null
  }
  const result = await run.make({ step, path, attempt }, prepared, signal)
  return outcomeOf(step, { path, attempt }, result, Date.now(), Math.random())
}
