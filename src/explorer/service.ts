import { recordAudit } from '../audit/audit.ts'
import { callUpstream } from '../connections/egress.ts'
import { findPlainReads, findTarget, getConnection, type Target } from '../connections/service.ts'
import { requireScope, type Ctx } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { OutboundError } from '../platform/outbound.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition } from '../steps/check.ts'
import { buildRequest, RequestError } from '../steps/request.ts'
import type { ConnectionTest, TryRequest, TryResult } from './schema.ts'

const MAX_PROBES = 4

/** Calls one operation with the stored credential, once the request fits the specification. */
export async function tryEndpoint(
  ctx: Ctx,
  connectionId: string,
  endpointId: string,
  input: TryRequest,
): Promise<TryResult> {
  requireScope(ctx, 'execute')
  const target = await findTarget(ctx, connectionId, endpointId)
  if (!target) throw notFound('operation', endpointId)
  requireFitting(target, input)
  await recordAudit(ctx, 'endpoint.try', endpointId, { operation: operationName(target.endpoint) })
  const started = ctx.now()
  try {
    const request = buildRequest(target.endpoint, target.upstream.baseUrl, input.parameters, input.body)
    const response = await callUpstream(ctx, target.upstream, request)
    return { request, response, ms: ctx.now() - started }
  } catch (error) {
    throw translate(error)
  }
}

/**
 * Whether a connected API answers and takes the credential, found out by reads that need nothing to be called. A read
 * that succeeds proves the credential only where it fails without it, so each is made both ways, until one tells.
 */
export async function testConnection(ctx: Ctx, connectionId: string): Promise<ConnectionTest> {
  requireScope(ctx, 'execute')
  const { auth } = await getConnection(ctx, connectionId)
  const targets = (await findPlainReads(ctx, connectionId)).slice(0, MAX_PROBES)
  await recordAudit(ctx, 'connection.test', connectionId)
  let last: ConnectionTest = {
    reachable: false,
    authentication: 'unknown',
    operation: null,
    status: null,
    ms: null,
    detail: 'Every read of this API needs a value, so nothing was called.',
  }
  for (const target of targets) {
    last = await probe(ctx, target)
    if (!last.reachable || last.authentication !== 'accepted') return last
    if (auth.type === 'none') return { ...last, authentication: 'not_needed' }
    const open: Target = { ...target, upstream: { ...target.upstream, auth: { type: 'none' }, credential: null } }
    if ((await probe(ctx, open)).authentication === 'refused') return last
  }
  return last.reachable ? { ...last, authentication: 'not_needed' } : last
}

async function probe(ctx: Ctx, { endpoint, upstream }: Target): Promise<ConnectionTest> {
  const operation = operationName(endpoint)
  const request = buildRequest(endpoint, upstream.baseUrl, {}, undefined)
  const started = ctx.now()
  try {
    const { status } = await callUpstream(ctx, upstream, request)
    const ms = ctx.now() - started
    return {
      reachable: true,
      authentication: verdict(status),
      operation,
      status,
      ms,
      detail: `${operation} answered ${status}.`,
    }
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    const ms = ctx.now() - started
    return { reachable: false, authentication: 'unknown', operation, status: null, ms, detail: `${error.message}.` }
  }
}

function verdict(status: number): ConnectionTest['authentication'] {
  if (status === 401 || status === 403) return 'refused'
  return status >= 500 || status === 429 ? 'unknown' : 'accepted'
}

/** The check of workflows, for a workflow of this one call. @throws AppError VALIDATION_FAILED */
function requireFitting({ endpoint, upstream }: Target, { parameters, body }: TryRequest): void {
  const step = {
    id: 'call',
    type: 'api_call' as const,
    api: upstream.slug,
    operation: operationName(endpoint),
    parameters,
    ...(body === undefined ? {} : { body }),
  }
  const wrong = checkDefinition({ name: 'Try', steps: [step] }, () => endpoint).filter(
    ({ verdict }) => verdict === 'wrong',
  )
  const errors = wrong.map((finding) => ({ ...finding, path: finding.path.replace('/steps/0', '') }))
  const [first] = errors
  if (first) throw new AppError('VALIDATION_FAILED', `${first.path}: ${first.message}.`, { errors })
}

function translate(error: unknown): unknown {
  if (error instanceof RequestError) return new AppError('VALIDATION_FAILED', `${error.message}.`)
  if (!(error instanceof OutboundError)) return error
  const code = error.reason === 'timeout' ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNREACHABLE'
  return new AppError(code, `The API did not answer: ${error.message}.`, { cause: error })
}
