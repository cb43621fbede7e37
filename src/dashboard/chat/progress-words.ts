import type { PlanProgress } from '../../planner/schema.ts'

/** How far a plan is that a model makes, as it is shown while one waits. */
export type Progress = { words: string; written: number }

/** The next state of what is shown; what the model writes is counted, not shown, as nothing of it is checked yet. */
export function withProgress(before: Progress, progress: PlanProgress): Progress {
  switch (progress.stage) {
    case 'found':
      return { words: `${progress.operations} operations may be needed`, written: 0 }
    case 'asking':
      return { words: `${progress.model} is planning`, written: 0 }
    case 'draft':
      return { ...before, written: before.written + progress.text.length }
    case 'correcting':
      return { words: 'It does not hold against the specifications; the model corrects it', written: 0 }
    default:
      return progress satisfies never
  }
}
