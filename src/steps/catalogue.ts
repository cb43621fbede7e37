import { findOperations } from '../catalog/service.ts'
import { findConnections } from '../connections/service.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition, type CheckFinding } from './check.ts'
import type { Target, Targets } from './execute.ts'
import type { ApiCallStep, Step, WorkflowDefinition } from './schema.ts'

/** The targets of every call in a list of steps, read in two queries. */
export async function loadTargets(ctx: Ctx, steps: readonly Step[]): Promise<Targets> {
  const calls = steps.filter((step): step is ApiCallStep => step.type === 'api_call')
  const upstreams = await findConnections(ctx, { slugs: [...new Set(calls.map((call) => call.api))] })
  const bySlug = new Map(upstreams.map((upstream) => [upstream.slug, upstream]))
  const endpoints = await findOperations(
    ctx,
    calls.flatMap((call) => {
      const connectionId = bySlug.get(call.api)?.id
      const [method = '', path = ''] = call.operation.split(' ', 2)
      return connectionId ? [{ connectionId, method, path }] : []
    }),
  )
  const targets = new Map<string, Target>()
  for (const endpoint of endpoints) {
    const upstream = upstreams.find((candidate) => candidate.id === endpoint.connectionId)
    if (upstream?.status === 'ACTIVE')
      targets.set(`${upstream.slug} ${operationName(endpoint)}`, { endpoint, upstream })
  }
  return (api, operation) => targets.get(`${api} ${operation}`)
}

/** Holds a definition against what is connected now. */
export async function reviewDefinition(ctx: Ctx, definition: WorkflowDefinition): Promise<CheckFinding[]> {
  const targets = await loadTargets(ctx, definition.steps)
  return checkDefinition(definition, (api, operation) => targets(api, operation)?.endpoint)
}

/** As `reviewDefinition`, for a definition about to be stored or run. @throws AppError INVALID_WORKFLOW when anything in it is wrong. */
export async function requireRunnable(ctx: Ctx, definition: WorkflowDefinition): Promise<CheckFinding[]> {
  const findings = await reviewDefinition(ctx, definition)
  const wrong = findings.filter((finding) => finding.verdict === 'wrong')
  const [first] = wrong
  if (first) throw new AppError('INVALID_WORKFLOW', `${first.path}: ${first.message}.`, { errors: wrong })
  return findings
}
