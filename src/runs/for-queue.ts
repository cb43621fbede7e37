import { isAtMostOnce } from '../steps/order.ts'
import type { Step } from '../steps/schema.ts'
import { stepAt } from './machine/machine.ts'
import type { RunState } from './machine/state.ts'

// An object has six connections at a time; many calls at once need many consumers.
const BULK_ITEMS = 50

/**
 * Whether a call is made by a consumer of the queue: it may take its time, or it is one of many. One that may go out once
 * at most is not: a message is delivered again when whoever had it died.
 */
export function isForQueue(step: Step, path: string, state: RunState): boolean {
  if (step.type !== 'api_call' || isAtMostOnce(step)) return false
  return step.background === true || isOfBulk(path, state)
}

/** Whether a step is in a loop over many items, however deep. */
export function isOfBulk(path: string, state: RunState): boolean {
  if (!path.includes('[')) return false
  for (const { index } of path.matchAll(/\[\d+\]\./g)) {
    const loop = stepAt(state, path.slice(0, index))
    if (loop.status === 'open' && loop.count > BULK_ITEMS) return true
  }
  return false
}
