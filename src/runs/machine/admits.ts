import type { StepEvent } from './events.ts'
import type { StepState } from './state.ts'

/**
 * Whether a step can have an event now. What comes twice, late, or out of order — the end of an attempt that is over, a
 * second beginning — is not for the step as it is, and must not undo what it has become.
 */
export function admits(step: StepState | undefined, event: StepEvent): boolean {
  const status = step?.status ?? 'pending'
  switch (event.type) {
    case 'step.started':
      if (step?.status === 'waiting') return !step.inside && event.attempt === step.attempt + 1
      return status === 'pending' || (step?.status === 'interrupted' && event.attempt === step.attempt)
    case 'step.succeeded':
      return step !== undefined && canEnd(step, event.attempt)
    case 'step.failed':
      // What cannot even be made ready fails without having started.
      if (step?.status === 'waiting') return !step.inside && event.attempt > step.attempt
      return step === undefined || step.status === 'pending' || canEnd(step, event.attempt)
    case 'step.retried':
      return step?.status === 'waiting' && step.inside !== undefined && event.attempt === step.attempt + 1
    case 'step.skipped':
    case 'step.sleeping':
    case 'step.asked':
      return status === 'pending'
    case 'step.repeated':
      return status === 'uncertain'
    case 'step.entered':
      return step?.status === 'open' ? step.more && step.collected === step.count : status === 'pending'
    case 'step.iterated':
      return step?.status === 'open' && step.frames[event.index] !== undefined
    default:
      return event satisfies never
  }
}

/** Whether a step is about something that can end, and an attempt that ended is that one. */
function canEnd(step: StepState, attempt: number): boolean {
  switch (step.status) {
    case 'running':
    case 'interrupted':
    case 'uncertain':
    case 'open':
      return attempt === step.attempt
    case 'sleeping':
    case 'asking':
      return true
    case 'pending':
    case 'waiting':
    case 'succeeded':
    case 'failed':
    case 'skipped':
      return false
    default:
      return step satisfies never
  }
}
