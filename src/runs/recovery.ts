import type { UpstreamRequest } from '../connections/egress.ts'
import { isAtMostOnce } from '../steps/order.ts'
import type { StepLookup } from '../steps/paths.ts'
import type { Earlier } from '../steps/request.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import type { RunLimits } from './limits.ts'
import type { RunEvent } from './machine/events.ts'
import { failedSteps } from './machine/inside.ts'
import { stepsOf } from './machine/machine.ts'
import { next } from './machine/next.ts'
import type { RunState, StepState } from './machine/state.ts'

/**
 * What a death did to a run: the calls that nobody waits for any more are to be made again, and those that may go out
 * once at most are uncertain. Null when there are none, or the run may begin nothing.
 */
export function recoveryOf(
  steps: StepLookup,
  state: RunState,
  isInFlight: (path: string) => boolean,
  at: number,
): RunEvent | null {
  if (state.status !== 'running') return null
  const lost = [...stepsOf(state.steps)].flatMap(([path, step]) =>
    step.status === 'running' && !isInFlight(path) ? [path] : [],
  )
  if (lost.length === 0) return null
  const uncertain = lost.filter((path) => isAtMostOnce(steps.get(path)))
  return { type: 'run.recovered', at, ...(uncertain.length > 0 && { uncertain }) }
}

/** Takes a failed run up again at the steps that made it fail; those whose failure was gone beyond stay as they are. `limits` are those that hold from now on. */
export function reopeningOf(
  definition: WorkflowDefinition,
  state: RunState,
  input: Record<string, unknown> | undefined,
  at: number,
  limits?: RunLimits,
): RunEvent | null {
  if (state.status !== 'failed') return null
  const steps = [...failedSteps(definition.steps, state.steps, '')]
  return { type: 'run.reopened', at, steps, ...(input && { input }), ...(limits && { limits }) }
}

/** How often a run was taken up without getting on: `done` is how far it had got. */
export type Lives = { lives: number; done: number }

/**
 * Counts a life of a run's object before it takes the run up; null when it has nothing to do that could kill it, as
 * while the run waits, is paused or is over.
 */
export function countLife(
  definition: WorkflowDefinition,
  state: RunState,
  before: Lives | undefined,
  now: number,
): Lives | null {
  if (state.status !== 'running') return null
  const all = [...stepsOf(state.steps)].map(([, step]) => step)
  const works = next(definition, state, now).some((action) => action.type !== 'wait')
  if (!works && !all.some((step) => step.status === 'running')) return null
  const done = all.reduce((sum, step) => sum + doneIn(step), 0)
  return { lives: before?.done === done ? before.lives + 1 : 1, done }
}

/** How much of a step is done: iterations, and attempts that came to an end. */
function doneIn(step: StepState): number {
  switch (step.status) {
    case 'pending':
      return 0
    case 'running':
    case 'interrupted':
    case 'uncertain':
      return step.attempt - 1
    case 'open':
      return step.attempt + step.count + step.collected
    case 'skipped':
    case 'sleeping':
    case 'asking':
      return 1
    case 'waiting':
    case 'failed':
      return step.attempt
    case 'succeeded':
      return step.attempt + 1
    default:
      return step satisfies never
  }
}

/**
 * Which request a call began with before, looked up by `find`, and whether it is sent again whatever the call would be
 * now; null for a call that has not begun before.
 */
export function earlierOf(state: StepState, find: FindRequest): Earlier | null {
  const asItWas =
    state.status === 'interrupted' ||
    state.status === 'waiting' ||
    (state.status === 'pending' && state.repeats === true)
  // What somebody takes up again is written anew, and is the same call only as far as it comes out the same.
  if (!asItWas && (state.status !== 'pending' || state.round === undefined)) return null
  const request = find(asItWas ? 'begun' : 'written')
  return request && { request, asItWas }
}

/** The request that the last attempt at a step began with, or the last one that there was: some cannot even be written. */
export type FindRequest = (last: 'begun' | 'written') => UpstreamRequest | null

/** Looks the request of a step up in the events of its run. */
export function requestIn(events: readonly RunEvent[], path: string): FindRequest {
  return (last) => {
    const isIt = (event: RunEvent) =>
      event.type === 'step.started' && event.step === path && (last === 'begun' || event.request !== null)
    const start = events.findLast(isIt)
    return start?.type === 'step.started' ? start.request : null
  }
}
