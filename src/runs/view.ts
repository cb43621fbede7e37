import { stepsOf } from './machine/machine.ts'
import type { RunState } from './machine/state.ts'
import type { RunRecord } from './record.ts'
import type { Execution } from './schema.ts'
import { showSteps } from './show-steps.ts'

/** A run as it is shown; large values may be references. */
export type RunView = Pick<Execution, 'input' | 'output' | 'error' | 'steps'> & {
  status: Execution['status']
  finishedAt: string | null
}

/** The status of a run as it is shown: one that waits to be told how a call of it ended needs a decision. */
export function shownStatus(state: RunState): Execution['status'] {
  if (state.status === 'accepted') return 'running'
  if (state.status !== 'running') return state.status
  return stepsOf(state.steps).some(([, step]) => step.status === 'uncertain') ? 'needs_decision' : 'running'
}

/** What is shown of a run. A run of which nothing has happened yet is running. */
export function viewOf(record: RunRecord, state: RunState): RunView {
  return {
    status: shownStatus(state),
    finishedAt: 'finishedAt' in state ? new Date(state.finishedAt).toISOString() : null,
    input: state.status === 'accepted' ? record.input : state.input,
    output: state.status === 'succeeded' ? state.output : null,
    error: state.status === 'failed' ? state.error : null,
    steps: showSteps(record.definition.steps, state),
  }
}
