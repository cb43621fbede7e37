import type { Context } from 'hono'
import type { AppEnv } from '../../http/env.ts'
import { errorFields } from '../../platform/log.ts'
import { registerOf } from './register.ts'

// What only begins, steers or reads runs changes nothing that they are made from.
const OF_RUNS = /^\/api\/(v1\/)?(executions|chat|query|workflows\/[^/]+\/(execute|batch))(\/|$)/

/**
 * Has the register of a workspace told of a change before the change is answered, so that whoever runs something after
 * that runs it as it is now. Should that fail, the register sees for itself within a second.
 */
export async function tellRegister(c: Context<AppEnv>): Promise<void> {
  const { ctx } = c.var
  if (!ctx || OF_RUNS.test(c.req.path)) return
  try {
    await registerOf(ctx, ctx.actor.workspaceId).changed()
  } catch (error) {
    ctx.log.warn('register not told', errorFields(error))
  }
}
