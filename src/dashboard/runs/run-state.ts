import type { UpstreamRequest } from '../../connections/egress.ts'
import type { RunEvent, RunFailure } from '../../runs/machine/events.ts'
import type { Execution } from '../../runs/schema.ts'
import type { StepError } from '../../steps/result.ts'

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
export type LiveStep = {
  status: StepStatus
  attempts: readonly Attempt[]
  /** When it is tried again, goes on, or is refused. */
  retryAt: number | null
  /** What is to be approved. */
  message: string | null
  iterations: { done: number; count: number } | null
}

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
    case 'run.recovered': {
      const uncertain = new Set(event.uncertain)
      const steps = Object.entries(run.steps).map(([id, step]) => [id, interrupt(step, uncertain.has(id))])
      return { ...next, steps: Object.fromEntries(steps) as LiveRun['steps'] }
    }
    case 'run.paused':
      return { ...next, status: 'paused' }
    case 'run.resumed':
      return { ...next, status: 'running' }
    case 'run.reopened':
      return { ...next, status: 'running', finishedAt: null, error: null, steps: reopened(run.steps) }
    case 'run.succeeded':
      return { ...next, status: 'succeeded', finishedAt: event.at, output: event.output }
    case 'run.failed':
      return { ...next, status: 'failed', finishedAt: event.at, error: event.error }
    case 'run.cancelled':
      return { ...next, status: 'cancelled', finishedAt: event.at }
    default: {
      const steps = { ...run.steps, ...broughtAlong(run.steps, event) }
      return { ...next, steps: { ...steps, [event.step]: stepAfter(run.steps[event.step] ?? unheard, event) } }
    }
  }
}

/** A step nothing has been heard of yet. */
export const unheard: LiveStep = { status: 'pending', attempts: [], retryAt: null, message: null, iterations: null }

/** What happens to the steps in one: those that are broken off with it, or to be done anew. */
function broughtAlong(steps: LiveRun['steps'], event: Extract<RunEvent, { step: string }>): LiveRun['steps'] {
  if (event.type === 'step.retried') return Object.fromEntries(event.steps.map((path) => [path, unheard]))
  if (event.type !== 'step.failed') return {}
  const uncertain = new Set(event.uncertain)
  const stopped = (event.aborted ?? []).map(
    (path) => [path, interrupt(steps[path] ?? unheard, uncertain.has(path))] as const,
  )
  return Object.fromEntries(stopped)
}

function interrupt(step: LiveStep, uncertain: boolean): LiveStep {
  return step.status === 'running' ? { ...step, status: uncertain ? 'uncertain' : 'interrupted' } : step
}

/** The steps of a failed run that is taken up again: what failed is to be done anew. */
function reopened(steps: LiveRun['steps']): LiveRun['steps'] {
  const entries = Object.entries(steps).map(([id, step]) => [id, step.status === 'failed' ? unheard : step] as const)
  return Object.fromEntries(entries)
}

function stepAfter(step: LiveStep, event: Extract<RunEvent, { step: string }>): LiveStep {
  const calm = { ...step, retryAt: null, message: null }
  switch (event.type) {
    case 'step.started': {
      const begun = { ...blank(event.attempt), startedAt: event.at, request: event.request }
      return { ...calm, status: 'running', attempts: withAttempt(step, begun) }
    }
    case 'step.succeeded': {
      const done = { ...attemptOf(step, event.attempt), finishedAt: event.at, output: event.output }
      return { ...calm, status: 'succeeded', attempts: withAttempt(step, done) }
    }
    case 'step.failed': {
      const failed = { ...attemptOf(step, event.attempt), finishedAt: event.at, error: event.error }
      const status = event.retryAt === null ? 'failed' : 'waiting'
      return { ...calm, status, attempts: withAttempt(step, failed), retryAt: event.retryAt }
    }
    case 'step.skipped':
      return { ...calm, status: 'skipped' }
    case 'step.repeated':
      return { ...calm, status: 'interrupted' }
    case 'step.retried':
      return { ...calm, status: 'open' }
    case 'step.sleeping':
      return { ...calm, status: 'sleeping', retryAt: event.until }
    case 'step.asked':
      return { ...calm, status: 'asking', message: event.message, retryAt: event.until }
    case 'step.entered':
      return { ...calm, status: 'open', iterations: iterationsAfter(step.iterations, event) }
    case 'step.iterated': {
      const { done, count } = step.iterations ?? { done: 0, count: 0 }
      return { ...calm, status: 'open', iterations: { done: done + 1, count } }
    }
    default:
      return event satisfies never
  }
}

function iterationsAfter(
  before: LiveStep['iterations'],
  { items, again }: Extract<RunEvent, { type: 'step.entered' }>,
): LiveStep['iterations'] {
  if (items) return { done: 0, count: items.length }
  if (!again) return before
  return { done: before?.done ?? 0, count: (before?.count ?? 0) + 1 }
}

function attemptOf(step: LiveStep, attempt: number): Attempt {
  return step.attempts.find((one) => one.attempt === attempt) ?? blank(attempt)
}

function withAttempt(step: LiveStep, attempt: Attempt): Attempt[] {
  return [...step.attempts.filter((one) => one.attempt !== attempt.attempt), attempt]
}

function blank(attempt: number): Attempt {
  return { attempt, startedAt: null, finishedAt: null, request: null, output: null, error: null }
}
