import { count } from '../lib/text.ts'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { usePlannedUndo } from './queries.ts'

/** What the undoing of a run, which has failed, could not take back, and why. */
export function UndoFailures({ undone }: { undone: string }) {
  const { data, error } = usePlannedUndo(undone)
  if (error) return <ProblemNotice error={error} />
  const failures = data?.failures ?? []
  if (failures.length === 0) return null
  return (
    <Notice tone="warn" title={`${count(failures.length, 'step')} could not be taken back`}>
      <ul aria-label="Could not be taken back" className="grid gap-2 text-ink">
        {failures.map(({ step, operation, reason }) => (
          <li key={step} className="grid gap-0.5">
            <span>
              {`“${step}” `}
              <code className="font-mono text-xs break-all">{operation}</code>
            </span>
            <span className="first-letter:uppercase">{reason}</span>
          </li>
        ))}
      </ul>
      <p className="text-ink">The undoing run can try these again.</p>
    </Notice>
  )
}
