import type { ExpressionScope } from '../steps/expression-moment.ts'
import { evaluate, ExpressionError } from '../steps/expressions.ts'
import type { StepError } from '../steps/result.ts'
import type { AiStep, ApiCallStep, DelayStep, LoopStep, Step, TransformStep, WorkflowStep } from '../steps/schema.ts'
import { tooLarge } from '../steps/size.ts'
import { inputCheck } from './input.ts'
import type { StepEvent } from './machine/events.ts'
import { completed } from './machine/outcomes.ts'
import type { StepState } from './machine/state.ts'

/** A step that calls nothing: it decides, repeats, waits, or holds what another workflow does. */
export type ControlStep = Exclude<Step, ApiCallStep | TransformStep | AiStep>

const MAX_DELAY_MS = 30 * 86_400_000
const MAX_MESSAGE = 10_000

/** Whether a step calls nothing, and so is entered instead of executed. */
export function isControl(step: Step): step is ControlStep {
  return step.type !== 'api_call' && step.type !== 'transform' && step.type !== 'ai'
}

/** Whether a value says yes: JSONata's boolean cast, by which an empty list or text says no. */
export function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isTrue)
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value) && value !== 'false'
}

/**
 * Begins a step that calls nothing, or asks a `while` loop whether it goes on: evaluates what it says, and returns what
 * happens to it. @throws ExpressionError
 */
export async function enterStep(
  step: ControlStep,
  path: string,
  state: StepState,
  scope: ExpressionScope,
  at: number,
): Promise<StepEvent> {
  return entering(step, path, state, await evaluate(questionOf(step, state), scope), at)
}

/** What a step that calls nothing has evaluated before it begins, or goes on. */
function questionOf(step: ControlStep, state: StepState): unknown {
  switch (step.type) {
    case 'condition':
      return step.if
    case 'parallel':
      return null
    case 'loop':
      return step.while ?? step.items
    case 'delay':
      return step.durationMs ?? step.until
    case 'approval':
      return step.message
    case 'workflow':
      return state.status === 'open' ? step.callee?.output : (step.input ?? {})
    default:
      return step satisfies never
  }
}

/** What happens to a step that calls nothing, now that what it asks is answered. @throws ExpressionError */
export function entering(step: ControlStep, path: string, state: StepState, answer: unknown, at: number): StepEvent {
  switch (step.type) {
    case 'condition':
      return { type: 'step.entered', at, step: path, branch: isTrue(answer) ? 'then' : 'else' }
    case 'parallel':
      return { type: 'step.entered', at, step: path }
    case 'loop':
      return step.while === undefined
        ? enterItems(step, path, answer, at)
        : enterWhile(step, path, state, isTrue(answer), at)
    case 'delay':
      return { type: 'step.sleeping', at, step: path, until: readUntil(step, answer, at) }
    case 'approval': {
      const message = (typeof answer === 'string' ? answer : JSON.stringify(answer ?? '')).slice(0, MAX_MESSAGE)
      return { type: 'step.asked', at, step: path, message, until: step.timeoutMs ? at + step.timeoutMs : null }
    }
    case 'workflow':
      return state.status === 'open'
        ? completed(path, answer ?? null, at, state.attempt)
        : enterWorkflow(step, path, answer, at)
    default:
      return step satisfies never
  }
}

function enterItems(loop: LoopStep, path: string, value: unknown, at: number): StepEvent {
  // JSONata gives a list of one as the one, and an empty list as nothing.
  const items = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  if (items.length > loop.maxIterations)
    return limitFailure(path, at, `there are ${items.length} items, and at most ${loop.maxIterations} iterations`)
  const excess = tooLarge(items)
  if (excess) return limitFailure(path, at, `the list ${excess}; go over what is needed of it`)
  return { type: 'step.entered', at, step: path, items }
}

function enterWhile(loop: LoopStep, path: string, state: StepState, again: boolean, at: number): StepEvent {
  if (again && state.status === 'open' && state.count >= loop.maxIterations)
    return limitFailure(path, at, `it would go on after ${loop.maxIterations} iterations`, state.attempt)
  return { type: 'step.entered', at, step: path, again }
}

function enterWorkflow({ callee }: WorkflowStep, path: string, given: unknown, at: number): StepEvent {
  if (!callee) throw new ExpressionError('the workflow that it calls is not at hand')
  const checked = inputCheck(callee.inputs)(given as Record<string, unknown>)
  if ('errors' in checked) {
    const problems = checked.errors.map((error) => `${error.path.slice(1)}: ${error.message}`).join('; ')
    return failure(path, at, 'INVALID_INPUT', `"${callee.name}" does not take this input: ${problems}`)
  }
  const excess = tooLarge(checked.input)
  if (excess) return failure(path, at, 'INVALID_INPUT', `the input ${excess}`)
  return { type: 'step.entered', at, step: path, input: checked.input }
}

function limitFailure(path: string, at: number, message: string, attempt = 1): StepEvent {
  return failure(path, at, 'LOOP_LIMIT', message, attempt)
}

function failure(path: string, at: number, code: StepError['code'], message: string, attempt = 1): StepEvent {
  const error: StepError = { code, message, retryable: false, retryAfterMs: null }
  return { type: 'step.failed', at, step: path, attempt, error, retryAt: null }
}

function readUntil(delay: DelayStep, value: unknown, at: number): number {
  const until = delay.durationMs === undefined ? Date.parse(String(value)) : at + Number(value)
  if (!Number.isFinite(until)) throw new ExpressionError(`${JSON.stringify(value)} is no time to wait for`)
  if (until > at + MAX_DELAY_MS) throw new ExpressionError('a delay lasts at most 30 days')
  return Math.max(at, until)
}
