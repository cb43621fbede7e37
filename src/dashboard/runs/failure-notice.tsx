import { Notice } from '../ui/notice.tsx'
import { adviceFor } from './advice.ts'
import type { RunView } from './run-view.ts'

const UNDO_ADVICE = 'Try again what is left once nothing stands in the way of it any more.'

/** Why a run failed, and what to do about it. */
export function FailureNotice({ run }: { run: RunView }) {
  const step = run.steps.find(({ id }) => id === run.error?.step)
  const error = step?.attempts.at(-1)?.error
  const done = run.steps.filter(({ status }) => status === 'succeeded').length
  return (
    <Notice tone="danger" title={step ? `“${step.name ?? step.id}” failed` : 'The run failed'} role="alert">
      <p className="first-letter:uppercase">{run.error?.message ?? error?.message}</p>
      <p className="text-ink">{run.undoes === null ? adviceFor(error ?? null) : UNDO_ADVICE}</p>
      {done > 0 && <p className="text-ink">What the steps before it did stays done.</p>}
    </Notice>
  )
}
