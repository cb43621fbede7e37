import type { UpstreamRequest } from '../connections/egress.ts'
import type { StepError } from '../steps/result.ts'
import { changeStep, forEachStep, splitPath } from './frames.ts'
import type { RunLimits } from './limits.ts'
import { interrupt, reduceStep, renew, reopen, repeat } from './reduce-step.ts'

export { prefixOf, splitPath, stepsOf } from './frames.ts'

/** Why a run failed: the step, and what was wrong with it. */
export type RunFailure = { step: string | null; message: string }

/**
 * What happens to a run, in the order it happened; the log of these is the run. Times are milliseconds since 1970. A
 * `step` is a path: the id; for steps of a loop the path of the loop with the index before it, `refunds[3].refund`; for
 * those of a workflow that is called the path of the step that calls it, `invoice.send`.
 */
export type RunEvent =
  | { type: 'run.started'; at: number; input: Record<string, unknown> }
  | { type: 'run.recovered'; at: number; uncertain?: string[] }
  | { type: 'run.paused'; at: number }
  /** `limits` are those that hold from now on; without them those of before do. */
  | { type: 'run.resumed'; at: number; limits?: RunLimits }
  /** `steps` are those to be made again; a log without them means every step that failed. */
  | { type: 'run.reopened'; at: number; input?: Record<string, unknown>; steps?: string[]; limits?: RunLimits }
  | { type: 'run.succeeded'; at: number; output: unknown }
  | { type: 'run.failed'; at: number; error: RunFailure }
  | { type: 'run.cancelled'; at: number }
  | { type: 'step.started'; at: number; step: string; attempt: number; request: UpstreamRequest | null }
  | { type: 'step.succeeded'; at: number; step: string; attempt: number; output: unknown }
  | ({ type: 'step.failed'; at: number; step: string; attempt: number } & Failure)
  | { type: 'step.skipped'; at: number; step: string }
  /** What holds others is taken up again where something in it failed: at these steps. */
  | { type: 'step.retried'; at: number; step: string; attempt: number; steps: string[] }
  /** Somebody decided that a call whose outcome is unknown is to be made again. */
  | { type: 'step.repeated'; at: number; step: string; attempt: number }
  /**
   * A step that holds others begins: which branch, over which items, with which input; a `while` loop also for each
   * further iteration.
   */
  | ({ type: 'step.entered'; at: number; step: string } & Entry)
  /** One iteration of a loop is done. */
  | { type: 'step.iterated'; at: number; step: string; index: number; output: unknown }
  | { type: 'step.sleeping'; at: number; step: string; until: number }
  | { type: 'step.asked'; at: number; step: string; message: string; until: number | null }

/**
 * How a step failed. `retryAt` is when it is tried again, null when it has failed for good. Of a step whose time is up
 * `aborted` are the steps in it that were out: they are broken off, and those that are `uncertain` may have had their
 * effect and are not to be made again unasked.
 */
export type Failure = { error: StepError; retryAt: number | null; aborted?: string[]; uncertain?: string[] }

/** What a step that holds others begins with. */
export type Entry = {
  branch?: 'then' | 'else'
  items?: unknown[]
  again?: boolean
  input?: Record<string, unknown>
}

/**
 * The steps of one list, of one iteration of a loop, or of a workflow that is called, by id; those of a condition or a
 * parallel stand beside it.
 */
export type Frame = Readonly<Record<string, StepState>>

/**
 * What a step that holds others is about. A loop keeps a frame for each iteration that is going on; a workflow has one,
 * numbered 0.
 */
export type Inside = {
  branch: 'then' | 'else' | null
  items: readonly unknown[] | null
  /** What a workflow was called with; null for what is no workflow, also where the log does not say. */
  input?: Readonly<Record<string, unknown>> | null
  /** How many iterations there are so far; of a loop over items how many there will be. */
  count: number
  /** The first iteration that has not begun; later ones may have. */
  begun: number
  /** Whether a `while` loop is to be asked again. */
  more: boolean
  frames: Readonly<Record<number, Frame>>
  results: readonly unknown[]
  collected: number
}

export type Opened = { status: 'open'; attempt: number; startedAt: number } & Inside

/** How often somebody took a step up again after it had failed for good: its request may be another one each time. */
export type TakenUp = { round?: number }

/** One step of a run. `attempt` counts from 1; an attempt that a crash cut short is made again under its own number. */
export type StepState =
  /** `repeats`: what holds it is tried again, and it with it, as it was. */
  | ({ status: 'pending'; repeats?: true } & TakenUp)
  | ({ status: 'running'; attempt: number; startedAt: number } & TakenUp)
  | ({ status: 'interrupted'; attempt: number } & TakenUp)
  | ({ status: 'uncertain'; attempt: number } & TakenUp)
  /** For its next attempt; what holds others keeps what is `inside`. */
  | ({ status: 'waiting'; attempt: number; retryAt: number; error: StepError; inside?: Opened } & TakenUp)
  | Opened
  | { status: 'sleeping'; attempt: number; startedAt: number; until: number }
  | { status: 'asking'; attempt: number; startedAt: number; message: string; until: number | null }
  | { status: 'succeeded'; attempt: number; startedAt: number; finishedAt: number; output: unknown }
  /** `inside` is what a step that holds others had got done: it goes on from there when the run is reopened. */
  | ({ status: 'failed'; attempt: number; finishedAt: number; error: StepError; inside: Opened | null } & TakenUp)
  | { status: 'skipped'; finishedAt: number }

type Open = { input: Record<string, unknown>; startedAt: number; steps: Frame }

/** A run, rebuilt from its log. */
export type RunState =
  | { status: 'accepted'; steps: Frame }
  | ({ status: 'running' } & Open)
  | ({ status: 'paused' } & Open)
  | ({ status: 'succeeded'; finishedAt: number; output: unknown } & Open)
  | ({ status: 'failed'; finishedAt: number; error: RunFailure } & Open)
  | ({ status: 'cancelled'; finishedAt: number } & Open)

/** A run of which nothing is known yet. */
export const initialState: RunState = { status: 'accepted', steps: {} }

/** Whether nothing more will happen to a run by itself. */
export function isFinished(state: RunState): boolean {
  return state.status === 'succeeded' || state.status === 'failed' || state.status === 'cancelled'
}

/** The state after an event. An event that the run cannot have any more leaves it as it is. */
export function reduce(state: RunState, event: RunEvent): RunState {
  if (event.type === 'run.started')
    return state.status === 'accepted'
      ? { status: 'running', input: event.input, startedAt: event.at, steps: {} }
      : state
  if (state.status === 'failed' && event.type === 'run.reopened') {
    const { startedAt } = state
    const named = event.steps && new Set(event.steps)
    const steps = forEachStep(state.steps, (step, path) =>
      renew(!named || named.has(path) ? reopen(step) : step, event.at),
    )
    return { status: 'running', input: event.input ?? state.input, startedAt, steps }
  }
  if (state.status !== 'running' && state.status !== 'paused') return state
  const { input, startedAt, steps } = state
  const finished = { input, startedAt, steps, finishedAt: event.at }
  switch (event.type) {
    case 'run.recovered': {
      const uncertain = new Set(event.uncertain)
      return { ...state, steps: forEachStep(steps, (step, path) => interrupt(step, uncertain.has(path))) }
    }
    case 'run.paused':
      return { ...state, status: 'paused' }
    case 'run.resumed':
      return { ...state, status: 'running', steps: forEachStep(steps, (step) => renew(step, event.at)) }
    case 'run.reopened':
      return state
    case 'run.succeeded':
      return { ...finished, status: 'succeeded', output: event.output }
    case 'run.failed':
      return { ...finished, status: 'failed', error: event.error }
    case 'run.cancelled':
      return { ...finished, status: 'cancelled' }
    default: {
      const changed = afterStepEvent(steps, event)
      return changed === steps ? state : { ...state, steps: changed }
    }
  }
}

/** What happens to one step. */
export type StepEvent = Extract<RunEvent, { step: string }>

/** The steps after what happened to one of them, and with it to those in it; the very same where nothing did. */
function afterStepEvent(steps: Frame, event: StepEvent): Frame {
  const change = (frame: Frame) => changeStep(frame, event.step, (step) => reduceStep(step, event))
  const changed = change(steps)
  if (changed === steps) return steps
  if (event.type === 'step.failed' && event.aborted) {
    const uncertain = new Set(event.uncertain)
    const stop = (frame: Frame, path: string) =>
      changeStep(frame, path, (step) => step && interrupt(step, uncertain.has(path)))
    return change(event.aborted.reduce(stop, steps))
  }
  if (event.type !== 'step.retried') return changed
  const again = (frame: Frame, path: string) => changeStep(frame, path, (step) => step && renew(repeat(step), event.at))
  return event.steps.reduce(again, changed)
}

/** The state of the step at a path; pending where nothing has happened to it. */
export function stepAt(state: RunState, path: string): StepState {
  let frame: Frame = state.steps
  for (let rest = path; ;) {
    const part = splitPath(rest)
    const step = frame[part.id] ?? { status: 'pending' as const }
    if (part.index === null) return step
    if (step.status !== 'open') return { status: 'pending' }
    frame = step.frames[part.index] ?? {}
    rest = part.rest
  }
}
