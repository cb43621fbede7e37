import type { World } from '../context.ts'
import type { WorkflowRun } from './workflow-run.ts'

/** The object of a run. */
export function stub({ env }: World, runId: string): DurableObjectStub<WorkflowRun> {
  return env.WORKFLOW_RUN.get(env.WORKFLOW_RUN.idFromName(runId))
}
