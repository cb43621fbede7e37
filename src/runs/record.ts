import type { WorkflowDefinition } from '../steps/schema.ts'
import type { RunLimits } from './limits.ts'
import type { RunEvent } from './machine/events.ts'

/** Which queue the calls of a run go to: what somebody waits for goes before what runs by itself, batches come last. */
export type Priority = 'high' | 'normal' | 'low'

/** What a run's object is started with: all it needs to carry the run to its end on its own. */
export type RunRecord = {
  runId: string
  workspaceId: string
  userId: string
  requestId: string
  /** Linked: what it calls of other workflows is in it. */
  definition: WorkflowDefinition
  input: Record<string, unknown>
  /** High where a log does not say. */
  priority?: Priority
  /** Those of the workspace when it was accepted; runs from before there were any have the defaults. */
  limits?: RunLimits
}

/** What a run was started with, and its events. */
export type RunHistory = { record: RunRecord; events: readonly RunEvent[] }
