import type { UpstreamRequest } from '../connections/egress.ts'
import type { Upstream } from '../connections/upstream.ts'
import type { StopSignal } from '../lib/stop.ts'
import type { PagedRead } from './paginate.ts'
import { tooLarge } from './size.ts'

/** Why a step failed, fit to be shown. `retryable` and `retryAfterMs` say whether trying again may help. */
export type StepError = {
  code:
    | 'EXPRESSION'
    | 'INVALID_INPUT'
    | 'REQUEST'
    | 'UPSTREAM_STATUS'
    | 'UPSTREAM_UNREACHABLE'
    | 'UPSTREAM_TIMEOUT'
    | 'UPSTREAM_BUSY'
    | 'RESPONSE_TOO_LARGE'
    | 'NEEDS_RECONNECT'
    | 'OAUTH_FAILED'
    | 'MODEL_FAILED'
    | 'REFUSED'
    | 'STEP_TIMEOUT'
    | 'LOOP_LIMIT'
    | 'DEAD_LETTER'
    | 'INTERNAL'
  message: string
  status?: number
  headers?: Record<string, string>
  body?: unknown
  retryable: boolean
  retryAfterMs: number | null
}

/** How a step ended. */
export type StepResult = { ok: true; output: unknown } | { ok: false; error: StepError }

/** A call ready to be made. All of it is data, so that another Worker than the one that prepared it can make it. */
export type PreparedCall = {
  upstream: Upstream
  request: UpstreamRequest
  /** Where the answers of several pages are to be put together. */
  pages: PagedRead | null
  /** Whether sending it twice leaves what sending it once does. */
  repeatable: boolean
  /** The statuses that are tried again; without it those that usually pass by themselves. */
  on: readonly number[] | undefined
  /** The statuses that are no failure, beside 2xx. */
  succeedsOn: readonly number[] | undefined
  timeoutMs: number | undefined
}

/** A step made ready: everything evaluated, nothing sent yet. `call` is what it sends, if it is a call. */
export type PreparedStep = {
  request: UpstreamRequest | null
  call?: PreparedCall
  execute: (signal: StopSignal) => Promise<StepResult>
}

/** An output as a result, unless the log could not keep it. */
export function kept(output: unknown): StepResult {
  const excess = tooLarge(output)
  if (!excess) return { ok: true, output }
  const message = `the result ${excess}; ask for less, with a limit or a filter`
  return { ok: false, error: { code: 'RESPONSE_TOO_LARGE', message, retryable: false, retryAfterMs: null } }
}

/** The failure of a step that took longer than it says it may. */
export function stepTimeout(timeoutMs: number, retryable: boolean): StepError {
  const message = `the step took longer than its ${timeoutMs} ms`
  return { code: 'STEP_TIMEOUT', message, retryable, retryAfterMs: null }
}
