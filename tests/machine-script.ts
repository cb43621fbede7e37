import type { Action } from '../src/runs/machine/action.ts'
import type { Entry, RunEvent } from '../src/runs/machine/events.ts'
import { initialState, reduce } from '../src/runs/machine/machine.ts'
import { next } from '../src/runs/machine/next.ts'
import { moveOn } from '../src/runs/machine/outcomes.ts'
import type { RunState } from '../src/runs/machine/state.ts'
import { calleeKey, linkDefinition } from '../src/steps/link.ts'
import type { StepError } from '../src/steps/result.ts'
import { WorkflowDefinition } from '../src/steps/schema.ts'

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

export const entered = (step: string, inside: Entry = {}) =>
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

/** A definition that may call others, which are given by the id that it calls them with; all in version 1. */
export function defineWith(others: Record<string, object>, ...steps: object[]): WorkflowDefinition {
  const library = Object.entries(others).map(
    ([id, other]) => [calleeKey(id, 1), WorkflowDefinition.parse({ name: id, ...other })] as const,
  )
  const { definition, problems } = linkDefinition(define(...steps), new Map(library))
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  return definition
}

export const call = (id: string, workflowId: string, more: object = {}) => ({
  id,
  type: 'workflow',
  workflowId,
  version: 1,
  ...more,
})

/** The state after the run began and these events. */
export const after = (...events: RunEvent[]): RunState => [begin, ...events].reduce(reduce, initialState)

/** As `after`, with all done in between that needs nothing from outside, as the object does it. */
export function play(definition: WorkflowDefinition, events: readonly RunEvent[], now = NOW): RunState {
  const begun = settle(definition, after(), now)
  return events.reduce((state, event) => settle(definition, reduce(state, event), now), begun)
}

/** A state at a time, when all is done that needs nothing from outside. */
export function settle(definition: WorkflowDefinition, state: RunState, now: number): RunState {
  const moves = next(definition, state, now).flatMap((action) => moveOn(action, now) ?? [])
  return moves.length === 0 ? state : settle(definition, moves.reduce(reduce, state), now)
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
    case 'retry':
    case 'skip':
      return `${action.type} ${action.step}`
    default:
      return action satisfies never
  }
}
