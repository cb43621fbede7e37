import type { UpstreamRequest } from '../../connections/egress.ts'
import type { RunEvent, RunFailure } from '../../runs/machine.ts'
import type { Execution } from '../../runs/schema.ts'
import type { StepError } from '../../steps/execute.ts'

/** One try of a step. */
export type Attempt = {
  attempt: number
  startedAt: number | null
  finishedAt: number | null
  request: UpstreamRequest | null
  output: unknown
  error: (Pick<StepError, 'code' | 'message'> & Partial<StepError>) | null
}

type StepStatus = Execution['steps'][number]['status']

/** A step as its events tell it. */
export type LiveStep = { status: StepStatus; attempts: readonly Attempt[]; retryAt: number | null }

/** A run as its events tell it; `seq` is the number of the last one. */
export type LiveRun = {
  seq: number
  status: Execution['status'] | 'unknown'
  startedAt: number | null
  finishedAt: number | null
  steps: Readonly<Record<string, LiveStep>>
  output: unknown
  error: RunFailure | null
}

/** A run nothing has been heard of yet. */
export const silent: LiveRun = {
  seq: 0,
  status: 'unknown',
  startedAt: null,
  finishedAt: null,
  steps: {},
  output: null,
  error: null,
}

/** The run after an event. One that was seen before changes nothing. */
export function afterEvent(run: LiveRun, { seq, event }: { seq: number; event: RunEvent }): LiveRun {
  if (seq <= run.seq) return run
  const next = { ...run, seq }
  switch (event.type) {
    case 'run.started':
      return { ...next, status: 'running', startedAt: event.at }
    case 'run.recovered':
      return {
        ...next,
        steps: Object.fromEntries(Object.entries(run.steps).map(([id, step]) => [id, interrupt(step)])),
      }
    case 'run.succeeded':
      return { ...next, status: 'succeeded', finishedAt: event.at, output: event.output }
    case 'run.failed':
      return { ...next, status: 'failed', finishedAt: event.at, error: event.error }
    case 'run.cancelled':
      return { ...next, status: 'cancelled', finishedAt: event.at }
    case 'step.started':
    case 'step.succeeded':
    case 'step.failed':
      return { ...next, steps: { ...run.steps, [event.step]: stepAfter(run.steps[event.step], event) } }
    default:
      return event satisfies never
  }
}

function interrupt(step: LiveStep): LiveStep {
  return step.status === 'running' ? { ...step, status: 'interrupted' } : step
}

function stepAfter(step: LiveStep | undefined, event: Extract<RunEvent, { step: string }>): LiveStep {
  const attempts = step?.attempts ?? []
  const others = attempts.filter(({ attempt }) => attempt !== event.attempt)
  const current = attempts.find(({ attempt }) => attempt === event.attempt) ?? blank(event.attempt)
  switch (event.type) {
    case 'step.started': {
      const begun = { ...blank(event.attempt), startedAt: event.at, request: event.request }
      return { status: 'running', attempts: [...others, begun], retryAt: null }
    }
    case 'step.succeeded': {
      const done = { ...current, finishedAt: event.at, output: event.output }
      return { status: 'succeeded', attempts: [...others, done], retryAt: null }
    }
    case 'step.failed': {
      const failed = { ...current, finishedAt: event.at, error: event.error }
      const status = event.retryAt === null ? 'failed' : 'waiting'
      return { status, attempts: [...others, failed], retryAt: event.retryAt }
    }
    default:
      return event satisfies never
  }
}

function blank(attempt: number): Attempt {
  return { attempt, startedAt: null, finishedAt: null, request: null, output: null, error: null }
}
