import { sealAudit } from './audit/chain.ts'
import { forgetOldGuesses } from './auth/guesses.ts'
import { forgetExpiredSessions } from './auth/service.ts'
import { tendBatches } from './batches/tend.ts'
import { resealCredentials } from './connections/credentials/reseal.ts'
import { sendStrandedIngestions } from './connections/documents/ingestion.ts'
import { sendOutdatedGraphs } from './connections/relink.ts'
import { createWorld, type World } from './context.ts'
import { watchDrift } from './drift/service.ts'
import { tendEmbeddings } from './embeddings/sync.ts'
import { newId } from './lib/ids.ts'
import { forgetOldFlows } from './oauth/connect.ts'
import { forgetOldPlans } from './planner/service.ts'
import { errorFields } from './platform/log.ts'
import { forgetUnlistedWorkflows } from './runs/forget-unlisted.ts'
import { startStrandedRuns } from './runs/stranded.ts'
import { forgetOldDeliveries } from './triggers/deliver.ts'
import { startDueSchedules } from './triggers/due.ts'
import { rewrapDataKeys } from './vault/rewrap.ts'

type Jobs = Record<string, (world: World) => Promise<void>>

const NIGHTLY = '17 3 * * *'
const MINUTELY = '* * * * *'
const nightly: Jobs = {
  forgetExpiredSessions,
  forgetOldGuesses,
  forgetOldPlans,
  forgetOldFlows,
  forgetOldDeliveries,
  forgetUnlistedWorkflows,
  watchDrift,
  rewrapDataKeys,
  resealCredentials,
  tendEmbeddings,
}
const often: Jobs = { startStrandedRuns, sendStrandedIngestions, sendOutdatedGraphs }
const minutely: Jobs = { startDueSchedules, tendBatches, sealAudit }

/**
 * What the crons of wrangler.toml do: every minute schedules that are due are started, batches looked after and the audit log linked, every
 * five minutes stranded runs, documents and graphs are taken up, at night what has expired is forgotten. One job's failure does not keep the others from their turn.
 */
export async function runSchedule({ cron }: ScheduledController, env: Env, execution: ExecutionContext): Promise<void> {
  const world = createWorld(env, newId('req'), (work) => execution.waitUntil(work))
  for (const [job, run] of Object.entries(cron === NIGHTLY ? nightly : cron === MINUTELY ? minutely : often)) {
    try {
      await run(world)
    } catch (error) {
      world.log.error('scheduled job failed', { job, ...errorFields(error) })
    }
  }
}
