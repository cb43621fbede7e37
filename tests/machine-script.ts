import { initialState, reduce, type RunEvent, type RunState } from '../src/runs/machine.ts'
import { next, type Action } from '../src/runs/next.ts'
import { moveOn } from '../src/runs/outcomes.ts'
import type { StepError } from '../src/steps/call.ts'
import { WorkflowDefinition, type Step } from '../src/steps/schema.ts'

/** When every script begins. */
export const NOW = 1_000_000

export const refused: StepError = {
  code: 'UPSTREAM_STATUS',
  message: 'the API answered 422',
  retryable: false,
  retryAfterMs: null,
}

export const begin: RunEvent = { type: 'run.started', at: NOW, input: { n: 1 } }

export const started = (step: string, attempt = 1): RunEvent => ({
  type: 'step.started',
  at: NOW,
  step,
  attempt,
  request: { method: 'POST', url: 'https://api.test/', headers: {}, body: `${step}#${attempt}` },
})

export const succeeded = (step: string, output: unknown = step, attempt = 1): RunEvent => ({
  type: 'step.succeeded',
  at: NOW,
  step,
  attempt,
  output,
})

export const failed = (step: string, retryAt: number | null = null, attempt = 1): RunEvent => ({
  type: 'step.failed',
  at: NOW,
  step,
  attempt,
  error: refused,
  retryAt,
})

export const entered = (step: string, inside: { branch?: 'then' | 'else'; items?: unknown[]; again?: boolean } = {}) =>
  ({ type: 'step.entered', at: NOW, step, ...inside }) satisfies RunEvent

export const recovered = (...uncertain: string[]): RunEvent => ({
  type: 'run.recovered',
  at: NOW,
  ...(uncertain.length > 0 && { uncertain }),
})

/** A call that went well. */
export const done = (step: string, output: unknown = step): RunEvent[] => [started(step), succeeded(step, output)]

export const get = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'GET /a',
  ...more,
})
export const post = (id: string, more: object = {}) => ({
  id,
  type: 'api_call',
  api: 'store',
  operation: 'POST /a',
  ...more,
})
export const set = (id: string, value: unknown = 1, more: object = {}) => ({ id, type: 'transform', value, ...more })

/** A definition of these steps, checked as one that comes in. */
export function define(...steps: object[]): WorkflowDefinition {
  return WorkflowDefinition.parse({ name: 'Script', steps })
}

/** The steps of a definition by id. */
export function byId(steps: readonly Step[]): Map<string, Step> {
  return new Map(steps.map((step) => [step.id, step]))
}

/** The state after the run began and these events. */
export const after = (...events: RunEvent[]): RunState => [begin, ...events].reduce(reduce, initialState)

/** As `after`, with all done in between that needs nothing from outside, as the object does it. */
export function play(definition: WorkflowDefinition, events: readonly RunEvent[], now = NOW): RunState {
  const settle = (state: RunState): RunState => {
    const moves = next(definition, state, now).flatMap((action) => moveOn(action, now) ?? [])
    return moves.length === 0 ? state : settle(moves.reduce(reduce, state))
  }
  return events.reduce((state, event) => settle(reduce(state, event)), settle(after()))
}

/** What is to be done in a state, in short: `a#1` executes the first attempt of a. */
export function asked(definition: WorkflowDefinition, state: RunState, now = NOW): string[] {
  return next(definition, state, now).map(inShort)
}

function inShort(action: Action): string {
  switch (action.type) {
    case 'execute':
      return `${action.step}#${action.attempt}`
    case 'wait':
      return `wait ${action.until - NOW}`
    case 'succeed':
      return 'succeed'
    case 'fail':
      return `fail ${action.error.step}`
    case 'collect':
      return `collect ${action.step}[${action.index}]`
    case 'complete':
    case 'break':
    case 'skip':
      return `${action.type} ${action.step}`
    default:
      return action satisfies never
  }
}
