import type { StepError } from '../../steps/result.ts'
import type { RunFailure } from './events.ts'

/** A run, rebuilt from its log. */
export type RunState =
  | { status: 'accepted'; steps: Frame }
  | ({ status: 'running' } & Open)
  | ({ status: 'paused' } & Open)
  | ({ status: 'succeeded'; finishedAt: number; output: unknown } & Open)
  | ({ status: 'failed'; finishedAt: number; error: RunFailure } & Open)
  | ({ status: 'cancelled'; finishedAt: number } & Open)

type Open = { input: Record<string, unknown>; startedAt: number; steps: Frame }

/** One step of a run. `attempt` counts from 1; an attempt that a crash cut short is made again under its own number. */
export type StepState =
  /** `repeats`: what holds it is tried again, and it with it, as it was. */
  | ({ status: 'pending'; repeats?: true } & TakenUp)
  | ({ status: 'running'; attempt: number; startedAt: number } & TakenUp)
  | ({ status: 'interrupted'; attempt: number } & TakenUp)
  | ({ status: 'uncertain'; attempt: number } & TakenUp)
  /** For its next attempt; what holds others keeps what is `inside`. */
  | ({ status: 'waiting'; attempt: number; retryAt: number; error: StepError; inside?: Opened } & TakenUp)
  | Opened
  | { status: 'sleeping'; attempt: number; startedAt: number; until: number }
  | { status: 'asking'; attempt: number; startedAt: number; message: string; until: number | null }
  | { status: 'succeeded'; attempt: number; startedAt: number; finishedAt: number; output: unknown }
  /** `inside` is what a step that holds others had got done: it goes on from there when the run is reopened. */
  | ({ status: 'failed'; attempt: number; finishedAt: number; error: StepError; inside: Opened | null } & TakenUp)
  | { status: 'skipped'; finishedAt: number }

/**
 * The steps of one list, of one iteration of a loop, or of a workflow that is called, by id; those of a condition or a
 * parallel stand beside it.
 */
export type Frame = Readonly<Record<string, StepState>>

/**
 * What a step that holds others is about. A loop keeps a frame for each iteration that is going on; a workflow has one,
 * numbered 0.
 */
export type Inside = {
  branch: 'then' | 'else' | null
  items: readonly unknown[] | null
  /** What a workflow was called with; null for what is no workflow, also where the log does not say. */
  input?: Readonly<Record<string, unknown>> | null
  /** How many iterations there are so far; of a loop over items how many there will be. */
  count: number
  /** The first iteration that has not begun; later ones may have. */
  begun: number
  /** Whether a `while` loop is to be asked again. */
  more: boolean
  frames: Readonly<Record<number, Frame>>
  results: readonly unknown[]
  collected: number
}

export type Opened = { status: 'open'; attempt: number; startedAt: number } & Inside

/** How often somebody took a step up again after it had failed for good: its request may be another one each time. */
export type TakenUp = { round?: number }
