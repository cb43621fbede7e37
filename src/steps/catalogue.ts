import { findTargets, type OperationRef } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { operationName } from '../specs/operation.ts'
import type { Targets } from './execute.ts'
import type { Step } from './schema.ts'
import { walkInside } from './tree.ts'

/** Every operation that a list of steps calls, once; also those of workflows that they call, where these are linked. */
export function operationsOf(steps: readonly Step[]): OperationRef[] {
  const refs = new Map<string, OperationRef>()
  for (const step of walkInside(steps)) {
    if (step.type !== 'api_call') continue
    const [method = '', path = ''] = step.operation.split(' ', 2)
    refs.set(`${step.api} ${step.operation}`, { api: step.api, method, path })
  }
  return [...refs.values()]
}

const apis = new WeakMap<readonly Step[], readonly string[]>()

/** The slugs of every API that a list of steps calls, once each. */
export function apisOf(steps: readonly Step[]): readonly string[] {
  let slugs = apis.get(steps)
  if (!slugs) apis.set(steps, (slugs = [...new Set(operationsOf(steps).map(({ api }) => api))]))
  return slugs
}

/** The targets of every call in a list of steps, and in the workflows they call where these are linked. */
export async function loadTargets(ctx: Ctx, steps: readonly Step[]): Promise<Targets> {
  const found = await findTargets(ctx, operationsOf(steps))
  return Object.fromEntries(
    found.map((target) => [`${target.upstream.slug} ${operationName(target.endpoint)}`, target]),
  )
}
