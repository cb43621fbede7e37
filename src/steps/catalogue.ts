import { findTargets } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { operationName } from '../specs/operation.ts'
import type { Targets } from './execute.ts'
import type { Step } from './schema.ts'
import { walkInside } from './tree.ts'

/** The targets of every call in a list of steps, and in the workflows they call where these are linked. */
export async function loadTargets(ctx: Ctx, steps: readonly Step[]): Promise<Targets> {
  const wanted = new Map(
    [...walkInside(steps)].flatMap((step) => {
      if (step.type !== 'api_call') return []
      const [method = '', path = ''] = step.operation.split(' ', 2)
      return [[`${step.api} ${step.operation}`, { api: step.api, method, path }] as const]
    }),
  )
  const found = await findTargets(ctx, [...wanted.values()])
  return Object.fromEntries(
    found.map((target) => [`${target.upstream.slug} ${operationName(target.endpoint)}`, target]),
  )
}
