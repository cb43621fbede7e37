import { admits } from './admits.ts'
import type { RunEvent, StepEvent } from './events.ts'
import type { Opened, StepState, TakenUp } from './state.ts'

/** A step after an event; the very same where the event is not for it as it is. */
export function reduceStep(step: StepState | undefined, event: StepEvent): StepState | undefined {
  if (!admits(step, event)) return step
  const { at } = event
  const startedAt = step && 'startedAt' in step ? step.startedAt : at
  switch (event.type) {
    case 'step.started':
      return { status: 'running', attempt: event.attempt, startedAt: at, ...roundOf(step) }
    case 'step.succeeded':
      return { status: 'succeeded', attempt: event.attempt, startedAt, finishedAt: at, output: event.output }
    case 'step.failed':
      return event.retryAt === null
        ? fail(step, event)
        : { ...waitFor(step), attempt: event.attempt, retryAt: event.retryAt, error: event.error }
    case 'step.retried':
      return step?.status === 'waiting' && step.inside
        ? { ...step.inside, attempt: event.attempt, startedAt: at }
        : step
    case 'step.skipped':
      return { status: 'skipped', finishedAt: at }
    case 'step.repeated':
      return { status: 'interrupted', attempt: event.attempt, ...roundOf(step) }
    case 'step.sleeping':
      return { status: 'sleeping', attempt: 1, startedAt: at, until: event.until }
    case 'step.asked':
      return { status: 'asking', attempt: 1, startedAt: at, message: event.message, until: event.until }
    case 'step.entered':
      return enter(step, event)
    case 'step.iterated':
      return step?.status === 'open' ? collect(step, event.index, event.output) : step
    default:
      return event satisfies never
  }
}

function fail(
  step: StepState | undefined,
  { attempt, at, error }: Extract<RunEvent, { type: 'step.failed' }>,
): StepState {
  const inside = step?.status === 'open' ? step : null
  return { status: 'failed', attempt, finishedAt: at, error, inside, ...roundOf(step) }
}

function waitFor(step: StepState | undefined): { status: 'waiting'; inside?: Opened } & TakenUp {
  return { status: 'waiting', ...roundOf(step), ...(step?.status === 'open' && { inside: step }) }
}

function roundOf(step: StepState | undefined): TakenUp {
  return step && 'round' in step && step.round !== undefined ? { round: step.round } : {}
}

function enter(step: StepState | undefined, event: Extract<RunEvent, { type: 'step.entered' }>): StepState {
  const more = event.again ?? false
  if (step?.status === 'open') return { ...step, more, count: step.count + (more ? 1 : 0) }
  const items = event.items ?? null
  const input = event.input ?? null
  const count = items?.length ?? (more || input ? 1 : 0)
  const inside = { items, input, count, more, begun: 0, frames: {}, results: [], collected: 0 }
  return { status: 'open', attempt: 1, startedAt: event.at, branch: event.branch ?? null, ...inside }
}

function collect(loop: Opened, index: number, output: unknown): StepState {
  const { [index]: _done, ...frames } = loop.frames
  const results = loop.results.slice()
  // A hole in the results means that the iteration is not done.
  results[index] = output ?? null
  return { ...loop, frames, results, collected: loop.collected + 1 }
}

/** A step whose object died: an attempt that was out is to be made again, or, when it is `uncertain`, to be decided on. */
export function interrupt(step: StepState, uncertain: boolean): StepState {
  if (step.status !== 'running') return step
  return { status: uncertain ? 'uncertain' : 'interrupted', attempt: step.attempt, ...roundOf(step) }
}

/** A step whose time counts from now: how long it stood still, because the run did, is not its fault. */
export function renew(step: StepState, at: number): StepState {
  return step.status === 'open' || step.status === 'sleeping' ? { ...step, startedAt: at } : step
}

/** A failed step that somebody takes up again; what a step that holds others had got done stays done. */
export function reopen(step: StepState): StepState {
  if (step.status !== 'failed') return step
  return step.inside ? { ...step.inside, attempt: 1 } : { status: 'pending', round: (step.round ?? 0) + 1 }
}

/** A failed step that is made again by itself, with what holds it. */
export function repeat(step: StepState): StepState {
  if (step.status !== 'failed') return step
  return step.inside ? { ...step.inside, attempt: 1 } : { status: 'pending', repeats: true, ...roundOf(step) }
}
