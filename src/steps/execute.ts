import type { UpstreamRequest } from '../connections/egress.ts'
import type { Target } from '../connections/targets.ts'
import type { World } from '../context.ts'
import { prepareAsk } from './ask.ts'
import { makeCall, toStepError } from './call.ts'
import type { ExpressionScope } from './expression-moment.ts'
import { evaluate } from './expressions.ts'
import { isSafe } from './order.ts'
import { firstPage, type PagedRead } from './paginate.ts'
import { buildRequest, type Earlier, isIdempotencyKey, requestAgain, RequestError } from './request.ts'
import { kept, type PreparedStep, stepTimeout } from './result.ts'
import type { AiStep, ApiCallStep, TransformStep } from './schema.ts'
import { MAX_VALUE_BYTES, tooLarge } from './size.ts'

/** A step that does something: it calls, asks or computes. */
export type WorkStep = ApiCallStep | TransformStep | AiStep

/** What the calls of a definition call, by the API's slug and the operation's name: `store GET /orders`. */
export type Targets = Readonly<Record<string, Target>>

// RFC 9110, section 9.2.2: sent twice they leave what they leave once.
const IDEMPOTENT = new Set(['PUT', 'DELETE'])

/**
 * Evaluates a step's templates against what earlier steps gave, and returns it ready to execute: in between, the caller
 * writes down that it is about to leave. A call that was sent before (`earlier`) may be sent as it was, not evaluated
 * anew: expressions such as `$now()` would make another request of it, which must not have the same key.
 */
export async function prepareStep(
  world: World,
  step: WorkStep,
  scope: ExpressionScope,
  targets: Targets,
  idempotencyKey: string,
  earlier: Earlier | null = null,
): Promise<PreparedStep> {
  try {
    switch (step.type) {
      case 'api_call':
        return await prepareApiCall(world, step, scope, targets, idempotencyKey, earlier)
      case 'transform':
        return await prepareTransform(world, step, scope)
      case 'ai':
        return await prepareAsk(world, step, scope)
      default:
        return step satisfies never
    }
  } catch (error) {
    // An attempt at what was sent before is about that request, though it could not be made this time.
    const request = earlier?.asItWas ? earlier.request : null
    return { request, execute: async () => ({ ok: false, error: toStepError(world, error) }) }
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
  earlier: Earlier | null,
): Promise<PreparedStep> {
  const target = targets[`${step.api} ${step.operation}`]
  if (!target) throw new RequestError(`the API "${step.api}" with ${step.operation} is no longer connected`)
  const { endpoint, upstream } = target
  const { request, pages } = earlier?.asItWas
    ? { request: earlier.request, pages: null }
    : await writeCall(world, step, scope, target, { idempotencyKey, before: earlier?.request })
  const excess = request.body === null ? null : tooLarge(request.body)
  if (excess) throw new RequestError(`the request ${excess}`)
  // With a key that the API knows, a second sending is recognised as such.
  const knowsKeys = endpoint.parameters.some(isIdempotencyKey)
  const repeatable = isSafe(step) || IDEMPOTENT.has(endpoint.method) || knowsKeys || step.retry !== undefined
  const { retry, succeedsOn, timeoutMs } = step
  const call = { upstream, request, pages, repeatable, on: retry?.on, succeedsOn, timeoutMs }
  return { request, call, execute: (signal) => makeCall(world, call, signal) }
}

/** Evaluates a call and writes it as a request; of a read in pages that of the first. */
async function writeCall(
  world: World,
  step: ApiCallStep,
  scope: ExpressionScope,
  { endpoint, upstream }: Target,
  { idempotencyKey, before }: { idempotencyKey: string; before: UpstreamRequest | undefined },
): Promise<{ request: UpstreamRequest; pages: PagedRead | null }> {
  const given = (await evaluate(step.parameters ?? {}, scope)) as Record<string, unknown>
  const body = step.body === undefined ? undefined : await evaluate(step.body, scope)
  const key = endpoint.parameters.find(isIdempotencyKey)?.name
  const values = key === undefined ? given : { ...given, [key]: given[key] ?? idempotencyKey }
  const baseUrl = endpoint.server ?? upstream.baseUrl
  const headers: Record<string, string> = { 'x-request-id': world.requestId }
  if (!isSafe(step) && key === undefined) headers['idempotency-key'] = idempotencyKey
  if (step.paginate) {
    const { maxItems } = step.paginate
    const pages = { endpoint, baseUrl, values, headers, maxItems, maxChars: MAX_VALUE_BYTES }
    return { request: firstPage(pages), pages }
  }
  const written = withHeaders(buildRequest(endpoint, baseUrl, values, body), headers)
  return { request: before ? requestAgain(before, written, idempotencyKey) : written, pages: null }
}

function withHeaders(request: UpstreamRequest, headers: Readonly<Record<string, string>>): UpstreamRequest {
  return { ...request, headers: { ...request.headers, ...headers } }
}
