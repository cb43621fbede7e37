import type { Execution } from '../../runs/schema.ts'
import type { Attempt, LiveRun, LiveStep } from './run-state.ts'

/** A step as the page shows it. */
export type StepView = Pick<Execution['steps'][number], 'id' | 'name' | 'type' | 'operation'> & LiveStep

/** A run as the page shows it. */
export type RunView = {
  workflowId: string
  name: string
  status: Execution['status']
  startedAt: number
  finishedAt: number | null
  input: Execution['input']
  steps: StepView[]
  output: unknown
  error: Execution['error']
  undoes: Execution['undoes']
  undoneBy: Execution['undoneBy']
}

/** What was read of a run with what was heard since; of a step the events know more, so they go first. */
export function viewOf(run: Execution, live: LiveRun): RunView {
  return {
    workflowId: run.workflowId,
    name: run.name,
    status: statusOf(run, live),
    startedAt: live.startedAt ?? Date.parse(run.createdAt),
    finishedAt: live.finishedAt ?? toTime(run.finishedAt),
    input: run.input,
    steps: run.steps.map((step) => ({
      id: step.id,
      name: step.name,
      type: step.type,
      operation: step.operation,
      ...(live.steps[step.id] ?? readStep(step)),
    })),
    output: live.status === 'succeeded' ? live.output : run.output,
    error: live.error ?? run.error,
    undoes: run.undoes,
    undoneBy: run.undoneBy,
  }
}

function statusOf(run: Execution, live: LiveRun): RunView['status'] {
  if (!isOpen(run.status) || live.status === 'unknown') return run.status
  const asks = Object.values(live.steps).some((step) => step.status === 'uncertain')
  return live.status === 'running' && asks ? 'needs_decision' : live.status
}

/** Whether something may still happen to a run by itself or by somebody’s hand. */
export function isOpen(status: RunView['status']): boolean {
  return status === 'running' || status === 'paused' || status === 'needs_decision'
}

function readStep(step: Execution['steps'][number]): LiveStep {
  const { status, attempt, output, error, message, iterations } = step
  const only: Attempt = {
    attempt,
    startedAt: toTime(step.startedAt),
    finishedAt: toTime(step.finishedAt),
    request: null,
    output,
    error: error as Attempt['error'],
  }
  const attempts = attempt > 0 && only.startedAt !== null ? [only] : []
  return { status, attempts, retryAt: toTime(step.until), message, iterations }
}

/** Whether a run that is over may have done something that can be taken back, and nobody does so yet. */
export function isUndoable({ status, undoes, undoneBy, steps }: RunView): boolean {
  if (isOpen(status) || undoes !== null || (undoneBy !== null && undoneBy.status !== 'cancelled')) return false
  // Of what is in these no step is listed once they are over.
  const holds = (type: StepView['type']) => type === 'loop' || type === 'workflow'
  return steps.some(({ type, operation }) => (operation ? !/^(?:GET|HEAD) /.test(operation) : holds(type)))
}

function toTime(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso)
}
