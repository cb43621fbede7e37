import { CircleStop } from 'lucide-react'
import { count, duration } from '../lib/text.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { useCancel } from './queries.ts'
import type { RunView } from './run-view.ts'
import { StatusBadge } from './status-badge.tsx'
import { useNow } from './use-now.ts'

/** What runs, how it does, for how long; and the way to stop it. */
export function RunHeader({ id, run }: { id: string; run: RunView }) {
  const cancel = useCancel(id)
  const running = run.status === 'running'
  const now = useNow(running)
  const done = run.steps.filter(({ status }) => status === 'succeeded').length
  const stop = (
    <Button busy={cancel.isPending} onClick={() => cancel.mutate()}>
      {!cancel.isPending && <CircleStop aria-hidden size={16} />}
      Cancel
    </Button>
  )
  const again = <ButtonLink href={`/workflows?run=${run.workflowId}`}>Run again</ButtonLink>
  return (
    <div className="grid gap-3">
      <PageHeader title={run.name} action={running ? stop : again}>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-1 text-sm">
          <StatusBadge status={run.status} live />
          <span className="tabular-nums">{duration((run.finishedAt ?? now) - run.startedAt)}</span>
          <span>
            {done} of {count(run.steps.length, 'step')} done
          </span>
          <time dateTime={new Date(run.startedAt).toISOString()}>{new Date(run.startedAt).toLocaleString()}</time>
        </div>
      </PageHeader>
      {cancel.isError && <ProblemNotice error={cancel.error} />}
    </div>
  )
}
