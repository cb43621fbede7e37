import { CircleStop, Pause, Play } from 'lucide-react'
import { IfMay } from '../auth/may.tsx'
import { count, duration } from '../lib/text.ts'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useCancel, usePause, useResume } from './queries.ts'
import { RunAnew } from './run-anew.tsx'
import { isOpen, type RunView } from './run-view.ts'
import { StatusBadge } from './status-badge.tsx'
import { useNow } from './use-now.ts'

/** What runs, how it does, for how long; and the way to stop it. */
export function RunHeader({ id, run }: { id: string; run: RunView }) {
  const cancel = useCancel(id)
  const pause = usePause(id)
  const resume = useResume(id)
  const running = run.status === 'running'
  const now = useNow(running)
  const done = run.steps.filter(({ status }) => status === 'succeeded').length
  const goOn = (
    <Button busy={resume.isPending} onClick={() => resume.mutate()}>
      {!resume.isPending && <Play aria-hidden size={16} />}
      {run.status !== 'failed' ? 'Resume' : run.undoes === null ? 'Resume where it failed' : 'Try again what is left'}
    </Button>
  )
  const open = (
    <>
      {running ? (
        <Button busy={pause.isPending} onClick={() => pause.mutate()}>
          {!pause.isPending && <Pause aria-hidden size={16} />}
          Pause
        </Button>
      ) : (
        goOn
      )}
      <Button busy={cancel.isPending} onClick={() => cancel.mutate()}>
        {!cancel.isPending && <CircleStop aria-hidden size={16} />}
        Cancel
      </Button>
    </>
  )
  const over = (
    <>
      {run.status === 'failed' && run.undoneBy === null && goOn}
      <RunAnew id={id} run={run} />
    </>
  )
  const problem = cancel.error ?? pause.error ?? resume.error
  return (
    <div className="grid gap-3">
      <PageHeader
        title={run.name}
        action={
          <IfMay do="execute">
            <div className="flex flex-wrap gap-2">{isOpen(run.status) ? open : over}</div>
          </IfMay>
        }
      >
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-1 text-sm">
          <StatusBadge status={run.status} live />
          <span className="tabular-nums">{duration((run.finishedAt ?? now) - run.startedAt)}</span>
          <span>
            {done} of {count(run.steps.length, 'step')} done
          </span>
          <time dateTime={new Date(run.startedAt).toISOString()}>{new Date(run.startedAt).toLocaleString()}</time>
        </div>
      </PageHeader>
      {problem && <ProblemNotice error={problem} />}
    </div>
  )
}
