import { Layers } from 'lucide-react'
import { BackLink } from '../ui/back-link.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState, PageHeader } from '../ui/card.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { Rows } from '../ui/rows.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { BatchRow } from './batch-row.tsx'
import { useBatches } from './queries.ts'

/** Every batch, newest first. */
export function BatchesPage() {
  useTitle('Batches')
  const batches = useBatches()
  return (
    <div className="grid gap-6">
      <BackLink href="/runs" />
      <PageHeader title="Batches">One workflow run over many inputs.</PageHeader>
      {batches.isPending && <CardsSkeleton cards={4} height="h-[4.5rem]" />}
      {batches.isError && <ProblemNotice error={batches.error} onRetry={() => void batches.refetch()} />}
      {batches.isSuccess && batches.items.length === 0 && (
        <EmptyState
          icon={<Layers size={24} />}
          title="No batch yet"
          action={
            <ButtonLink href="/workflows" look="primary">
              Choose a workflow
            </ButtonLink>
          }
        >
          Open a workflow and give it a table: every row becomes a run of its own.
        </EmptyState>
      )}
      {batches.items.length > 0 && (
        <Rows aria-label="Batches">
          {batches.items.map((batch) => (
            <li key={batch.id}>
              <BatchRow batch={batch} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={batches} />
    </div>
  )
}
