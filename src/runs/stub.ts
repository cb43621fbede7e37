import type { World } from '../context.ts'

/** The object of a run. */
export function stub({ env }: World, runId: string): ReturnType<Env['WORKFLOW_RUN']['get']> {
  return env.WORKFLOW_RUN.get(env.WORKFLOW_RUN.idFromName(runId))
}
