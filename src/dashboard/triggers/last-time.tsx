import { Link } from 'wouter'
import type { LastRun, Schedule } from '../../triggers/schema.ts'
import { StatusBadge } from '../runs/status-badge.tsx'
import { Fact } from '../ui/fact.tsx'
import { Notice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'

/** What became of the last time that something was to run a workflow. */
export type Last = { at: string | null; run: LastRun | null; problem: Schedule['lastError'] }

/** Whether a run that is shown is still on its way, so that it is worth asking again. */
export function isUnderWay({ lastRun }: { lastRun: LastRun | null }): boolean {
  return lastRun?.status === 'running'
}

/** When the last time was, with the way to its run and how that stands. */
export function LastTime({ term, last: { at, run } }: { term: string; last: Last }) {
  return (
    <Fact term={term}>
      {at === null ? (
        <span className="text-muted">Not yet</span>
      ) : (
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {run ? (
            <Link href={`/runs/${run.id}`} className="text-accent-ink underline underline-offset-2">
              <Time at={at} />
            </Link>
          ) : (
            <Time at={at} />
          )}
          {run && <StatusBadge status={run.status} />}
        </span>
      )}
    </Fact>
  )
}

/** Why nothing ran the last time, or why the run failed. */
export function LastProblem({ title, last: { run, problem } }: { title: string; last: Last }) {
  const message = problem?.message ?? run?.error
  if (!message) return null
  return (
    <Notice tone="danger" title={problem ? title : 'The last run failed'}>
      <p className="first-letter:uppercase">{message}</p>
      {run && (
        <p>
          <Link href={`/runs/${run.id}`} className="font-medium underline underline-offset-2">
            See the run
          </Link>
        </p>
      )}
    </Notice>
  )
}
