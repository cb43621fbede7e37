import type { UpstreamRequest, UpstreamResponse } from '../../connections/egress.ts'
import { isSafe } from '../../steps/order.ts'
import { stepsByPath } from '../../steps/paths.ts'
import type { StepError } from '../../steps/result.ts'
import type { ApiCallStep } from '../../steps/schema.ts'
import type { RunEvent } from '../machine/events.ts'
import { initialState, reduce } from '../machine/machine.ts'
import type { RunState } from '../machine/state.ts'
import type { RunHistory } from '../record.ts'

/** A call that left, or may have. */
export type MadeCall = {
  /** Path of the step. */
  path: string
  step: ApiCallStep
  request: UpstreamRequest
  /** Null where it is not known what the call did. */
  response: UpstreamResponse | null
}

/** How a run stands at the end of its log, and its calls that may have had an effect, in the order of their ends. */
export type Course = { status: RunState['status']; calls: MadeCall[] }

// What failed like that never left.
const UNSENT = new Set<StepError['code']>([
  'EXPRESSION',
  'INVALID_INPUT',
  'REQUEST',
  'NEEDS_RECONNECT',
  'OAUTH_FAILED',
  'UPSTREAM_BUSY',
])

/** Goes through the log of a run, with every value whole; events that came late or twice are none. */
export function courseOf({ record, events }: RunHistory): Course {
  const steps = stepsByPath(record.definition.steps)
  const out = new Map<string, UpstreamRequest>()
  const calls: MadeCall[] = []
  const end = (path: string, response: UpstreamResponse | null) => {
    const request = out.get(path)
    const step = steps.get(path)
    out.delete(path)
    if (request && step?.type === 'api_call' && !isSafe(step)) calls.push({ path, step, request, response })
  }
  let state: RunState = initialState
  for (const event of events) {
    const before = state
    state = reduce(before, event)
    if (state === before || !('step' in event)) continue
    switch (event.type) {
      case 'step.started':
        // One that is out already was cut short by a crash.
        end(event.step, null)
        if (event.request) out.set(event.step, event.request)
        break
      case 'step.succeeded':
        end(event.step, toResponse(event.output))
        break
      case 'step.failed':
        if (hasDoneNothing(event)) out.delete(event.step)
        else end(event.step, null)
        break
      case 'step.skipped':
      case 'step.retried':
      case 'step.repeated':
      case 'step.entered':
      case 'step.iterated':
      case 'step.sleeping':
      case 'step.asked':
        break
      default:
        event satisfies never
    }
  }
  for (const path of out.keys()) end(path, null)
  return { status: state.status, calls }
}

/** Of what fails otherwise than by an answer that refuses nobody knows. */
function hasDoneNothing({ error }: Extract<RunEvent, { type: 'step.failed' }>): boolean {
  const { code, status } = error
  if (code === 'UPSTREAM_STATUS') return status !== undefined && isRefusal(status)
  return UNSENT.has(code)
}

/** Whether an API that answers with a status has done nothing; one that has run out of time may have. */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408
}

/** What a call gave; null where a person said in its place that it was made. */
function toResponse(output: unknown): UpstreamResponse | null {
  if (typeof output !== 'object' || output === null) return null
  const { status, headers, body } = output as Partial<UpstreamResponse>
  return status === undefined ? null : { status, headers: headers ?? {}, body: body ?? null }
}
