import type { WorkflowDefinition } from '../steps/schema.ts'

/** What a run's object is started with: all it needs to carry the run to its end on its own. */
export type RunRecord = {
  runId: string
  workspaceId: string
  userId: string
  requestId: string
  /** Linked: what it calls of other workflows is in it. */
  definition: WorkflowDefinition
  input: Record<string, unknown>
}
