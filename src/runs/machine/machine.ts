import type { RunEvent, StepEvent } from './events.ts'
import { changeStep, forEachStep, splitPath } from './frames.ts'
import { interrupt, reduceStep, renew, reopen, repeat } from './reduce-step.ts'
import type { Frame, RunState, StepState } from './state.ts'

export { prefixOf } from './frames.ts'
export { splitPath } from './frames.ts'
export { stepsOf } from './frames.ts'

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
