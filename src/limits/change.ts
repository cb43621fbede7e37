import type { World } from '../context.ts'
import { limiterOf } from './admit.ts'

/**
 * Makes a change to keys or terms of a workspace, which holds from the next request on when this returns, in every
 * isolate. What `write` stores must contain `raiseRevision`. Takes up to a second where isolates hold leases.
 */
export async function changeFor<T>(world: World, workspaceId: string, write: () => Promise<T>): Promise<T> {
  const limiter = limiterOf(world.env, workspaceId)
  const change = await limiter.beginChange(workspaceId)
  try {
    return await write()
  } finally {
    await limiter.endChange(change)
  }
}
