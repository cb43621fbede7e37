import type { UpstreamRequest } from '../connections/egress.ts'
import type { StepError } from '../steps/call.ts'
import { begunWith, interrupt, reduceStep, reopen } from './reduce-step.ts'

/** Why a run failed: the step, and what was wrong with it. */
export type RunFailure = { step: string | null; message: string }

/**
 * What happens to a run, in the order it happened; the log of these is the run. Times are milliseconds since 1970. A
 * `step` is a path: the id, and for steps of a loop the path of the loop with the index before it, `refunds[3].refund`.
 */
export type RunEvent =
  | { type: 'run.started'; at: number; input: Record<string, unknown> }
  | { type: 'run.recovered'; at: number; uncertain?: string[] }
  | { type: 'run.paused'; at: number }
  | { type: 'run.resumed'; at: number }
  /** `steps` are those to be made again; a log without them means every step that failed. */
  | { type: 'run.reopened'; at: number; input?: Record<string, unknown>; steps?: string[] }
  | { type: 'run.succeeded'; at: number; output: unknown }
  | { type: 'run.failed'; at: number; error: RunFailure }
  | { type: 'run.cancelled'; at: number }
  | { type: 'step.started'; at: number; step: string; attempt: number; request: UpstreamRequest | null }
  | { type: 'step.succeeded'; at: number; step: string; attempt: number; output: unknown }
  | { type: 'step.failed'; at: number; step: string; attempt: number; error: StepError; retryAt: number | null }
  | { type: 'step.skipped'; at: number; step: string }
  /** Somebody decided that a call whose outcome is unknown is to be made again. */
  | { type: 'step.repeated'; at: number; step: string; attempt: number }
  /** A condition, loop or parallel begins: which branch, over which items; a `while` loop also for each further iteration. */
  | { type: 'step.entered'; at: number; step: string; branch?: 'then' | 'else'; items?: unknown[]; again?: boolean }
  /** One iteration of a loop is done. */
  | { type: 'step.iterated'; at: number; step: string; index: number; output: unknown }
  | { type: 'step.sleeping'; at: number; step: string; until: number }
  | { type: 'step.asked'; at: number; step: string; message: string; until: number | null }

/** The steps of one list, or of one iteration of a loop, by id; those of a condition or a parallel stand beside it. */
export type Frame = Readonly<Record<string, StepState>>

/** What a condition, loop or parallel is about; a loop keeps a frame for each iteration that is going on. */
export type Inside = {
  branch: 'then' | 'else' | null
  items: readonly unknown[] | null
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

/** How often a step was taken up again with other input after it had failed. */
export type Edited = { edits?: number }

/** One step of a run. `attempt` counts from 1; an attempt that a crash cut short is made again under its own number. */
export type StepState =
  | ({ status: 'pending' } & Edited)
  | ({ status: 'running'; attempt: number; startedAt: number } & Edited)
  | ({ status: 'interrupted'; attempt: number } & Edited)
  | ({ status: 'uncertain'; attempt: number } & Edited)
  | ({ status: 'waiting'; attempt: number; retryAt: number; error: StepError } & Edited)
  | Opened
  | { status: 'sleeping'; attempt: number; startedAt: number; until: number }
  | { status: 'asking'; attempt: number; startedAt: number; message: string; until: number | null }
  | { status: 'succeeded'; attempt: number; startedAt: number; finishedAt: number; output: unknown }
  /** `inside` is what a condition, loop or parallel had got done: it goes on from there when the run is reopened. */
  | ({ status: 'failed'; attempt: number; finishedAt: number; error: StepError; inside: Opened | null } & Edited)
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
    const edited = event.input !== undefined
    const steps = forEachStep(state.steps, (step, path) => (!named || named.has(path) ? reopen(step, edited) : step))
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
      return { ...state, status: 'running' }
    case 'run.reopened':
      return state
    case 'run.succeeded':
      return { ...finished, status: 'succeeded', output: event.output }
    case 'run.failed':
      return { ...finished, status: 'failed', error: event.error }
    case 'run.cancelled':
      return { ...finished, status: 'cancelled' }
    default: {
      const changed = changeStep(steps, event.step, (step) => reduceStep(step, event))
      return changed === steps ? state : { ...state, steps: changed }
    }
  }
}

/** What happens to one step. */
export type StepEvent = Extract<RunEvent, { step: string }>

/** The first part of a path and what follows it: `refunds[3].refund` → refunds, 3, refund. */
export function splitPath(path: string): { id: string; index: number | null; rest: string } {
  const [, id = path, index, rest = ''] = /^(\w+)(?:\[(\d+)\]\.(.+))?$/.exec(path) ?? []
  return { id, index: index === undefined ? null : Number(index), rest }
}

/** The frame with one step changed; the very same frame when the change changes nothing. */
function changeStep(frame: Frame, path: string, change: (step: StepState | undefined) => StepState | undefined): Frame {
  const { id, index, rest } = splitPath(path)
  const step = frame[id]
  if (index === null) {
    const changed = change(step)
    return changed === undefined || changed === step ? frame : { ...frame, [id]: changed }
  }
  if (step?.status !== 'open' || step.results[index] !== undefined || index >= step.count) return frame
  const before = step.frames[index] ?? {}
  const inner = changeStep(before, rest, change)
  if (inner === before) return frame
  return { ...frame, [id]: { ...step, begun: begunWith(step, index), frames: { ...step.frames, [index]: inner } } }
}

/** Every step that has a state, changed; loops with their frames. */
function forEachStep(frame: Frame, change: (step: StepState, path: string) => StepState, prefix = ''): Frame {
  return Object.fromEntries(
    Object.entries(frame).map(([id, step]) => {
      const path = `${prefix}${id}`
      const changed = change(step, path)
      if (changed.status !== 'open') return [id, changed]
      const frames = Object.entries(changed.frames).map(([index, inner]) => [
        index,
        forEachStep(inner, change, `${path}[${index}].`),
      ])
      return [id, { ...changed, frames: Object.fromEntries(frames) as Record<number, Frame> }]
    }),
  )
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

/** Every step that has a state, with its path. */
export function* stepsOf(frame: Frame, prefix = ''): Generator<readonly [path: string, step: StepState]> {
  for (const [id, step] of Object.entries(frame)) {
    yield [`${prefix}${id}`, step]
    if (step.status !== 'open') continue
    for (const [index, inner] of Object.entries(step.frames)) yield* stepsOf(inner, `${prefix}${id}[${index}].`)
  }
}
