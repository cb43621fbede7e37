import type { WorkflowDefinition } from '../steps/schema.ts'
import type { RunLimits } from './limits.ts'

/** What a run's object is started with: all it needs to carry the run to its end on its own. */
export type RunRecord = {
  runId: string
  workspaceId: string
  userId: string
  requestId: string
  /** Linked: what it calls of other workflows is in it. */
  definition: WorkflowDefinition
  input: Record<string, unknown>
  /** Those of the workspace when it was accepted; runs from before there were any have the defaults. */
  limits?: RunLimits
}
