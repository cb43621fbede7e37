import { backoff } from '../../lib/backoff.ts'
import type { WorkStep } from '../../steps/execute.ts'
import type { StepError, StepResult } from '../../steps/result.ts'
import type { Retry } from '../../steps/schema.ts'
import { tooLarge } from '../../steps/size.ts'
import type { Action } from './action.ts'
import type { StepEvent } from './events.ts'
import type { StepState } from './state.ts'

const DEFAULT_ATTEMPTS = 3
const MAX_RETRY_MS = 3_600_000
// What is in a step spreads its own retries; those of the step itself need no chance.
const EVEN = 0.5

/** How somebody settled a step that waited for a person. */
export type Decision = { verdict: 'approve' | 'refuse' | 'repeat' | 'done'; by: string; comment: string | null }

/** What a decision does to a step that waits for one; null when the step does not. */
export function toEvent(
  step: string,
  state: StepState,
  { verdict, by, comment }: Decision,
  at: number,
): StepEvent | null {
  if (state.status !== 'asking' && state.status !== 'uncertain') return null
  const { attempt } = state
  if (verdict === 'repeat') return state.status === 'uncertain' ? { type: 'step.repeated', at, step, attempt } : null
  if (verdict === 'refuse') {
    const message = `refused by ${by}${comment ? `: ${comment}` : ''}`
    const error: StepError = { code: 'REFUSED', message, retryable: false, retryAfterMs: null }
    return { type: 'step.failed', at, step, attempt, error, retryAt: null }
  }
  if ((verdict === 'done') !== (state.status === 'uncertain')) return null
  const output = { approved: true, by, comment, at: new Date(at).toISOString() }
  return { type: 'step.succeeded', at, step, attempt, output }
}

/** What an action that needs nothing from outside does to the run; null for the others. */
export function moveOn(action: Action, at: number): StepEvent | null {
  switch (action.type) {
    case 'complete':
      return completed(action.step, action.output, at, action.attempt)
    case 'break':
      return broken(action, at)
    case 'retry':
      return { type: 'step.retried', at, step: action.step, attempt: action.attempt, steps: action.steps }
    case 'collect':
      return { type: 'step.iterated', at, step: action.step, index: action.index, output: action.output }
    case 'skip':
      return { type: 'step.skipped', at, step: action.step }
    case 'execute':
    case 'wait':
    case 'succeed':
    case 'fail':
      return null
    default:
      return action satisfies never
  }
}

function broken({ step, attempt, error, retry, out }: Extract<Action, { type: 'break' }>, at: number): StepEvent {
  const on = retry?.on
  // Nobody is asked again what they refused.
  const again =
    retry !== undefined &&
    attempt < retry.maxAttempts &&
    error.code !== 'REFUSED' &&
    (on === undefined || (error.status !== undefined && on.includes(error.status)))
  const failed = { type: 'step.failed' as const, at, step, attempt, error }
  const { aborted = [], uncertain = [] } = out ?? {}
  return {
    ...failed,
    retryAt: again ? at + pauseBefore(attempt, retry, EVEN) : null,
    ...(aborted.length > 0 && { aborted }),
    ...(uncertain.length > 0 && { uncertain }),
  }
}

/** What holds others ends with a value, unless the log could not keep it. */
export function completed(step: string, output: unknown, at: number, attempt: number): StepEvent {
  const excess = tooLarge(output)
  if (!excess) return { type: 'step.succeeded', at, step, attempt, output }
  const message = `what it gives ${excess}; let its last step give less`
  const error: StepError = { code: 'RESPONSE_TOO_LARGE', message, retryable: false, retryAfterMs: null }
  return { type: 'step.failed', at, step, attempt, error, retryAt: null }
}

/**
 * How an attempt at a call, a question or a computation ended at a time, and whether and when it is made again; `random`, in
 * [0, 1), spreads the retries.
 */
export function outcomeOf(
  step: WorkStep,
  { path, attempt }: { path: string; attempt: number },
  result: StepResult,
  at: number,
  random: number,
): StepEvent {
  if (result.ok) return { type: 'step.succeeded', at, step: path, attempt, output: result.output }
  const { error } = result
  const { retry } = step
  const wait = Math.max(error.retryAfterMs ?? 0, pauseBefore(attempt, retry, random))
  const again = error.retryable && attempt < (retry?.maxAttempts ?? DEFAULT_ATTEMPTS) && wait <= MAX_RETRY_MS
  return { type: 'step.failed', at, step: path, attempt, error, retryAt: again ? at + wait : null }
}

function pauseBefore(attempt: number, retry: Retry | undefined, random: number): number {
  if (retry?.backoff === 'constant') return retry.delayMs ?? backoff(1, random)
  const wait = retry?.delayMs === undefined ? backoff(attempt, random) : retry.delayMs * 2 ** (attempt - 1)
  return Math.min(wait, retry?.maxDelayMs ?? Infinity)
}

/**
 * The `Idempotency-Key` of a request that is written now: one that no other request of the run has had. A request that is
 * sent again keeps the key it has.
 */
export function keyOf(runId: string, path: string, step: StepState): string {
  const round = 'round' in step ? step.round : 0
  return `${runId}:${path}${round ? `:${round}` : ''}`
}
