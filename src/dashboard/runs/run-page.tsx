import { useEffect } from 'react'
import { BackLink } from '../ui/back-link.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { FailureNotice } from './failure-notice.tsx'
import { refreshRun, useRun } from './queries.ts'
import { ResultView } from './result-view.tsx'
import { RunHeader } from './run-header.tsx'
import { viewOf } from './run-view.ts'
import { Timeline } from './timeline.tsx'
import { UndoFailures } from './undo-failures.tsx'
import { UndoLinks } from './undo-links.tsx'
import { useRunEvents } from './use-run-events.ts'

/** One run, live: how it does, what came out, and every step with its request and response. */
export function RunPage({ id }: { id: string }) {
  const { live, lost } = useRunEvents(id)
  const query = useRun(id, lost)
  useTitle(query.data?.name ?? 'Run')
  const ended = live.finishedAt !== null
  useEffect(() => {
    if (ended) refreshRun(id)
  }, [ended, id])
  if (query.isPending) return <PageSkeleton />
  if (query.isError) return <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
  const run = viewOf(query.data, live)
  // Of the two runs of an undo that failed either says what it left.
  const undone = run.undoneBy?.status === 'failed' ? id : run.status === 'failed' ? run.undoes : null
  return (
    <div className="grid gap-7">
      <BackLink href="/runs" />
      <RunHeader id={id} run={run} />
      <UndoLinks undoes={run.undoes} undoneBy={run.undoneBy} />
      {undone !== null && <UndoFailures undone={undone} />}
      {run.status === 'failed' && <FailureNotice run={run} />}
      {run.status === 'succeeded' && <ResultView output={run.output} />}
      <Timeline id={id} run={run} />
    </div>
  )
}
