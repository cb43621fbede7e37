import { app } from './app.ts'
import { consume } from './queues.ts'
import { runSchedule } from './schedule.ts'

export { ApiConnection } from './connections/api-connection.ts'
export { RateLimiter } from './limits/rate-limiter.ts'
export { RunHost } from './runs/host/run-host.ts'
export { RunRegister } from './runs/register/run-register.ts'
export { WorkflowRun } from './runs/workflow-run.ts'

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: runSchedule,
} satisfies ExportedHandler<Env>
