import { recordAudit } from '../audit/audit.ts'
import { callUpstream } from '../connections/egress.ts'
import { permissionFor } from '../connections/policy.ts'
import { getConnection } from '../connections/service.ts'
import { findPlainReads, findTarget, type Target } from '../connections/targets.ts'
import { type Ctx, requireScope } from '../context.ts'
import { AppError, notFound, type ProblemCode } from '../errors.ts'
import { fetchOutbound, OutboundError } from '../platform/outbound.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition } from '../steps/check.ts'
import { buildRequest, RequestError } from '../steps/request.ts'
import type { ConnectionTest, TryRequest, TryResult } from './schema.ts'

const MAX_PROBES = 4
// What keeps a call from leaving says as much as an answer.
const VERDICTS: Partial<Record<ProblemCode, ConnectionTest['authentication']>> = {
  NEEDS_RECONNECT: 'refused',
  OAUTH_FAILED: 'unknown',
  UPSTREAM_BUSY: 'unknown',
}
const KNOCK_MS = 10_000
const KNOCK_BYTES = 1_000_000

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
  requireAlone(target)
  requireFitting(target, input)
  await recordAudit(ctx, 'endpoint.try', endpointId, { operation: operationName(target.endpoint) })
  const started = ctx.now()
  try {
    const request = buildRequest(
      target.endpoint,
      target.endpoint.server ?? target.upstream.baseUrl,
      input.parameters,
      input.body,
    )
    const response = await callUpstream(ctx, target.upstream, request)
    return { request, response, ms: ctx.now() - started }
  } catch (error) {
    throw translate(error)
  }
}

/** @throws AppError SECOND_PERSON_REQUIRED where the connection's policy lets nobody call it by themselves. */
function requireAlone({ endpoint, upstream }: Target): void {
  if (permissionFor(upstream.policy, endpoint) !== 'second_person') return
  const name = operationName(endpoint)
  throw new AppError(
    'SECOND_PERSON_REQUIRED',
    `${name} needs a second person: run it in a workflow, where one can approve.`,
  )
}

/**
 * Whether a connected API answers and takes the credential, found out by reads that need nothing to be called. A read
 * that succeeds proves the credential only where it fails without it, so each is made both ways, until one tells.
 */
export async function testConnection(ctx: Ctx, connectionId: string): Promise<ConnectionTest> {
  requireScope(ctx, 'execute')
  const { auth, baseUrl } = await getConnection(ctx, connectionId)
  const targets = (await findPlainReads(ctx, connectionId)).slice(0, MAX_PROBES)
  await recordAudit(ctx, 'connection.test', connectionId)
  if (targets.length === 0) return knock(ctx, baseUrl)
  let last: ConnectionTest = unreached(baseUrl, null)
  for (const target of targets) {
    last = await probe(ctx, target)
    if (!last.reachable || last.authentication !== 'accepted') return last
    if (auth.type === 'none') return { ...last, authentication: 'not_needed' }
    const open: Target = { ...target, upstream: { ...target.upstream, auth: { type: 'none' }, credential: null } }
    if ((await probe(ctx, open)).authentication === 'refused') return last
  }
  return last.reachable ? { ...last, authentication: 'not_needed' } : last
}

/** Whether anything answers at the base URL; without the credential, since no operation of the API asks for it. */
async function knock(ctx: Ctx, baseUrl: string): Promise<ConnectionTest> {
  const headers = new Headers({ 'x-request-id': ctx.requestId })
  const policy = { allowPrivate: ctx.config.allowPrivateUpstreams, timeoutMs: KNOCK_MS, maxBytes: KNOCK_BYTES }
  return observe(ctx, baseUrl, null, async () => {
    const { status } = await fetchOutbound(ctx.fetch, { url: baseUrl, headers }, policy)
    const detail = `Every read of this API needs a value, so only ${baseUrl} was called; it answered ${status}.`
    return { status, detail, authentication: 'unknown' }
  })
}

function probe(ctx: Ctx, { endpoint, upstream }: Target): Promise<ConnectionTest> {
  const operation = operationName(endpoint)
  const baseUrl = endpoint.server ?? upstream.baseUrl
  return observe(ctx, baseUrl, operation, async () => {
    const { status } = await callUpstream(ctx, upstream, buildRequest(endpoint, baseUrl, {}, undefined))
    return { status, detail: `${operation} answered ${status}.`, authentication: verdict(status) }
  })
}

type Answer = { status: number; detail: string; authentication: ConnectionTest['authentication'] }

async function observe(
  ctx: Ctx,
  baseUrl: string,
  operation: string | null,
  call: () => Promise<Answer>,
): Promise<ConnectionTest> {
  const started = ctx.now()
  const secure = new URL(baseUrl).protocol === 'https:'
  try {
    const answer = await call()
    return { reachable: true, tls: secure ? 'trusted' : 'none', operation, ms: ctx.now() - started, ...answer }
  } catch (error) {
    const silent = error instanceof AppError && VERDICTS[error.code]
    if (silent) return { ...unreached(baseUrl, operation), authentication: silent, detail: error.message }
    if (!(error instanceof OutboundError)) throw error
    // An answer of any length shows that somebody is there.
    if (error.reason === 'too_large') {
      const detail = `${error.message}.`
      return { ...unreached(baseUrl, operation), reachable: true, tls: secure ? 'trusted' : 'none', detail }
    }
    const tls = error.reason === 'tls' ? 'failed' : secure ? 'unknown' : 'none'
    return { ...unreached(baseUrl, operation), tls, ms: ctx.now() - started, detail: `${error.message}.` }
  }
}

function unreached(baseUrl: string, operation: string | null): ConnectionTest {
  const tls = new URL(baseUrl).protocol === 'https:' ? 'unknown' : 'none'
  return { reachable: false, tls, authentication: 'unknown', operation, status: null, ms: null, detail: '' }
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
  const code = error.timedOut ? 'UPSTREAM_TIMEOUT' : 'UPSTREAM_UNREACHABLE'
  return new AppError(code, `The API did not answer: ${error.message}.`, { cause: error })
}
