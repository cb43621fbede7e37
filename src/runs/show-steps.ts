import type { StepError } from '../steps/result.ts'
import type { Step } from '../steps/schema.ts'
import { listsInside, listsOf } from '../steps/tree.ts'
import type { Frame, RunState, StepState } from './machine/state.ts'
import type { ExecutionStep } from './schema.ts'

const PENDING: StepState = { status: 'pending' }
/** What is to be decided of a call that was out when its object died, and may go out once at most. */
const UNCERTAIN = 'sent, outcome unknown'

/**
 * The steps of a run as they are: those of loops once for each iteration that is going on, those of a workflow that is
 * called while it goes on, and of both where they failed.
 */
export function showSteps(steps: readonly Step[], state: RunState): ExecutionStep[] {
  return [...showList(steps, state.steps, '')]
}

function* showList(steps: readonly Step[], frame: Frame, prefix: string): Generator<ExecutionStep> {
  for (const step of steps) {
    const state = frame[step.id] ?? PENDING
    const path = `${prefix}${step.id}`
    yield showStep(step, state, path)
    const inside = state.status === 'open' ? state : state.status === 'failed' ? state.inside : null
    if (step.type === 'loop' || step.type === 'workflow') {
      const [list = []] = listsInside(step)
      if (inside && step.type === 'workflow') yield* showList(list, inside.frames[0] ?? {}, `${path}.`)
      else if (inside)
        for (const [index, inner] of Object.entries(inside.frames)) yield* showList(list, inner, `${path}[${index}].`)
    } else for (const list of listsOf(step)) yield* showList(list, frame, prefix)
  }
}

function showStep(step: Step, state: StepState, id: string): ExecutionStep {
  return {
    id,
    name: step.name ?? null,
    type: step.type,
    operation: step.type === 'api_call' ? step.operation : null,
    status: state.status,
    attempt: 'attempt' in state ? state.attempt : 0,
    startedAt: 'startedAt' in state ? iso(state.startedAt) : null,
    finishedAt: 'finishedAt' in state ? iso(state.finishedAt) : null,
    output: state.status === 'succeeded' ? state.output : null,
    error: 'error' in state ? showError(state.error) : null,
    message: state.status === 'asking' ? state.message : state.status === 'uncertain' ? UNCERTAIN : null,
    until: 'until' in state && state.until !== null ? iso(state.until) : null,
    iterations: step.type === 'loop' && state.status === 'open' ? { done: state.collected, count: state.count } : null,
  }
}

function showError({ code, message, status }: StepError): ExecutionStep['error'] {
  return { code, message, ...(status === undefined ? {} : { status }) }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
