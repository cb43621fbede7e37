import { callUpstream, type UpstreamRequest, type UpstreamResponse } from '../connections/egress.ts'
import type { Target } from '../connections/targets.ts'
import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import { retryAfter } from '../lib/backoff.ts'
import { OutboundError } from '../platform/outbound.ts'
import { prepareAsk } from './ask.ts'
import { evaluate, ExpressionError, type ExpressionScope } from './expressions.ts'
import { isSafe } from './order.ts'
import { firstPage, readPages, type PagedRead } from './paginate.ts'
import { buildRequest, isIdempotencyKey, RequestError } from './request.ts'
import { kept, stepTimeout, type PreparedStep, type StepError, type StepResult } from './result.ts'
import type { AiStep, ApiCallStep, TransformStep } from './schema.ts'
import { MAX_VALUE_BYTES, tooLarge } from './size.ts'

export type { StepError, StepResult } from './result.ts'

/** A step that does something: it calls, asks or computes. */
export type WorkStep = ApiCallStep | TransformStep | AiStep

/** What the calls of a definition call, by the API's slug and the operation's name: `store GET /orders`. */
export type Targets = Readonly<Record<string, Target>>

// RFC 9110, section 9.2.2: sent twice they leave what they leave once.
const IDEMPOTENT = new Set(['PUT', 'DELETE'])
const RETRYABLE = new Set([408, 425, 429, 500, 502, 503, 504])
const SHOWN_BODY = 2000

/**
 * Evaluates a step's templates against what earlier steps gave, and returns it ready to execute: in between, the caller
 * writes down that it is about to leave. A request that may have left before is sent as it was (`sent`): expressions
 * such as `$now()` would give another one, and an API refuses a key that comes with another request.
 */
export async function prepareStep(
  world: World,
  step: WorkStep,
  scope: ExpressionScope,
  targets: Targets,
  idempotencyKey: string,
  sent: UpstreamRequest | null = null,
): Promise<PreparedStep> {
  try {
    switch (step.type) {
      case 'api_call':
        return await prepareApiCall(world, step, scope, targets, idempotencyKey, sent)
      case 'transform':
        return await prepareTransform(world, step, scope)
      case 'ai':
        return await prepareAsk(world, step, scope)
      default:
        return step satisfies never
    }
  } catch (error) {
    return { request: null, execute: async () => ({ ok: false, error: toStepError(world, error) }) }
  }
}

async function prepareTransform(world: World, step: TransformStep, scope: ExpressionScope): Promise<PreparedStep> {
  const since = world.now()
  const output = (await evaluate(step.value, scope)) ?? null
  const { timeoutMs } = step
  // Nothing breaks a computation off but the limits of expressions; one that took too long is not taken.
  if (timeoutMs !== undefined && world.now() - since > timeoutMs)
    return { request: null, execute: async () => ({ ok: false, error: stepTimeout(timeoutMs, false) }) }
  return { request: null, execute: async () => kept(output) }
}

async function prepareApiCall(
  world: World,
  step: ApiCallStep,
  scope: ExpressionScope,
  targets: Targets,
  idempotencyKey: string,
  sent: UpstreamRequest | null,
): Promise<PreparedStep> {
  const target = targets[`${step.api} ${step.operation}`]
  if (!target) throw new RequestError(`the API "${step.api}" with ${step.operation} is no longer connected`)
  const { endpoint, upstream } = target
  const given = (await evaluate(step.parameters ?? {}, scope)) as Record<string, unknown>
  const body = step.body === undefined ? undefined : await evaluate(step.body, scope)
  const key = endpoint.parameters.find(isIdempotencyKey)?.name
  const values = key === undefined ? given : { ...given, [key]: given[key] ?? idempotencyKey }
  const baseUrl = endpoint.server ?? upstream.baseUrl
  const headers: Record<string, string> = { 'x-request-id': world.requestId }
  if (!isSafe(step) && key === undefined) headers['idempotency-key'] = idempotencyKey
  const { paginate } = step
  const pages: PagedRead | null = paginate
    ? { endpoint, baseUrl, values, headers, maxItems: paginate.maxItems, maxChars: MAX_VALUE_BYTES }
    : null
  const build = () => withHeaders(buildRequest(endpoint, baseUrl, values, body), headers)
  const request = pages ? firstPage(pages) : (sent ?? build())
  const excess = tooLarge(request)
  if (excess) throw new RequestError(`the request ${excess}`)
  // With a key that the API knows, a second sending is recognised as such.
  const repeatable = isSafe(step) || IDEMPOTENT.has(endpoint.method) || key !== undefined || step.retry !== undefined
  const send = (request: UpstreamRequest, stop: AbortSignal) => callUpstream(world, upstream, request, stop)
  return {
    request,
    execute: async (signal) => {
      const stop =
        step.timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(step.timeoutMs)])
      try {
        const response = pages ? await readPages(pages, (page) => send(page, stop), stop) : await send(request, stop)
        return judge(response, { repeatable, on: step.retry?.on }, world.now())
      } catch (error) {
        if (signal.aborted) throw error
        const cause = stop.aborted ? new OutboundError('timeout', 'the step took too long', error) : error
        const failed = toStepError(world, cause)
        // Without a token or a turn nothing was sent, so that nothing can happen twice.
        const unsent = failed.code === 'OAUTH_FAILED' || failed.code === 'UPSTREAM_BUSY'
        const again = failed.retryable && (repeatable || unsent)
        return { ok: false, error: { ...failed, retryable: again } }
      }
    },
  }
}

function withHeaders(request: UpstreamRequest, headers: Readonly<Record<string, string>>): UpstreamRequest {
  return { ...request, headers: { ...request.headers, ...headers } }
}

/**
 * An answer as a result. A call with an effect is tried again on its own only where the answer says that it was not
 * carried out; otherwise only when the step asks for retries.
 */
function judge(
  response: UpstreamResponse,
  retry: { repeatable: boolean; on: readonly number[] | undefined },
  now: number,
): StepResult {
  const { status, headers, body } = response
  if (status >= 200 && status < 300) return kept(response)
  const wait = retryAfter(headers['retry-after'] ?? null, now)
  const refused = status === 429 || (status === 503 && wait !== null)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    ok: false,
    error: {
      code: 'UPSTREAM_STATUS',
      message: `the API answered ${status}${reasonOf(body)}`,
      status,
      body: text.length > SHOWN_BODY ? `${text.slice(0, SHOWN_BODY)}…` : body,
      retryable: retry.on ? retry.on.includes(status) : refused || (retry.repeatable && RETRYABLE.has(status)),
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
