import type { StepError } from '../../steps/result.ts'
import type { Retry } from '../../steps/schema.ts'
import type { RunFailure } from './events.ts'
import type { outIn } from './inside.ts'

/** What the object that holds a run has to do next. `step` is a path, see `RunEvent`. */
export type Action =
  /** Begin the step, or make its next attempt; of a `while` loop ask whether it goes on, of a workflow what it gives. */
  | { type: 'execute'; step: string; attempt: number }
  /** All that is in it is done: it ends with this value. */
  | { type: 'complete'; step: string; attempt: number; output: unknown }
  /** Something in it failed for good, or its time is up: calls in it that are out are broken off. */
  | { type: 'break'; step: string; attempt: number; error: StepError; retry?: Retry | undefined; out?: Out }
  /** What holds others is taken up again, at these steps in it. */
  | { type: 'retry'; step: string; attempt: number; steps: string[] }
  | { type: 'collect'; step: string; index: number; output: unknown }
  | { type: 'skip'; step: string }
  | { type: 'wait'; until: number }
  | { type: 'succeed' }
  | { type: 'fail'; error: RunFailure }

/** The steps that are out in one whose time is up. */
type Out = ReturnType<typeof outIn>
