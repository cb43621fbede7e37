import { forgetExpiredSessions } from './auth/service.ts'
import { createWorld } from './context.ts'
import { newId } from './lib/ids.ts'
import { errorFields } from './platform/log.ts'
import { forgetOldPlans } from './planner/service.ts'

/** What the nightly cron does: forgets what has expired. One job's failure does not keep the others from their turn. */
export async function runSchedule(_: ScheduledController, env: Env, execution: ExecutionContext): Promise<void> {
  const world = createWorld(env, newId('req'), (work) => execution.waitUntil(work))
  const jobs = { forgetExpiredSessions, forgetOldPlans }
  for (const [job, run] of Object.entries(jobs)) {
    try {
      await run(world)
    } catch (error) {
      world.log.error('scheduled job failed', { job, ...errorFields(error) })
    }
  }
}
