import type { UpstreamRequest } from '../connections/egress.ts'
import type { StepError } from '../steps/execute.ts'
import { dependencies } from '../steps/order.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'

/** Why a run failed: the step, and what was wrong with it. */
export type RunFailure = { step: string | null; message: string }

/** What happens to a run, in the order it happened; the log of these is the run. Times are milliseconds since 1970. */
export type RunEvent =
  | { type: 'run.started'; at: number; input: Record<string, unknown> }
  | { type: 'run.recovered'; at: number }
  | { type: 'run.succeeded'; at: number; output: unknown }
  | { type: 'run.failed'; at: number; error: RunFailure }
  | { type: 'run.cancelled'; at: number }
  | { type: 'step.started'; at: number; step: string; attempt: number; request: UpstreamRequest | null }
  | { type: 'step.succeeded'; at: number; step: string; attempt: number; output: unknown }
  | { type: 'step.failed'; at: number; step: string; attempt: number; error: StepError; retryAt: number | null }

/** One step of a run. `attempt` counts from 1; an attempt that a crash cut short is made again under its own number. */
export type StepState =
  | { status: 'pending' }
  | { status: 'running'; attempt: number; startedAt: number }
  | { status: 'interrupted'; attempt: number }
  | { status: 'waiting'; attempt: number; retryAt: number; error: StepError }
  | { status: 'succeeded'; attempt: number; startedAt: number; finishedAt: number; output: unknown }
  | { status: 'failed'; attempt: number; finishedAt: number; error: StepError }

type Open = { input: Record<string, unknown>; startedAt: number; steps: Readonly<Record<string, StepState>> }

/** A run, rebuilt from its log. */
export type RunState =
  | { status: 'accepted'; steps: Readonly<Record<string, StepState>> }
  | ({ status: 'running' } & Open)
  | ({ status: 'succeeded'; finishedAt: number; output: unknown } & Open)
  | ({ status: 'failed'; finishedAt: number; error: RunFailure } & Open)
  | ({ status: 'cancelled'; finishedAt: number } & Open)

/** What the object that holds a run has to do next. */
export type Action =
  | { type: 'execute'; step: string; attempt: number }
  | { type: 'wait'; until: number }
  | { type: 'succeed' }
  | { type: 'fail'; error: RunFailure }

const MAX_RUNNING = 10

/** A run of which nothing is known yet. */
export const initialState: RunState = { status: 'accepted', steps: {} }

/** Whether nothing more will happen to a run. */
export function isFinished(state: RunState): boolean {
  return state.status === 'succeeded' || state.status === 'failed' || state.status === 'cancelled'
}

/** The state after an event. An event that a finished run cannot have any more leaves it as it is. */
export function reduce(state: RunState, event: RunEvent): RunState {
  if (event.type === 'run.started')
    return state.status === 'accepted'
      ? { status: 'running', input: event.input, startedAt: event.at, steps: {} }
      : state
  if (state.status !== 'running') return state
  const { input, startedAt, steps } = state
  const finished = { input, startedAt, steps, finishedAt: event.at }
  switch (event.type) {
    case 'run.recovered':
      return { ...state, steps: Object.fromEntries(Object.entries(steps).map(([id, step]) => [id, interrupt(step)])) }
    case 'run.succeeded':
      return { ...finished, status: 'succeeded', output: event.output }
    case 'run.failed':
      return { ...finished, status: 'failed', error: event.error }
    case 'run.cancelled':
      return { ...finished, status: 'cancelled' }
    case 'step.started':
    case 'step.succeeded':
    case 'step.failed':
      return { ...state, steps: { ...steps, [event.step]: reduceStep(steps[event.step], event) } }
    default:
      return event satisfies never
  }
}

/**
 * What to do now: steps to execute, when to look again, or how the run ends. Asked again after every event; a step that
 * is running is not asked for twice.
 */
export function next(definition: WorkflowDefinition, state: RunState, now: number): Action[] {
  if (state.status !== 'running') return []
  const all = definition.steps.map((step) => [step.id, state.steps[step.id] ?? { status: 'pending' as const }] as const)
  const running = all.filter(([, step]) => step.status === 'running').length
  const failed = all.find(([, step]) => step.status === 'failed')
  if (failed) return running > 0 ? [] : [{ type: 'fail', error: failure(failed[0], failed[1]) }]
  if (all.every(([, step]) => step.status === 'succeeded')) return [{ type: 'succeed' }]
  const done = new Set(all.flatMap(([id, step]) => (step.status === 'succeeded' ? [id] : [])))
  const needs = dependencies(definition.steps)
  const actions: Action[] = []
  let wakeAt = Infinity
  for (const [id, step] of all) {
    if (step.status === 'interrupted') actions.push({ type: 'execute', step: id, attempt: step.attempt })
    if (step.status === 'waiting' && step.retryAt <= now)
      actions.push({ type: 'execute', step: id, attempt: step.attempt + 1 })
    if (step.status === 'waiting' && step.retryAt > now) wakeAt = Math.min(wakeAt, step.retryAt)
    if (step.status === 'pending' && (needs.get(id) ?? []).every((need) => done.has(need)))
      actions.push({ type: 'execute', step: id, attempt: 1 })
  }
  const admitted = actions.slice(0, Math.max(0, MAX_RUNNING - running))
  return wakeAt < Infinity ? [...admitted, { type: 'wait', until: wakeAt }] : admitted
}

function interrupt(step: StepState): StepState {
  return step.status === 'running' ? { status: 'interrupted', attempt: step.attempt } : step
}

function reduceStep(
  step: StepState | undefined,
  event: Extract<RunEvent, { type: 'step.started' | 'step.succeeded' | 'step.failed' }>,
): StepState {
  const { attempt, at } = event
  switch (event.type) {
    case 'step.started':
      return { status: 'running', attempt, startedAt: at }
    case 'step.succeeded':
      return {
        status: 'succeeded',
        attempt,
        startedAt: step?.status === 'running' ? step.startedAt : at,
        finishedAt: at,
        output: event.output,
      }
    case 'step.failed':
      return event.retryAt === null
        ? { status: 'failed', attempt, finishedAt: at, error: event.error }
        : { status: 'waiting', attempt, retryAt: event.retryAt, error: event.error }
    default:
      return event satisfies never
  }
}

function failure(id: string, step: StepState): RunFailure {
  return { step: id, message: step.status === 'failed' ? step.error.message : 'the step failed' }
}
