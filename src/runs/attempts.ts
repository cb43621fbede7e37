import type { UpstreamRequest, UpstreamResponse } from '../connections/egress.ts'
import type { StepError } from '../steps/result.ts'
import type { RunEvent, StepEvent } from './machine/events.ts'
import { initialState, isFinished, reduce, stepAt } from './machine/machine.ts'
import type { StepState } from './machine/state.ts'

/** One try of a step, as the log of its run has it. */
export type Attempt = {
  /** Position in the history of the step, from 1. */
  number: number
  /** As retries count: it begins again when somebody takes the run up again. */
  attempt: number
  outcome: 'running' | 'succeeded' | 'failed' | 'interrupted'
  startedAt: number | null
  finishedAt: number | null
  request: UpstreamRequest | null
  /** Of a call: its answer. Of any other step: the value. */
  output: unknown
  error: StepError | null
  /** When the next attempt is made. */
  retryAt: number | null
}

// What APIs commonly call the id that their support asks for; that of the edge in front says least.
const REQUEST_IDS = [
  'x-request-id',
  'request-id',
  'x-amzn-requestid',
  'x-amz-request-id',
  'x-ms-request-id',
  'x-github-request-id',
  'x-correlation-id',
  'x-trace-id',
  'cf-ray',
]

/**
 * Every try of the step at a path, oldest first. An attempt that a crash cut short and the one that made up for it are
 * two; events that the run did not take any more, since they came late or twice, are none.
 */
export function attemptsOf(events: readonly RunEvent[], path: string): Attempt[] {
  const attempts: Attempt[] = []
  let state = initialState
  for (const event of events) {
    const after = reduce(state, event)
    if ('step' in event) {
      if (event.step === path && after !== state) take(attempts, event)
    } else if (isFinished(after) || isLost(stepAt(after, path))) interrupt(attempts)
    state = after
  }
  return attempts
}

function isLost({ status }: StepState): boolean {
  return status === 'interrupted' || status === 'uncertain'
}

function take(attempts: Attempt[], event: StepEvent): void {
  switch (event.type) {
    case 'step.started':
      attempts.push(begin(attempts, event.at, event.attempt, event.request))
      return
    case 'step.retried':
      attempts.push(begin(attempts, event.at, event.attempt, null))
      return
    case 'step.entered':
      if (attempts.at(-1)?.outcome !== 'running') attempts.push(begin(attempts, event.at, 1, null))
      return
    case 'step.sleeping':
    case 'step.asked':
      attempts.push(begin(attempts, event.at, 1, null))
      return
    case 'step.succeeded':
      return end(attempts, event, { outcome: 'succeeded', output: event.output })
    case 'step.failed':
      return end(attempts, event, { outcome: 'failed', error: event.error, retryAt: event.retryAt })
    case 'step.skipped':
    case 'step.repeated':
    case 'step.iterated':
      return
    default:
      event satisfies never
  }
}

function begin(
  attempts: readonly Attempt[],
  startedAt: number | null,
  attempt: number,
  request: UpstreamRequest | null,
): Attempt {
  const nothing = { finishedAt: null, output: null, error: null, retryAt: null }
  return { number: attempts.length + 1, attempt, outcome: 'running', startedAt, request, ...nothing }
}

function end(attempts: Attempt[], { at, attempt }: { at: number; attempt: number }, how: Partial<Attempt>): void {
  const last = attempts.at(-1)
  // What could not even be evaluated never began; what a crash left open may be settled by a person.
  const open = last && (last.outcome === 'running' || (last.outcome === 'interrupted' && last.finishedAt === null))
  const ended = { ...(open ? last : begin(attempts, null, attempt, null)), finishedAt: at, ...how }
  attempts.splice(ended.number - 1, 1, ended)
}

function interrupt(attempts: Attempt[]): void {
  const last = attempts.at(-1)
  if (last?.outcome === 'running') attempts.splice(-1, 1, { ...last, outcome: 'interrupted' })
}

/** What came back for a call: its answer, or the answer that made it fail; null where none came. */
export function responseOf({ request, output, error }: Attempt): UpstreamResponse | null {
  if (error?.status !== undefined)
    return { status: error.status, headers: error.headers ?? {}, body: error.body ?? null }
  if (request === null || typeof output !== 'object' || output === null) return null
  const { status, headers, body } = output as Partial<UpstreamResponse>
  return status === undefined ? null : { status, headers: headers ?? {}, body: body ?? null }
}

/** The id that the API itself gave a request; ours, which some send back, only where there is no other. */
export function upstreamIdOf(request: UpstreamRequest | null, response: UpstreamResponse | null): string | null {
  const ours = request?.headers['x-request-id']
  const found = REQUEST_IDS.flatMap((name) => response?.headers[name] ?? [])
  return found.find((id) => id !== ours) ?? found[0] ?? null
}
