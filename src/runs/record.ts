import type { RunState } from './machine.ts'
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

/** A run as it is at one moment. */
export type RunSnapshot = { record: RunRecord; state: RunState }
