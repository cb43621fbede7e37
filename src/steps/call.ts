import { callUpstream, type UpstreamRequest, type UpstreamResponse } from '../connections/egress.ts'
import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import { retryAfter } from '../lib/backoff.ts'
import type { StopSignal } from '../lib/stop.ts'
import { startDeadline } from '../platform/deadline.ts'
import { OutboundError } from '../platform/outbound.ts'
import { ExpressionError } from './expressions.ts'
import { readPages } from './paginate.ts'
import { RequestError } from './request.ts'
import { kept, type PreparedCall, type StepError, type StepResult } from './result.ts'

const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504])
const SHOWN_BODY = 2000

/** Makes a call; what goes wrong is its result. @throws what `signal` was aborted with. */
export async function makeCall(world: World, call: PreparedCall, signal: StopSignal): Promise<StepResult> {
  const { upstream, request, pages, timeoutMs } = call
  const deadline = timeoutMs === undefined ? null : startDeadline(timeoutMs, [signal], world.setAlarm)
  const stop = deadline?.signal ?? signal
  const send = (request: UpstreamRequest) => callUpstream(world, upstream, request, stop)
  try {
    const response = pages ? await readPages(pages, send, stop) : await send(request)
    const result = judge(response, call, world.now())
    return pages && result.ok ? kept(result.output) : result
  } catch (error) {
    if (signal.aborted) throw error
    const cause = stop.aborted ? new OutboundError('timeout', 'the step took too long', error) : error
    const failed = toStepError(world, cause)
    // Without a token or a turn nothing was sent, so that nothing can happen twice.
    const unsent = failed.code === 'OAUTH_FAILED' || failed.code === 'UPSTREAM_BUSY'
    const again = failed.retryable && (call.repeatable || unsent)
    return { ok: false, error: { ...failed, retryable: again } }
  } finally {
    deadline?.clear()
  }
}

/**
 * An answer as a result. A call with an effect is tried again on its own only where the answer says that it was not
 * carried out; otherwise only when the step asks for retries.
 */
function judge(
  response: UpstreamResponse,
  { repeatable, on, succeedsOn }: Pick<PreparedCall, 'repeatable' | 'on' | 'succeedsOn'>,
  now: number,
): StepResult {
  const { status, headers, body } = response
  // An answer is no larger than a value may be: no more of it is read.
  if ((status >= 200 && status < 300) || succeedsOn?.includes(status)) return { ok: true, output: response }
  const wait = retryAfter(headers['retry-after'] ?? null, now)
  const refused = status === 429 || (status === 503 && wait !== null)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    ok: false,
    error: {
      code: 'UPSTREAM_STATUS',
      message: `the API answered ${status}${reasonOf(body)}`,
      status,
      headers,
      body: text.length > SHOWN_BODY ? `${text.slice(0, SHOWN_BODY)}…` : body,
      retryable: on ? on.includes(status) : refused || (repeatable && RETRYABLE.has(status)),
      retryAfterMs: wait,
    },
  }
}

/** What a JSON error says of itself, in one of the usual places. */
function reasonOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return ''
  const { detail, message, error, title } = body as Record<string, unknown>
  const reason = [detail, message, error, title].find((value) => typeof value === 'string' && value !== '')
  return reason === undefined ? '' : `: ${String(reason).slice(0, 300)}`
}

/** What was thrown, as the failure of a step. */
export function toStepError(world: World, error: unknown): StepError {
  const fail = (code: StepError['code'], message: string, retryable = false): StepError => ({
    code,
    message,
    retryable,
    retryAfterMs: null,
  })
  if (error instanceof ExpressionError) return fail('EXPRESSION', error.message)
  if (error instanceof RequestError) return fail('REQUEST', error.message)
  if (error instanceof AppError && error.code === 'NEEDS_RECONNECT') return fail(error.code, error.message)
  if (error instanceof AppError && error.code === 'OAUTH_FAILED') {
    const wait = retryAfter(error.headers['Retry-After'] ?? null, world.now())
    return { ...fail(error.code, error.message, wait !== null), retryAfterMs: wait }
  }
  if (error instanceof AppError && error.code === 'UPSTREAM_BUSY')
    return { ...fail('UPSTREAM_BUSY', error.message, true), retryAfterMs: Number(error.extra['retryAfterMs']) }
  if (error instanceof AppError) return fail('REQUEST', error.message)
  if (error instanceof OutboundError) {
    if (error.timedOut) return fail('UPSTREAM_TIMEOUT', error.message, true)
    if (error.reason === 'too_large') return fail('RESPONSE_TOO_LARGE', error.message)
    return fail('UPSTREAM_UNREACHABLE', error.message, true)
  }
  world.log.error('step failed unexpectedly', {
    error: String(error),
    stack: error instanceof Error ? error.stack : undefined,
  })
  return fail('INTERNAL', 'something went wrong on our side')
}
