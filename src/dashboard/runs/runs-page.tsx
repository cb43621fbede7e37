import { ListChecks } from 'lucide-react'
import { Link } from 'wouter'
import type { ExecutionSummary } from '../../runs/schema.ts'
import { IfMay } from '../auth/may.tsx'
import { duration } from '../lib/text.ts'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState, PageHeader } from '../ui/card.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { Time } from '../ui/time.tsx'
import { useTitle } from '../ui/use-title.ts'
import { useRuns } from './queries.ts'
import { StatusBadge } from './status-badge.tsx'

const TRIGGERS = {
  chat: 'from a message',
  api: 'from a workflow',
  schedule: 'by a schedule',
  webhook: 'by a webhook',
  batch: 'in a batch',
} as const

/** Every run, newest first. */
export function RunsPage() {
  useTitle('Runs')
  const runs = useRuns()
  return (
    <div className="grid gap-6">
      <PageHeader title="Runs" action={<ButtonLink href="/batches">Batches</ButtonLink>}>
        What was confirmed, and what came of it.
      </PageHeader>
      {runs.isPending && <CardsSkeleton cards={5} height="h-[4.5rem]" />}
      {runs.isError && <ProblemNotice error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.isSuccess && runs.items.length === 0 && <NoRuns />}
      {runs.items.length > 0 && (
        <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
          {runs.items.map((run) => (
            <li key={run.id}>
              <RunRow run={run} />
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={runs} />
    </div>
  )
}

function RunRow({ run }: { run: ExecutionSummary }) {
  const { id, name, trigger, status, undoes, createdAt, finishedAt } = run
  return (
    <Link
      href={`/runs/${id}`}
      className="flex items-center justify-between gap-4 px-4 py-3.5 -outline-offset-2 transition-colors hover:bg-sunken sm:px-5"
    >
      <span className="grid min-w-0 gap-0.5">
        <span className="font-medium">{name}</span>
        <span className="flex flex-wrap gap-x-4 text-sm text-muted">
          <Time at={createdAt} />
          {finishedAt && <span>{duration(Date.parse(finishedAt) - Date.parse(createdAt))}</span>}
          <span>{undoes ? 'to undo another run' : TRIGGERS[trigger]}</span>
        </span>
      </span>
      <StatusBadge status={status} />
    </Link>
  )
}

function NoRuns() {
  const action = (
    <IfMay do="execute">
      <ButtonLink href="/" look="primary">
        Say what should happen
      </ButtonLink>
    </IfMay>
  )
  return (
    <EmptyState icon={<ListChecks size={24} />} title="Nothing has run yet" action={action}>
      Confirm a plan, and follow it here live, step by step.
    </EmptyState>
  )
}
