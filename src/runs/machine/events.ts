import type { UpstreamRequest } from '../../connections/egress.ts'
import type { StepError } from '../../steps/result.ts'
import type { RunLimits } from '../limits.ts'

/** Why a run failed: the step, and what was wrong with it. */
export type RunFailure = { step: string | null; message: string }

/**
 * What happens to a run, in the order it happened; the log of these is the run. Times are milliseconds since 1970. A
 * `step` is a path: the id; for steps of a loop the path of the loop with the index before it, `refunds[3].refund`; for
 * those of a workflow that is called the path of the step that calls it, `invoice.send`.
 */
export type RunEvent =
  | { type: 'run.started'; at: number; input: Record<string, unknown> }
  | { type: 'run.recovered'; at: number; uncertain?: string[] }
  | { type: 'run.paused'; at: number }
  /** `limits` are those that hold from now on; without them those of before do. */
  | { type: 'run.resumed'; at: number; limits?: RunLimits }
  /** `steps` are those to be made again; a log without them means every step that failed. */
  | { type: 'run.reopened'; at: number; input?: Record<string, unknown>; steps?: string[]; limits?: RunLimits }
  | { type: 'run.succeeded'; at: number; output: unknown }
  | { type: 'run.failed'; at: number; error: RunFailure }
  | { type: 'run.cancelled'; at: number }
  | { type: 'step.started'; at: number; step: string; attempt: number; request: UpstreamRequest | null }
  | { type: 'step.succeeded'; at: number; step: string; attempt: number; output: unknown }
  | ({ type: 'step.failed'; at: number; step: string; attempt: number } & Failure)
  | { type: 'step.skipped'; at: number; step: string }
  /** What holds others is taken up again where something in it failed: at these steps. */
  | { type: 'step.retried'; at: number; step: string; attempt: number; steps: string[] }
  /** Somebody decided that a call whose outcome is unknown is to be made again. */
  | { type: 'step.repeated'; at: number; step: string; attempt: number }
  /**
   * A step that holds others begins: which branch, over which items, with which input; a `while` loop also for each
   * further iteration.
   */
  | ({ type: 'step.entered'; at: number; step: string } & Entry)
  /** One iteration of a loop is done. */
  | { type: 'step.iterated'; at: number; step: string; index: number; output: unknown }
  | { type: 'step.sleeping'; at: number; step: string; until: number }
  | { type: 'step.asked'; at: number; step: string; message: string; until: number | null }

/** What happens to one step. */
export type StepEvent = Extract<RunEvent, { step: string }>

/**
 * How a step failed. `retryAt` is when it is tried again, null when it has failed for good. Of a step whose time is up
 * `aborted` are the steps in it that were out: they are broken off, and those that are `uncertain` may have had their
 * effect and are not to be made again unasked.
 */
export type Failure = { error: StepError; retryAt: number | null; aborted?: string[]; uncertain?: string[] }

/** What a step that holds others begins with. */
export type Entry = {
  branch?: 'then' | 'else'
  items?: unknown[]
  again?: boolean
  input?: Record<string, unknown>
}
