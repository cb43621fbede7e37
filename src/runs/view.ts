import type { RunState } from './machine.ts'
import type { RunRecord } from './record.ts'
import type { Execution } from './schema.ts'
import { showSteps } from './show-steps.ts'

/** A run as it is shown; large values may be references. */
export type RunView = Pick<Execution, 'input' | 'output' | 'error' | 'steps'> & {
  status: Execution['status']
  finishedAt: string | null
}

/** What is shown of a run. A run of which nothing has happened yet is running. */
export function viewOf(record: RunRecord, state: RunState): RunView {
  return {
    status: state.status === 'accepted' ? 'running' : state.status,
    finishedAt: 'finishedAt' in state ? new Date(state.finishedAt).toISOString() : null,
    input: state.status === 'accepted' ? record.input : state.input,
    output: state.status === 'succeeded' ? state.output : null,
    error: state.status === 'failed' ? state.error : null,
    steps: showSteps(record.definition.steps, state),
  }
}
