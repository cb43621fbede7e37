import { BackLink } from '../ui/back-link.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { PageSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { BatchHeader } from './batch-header.tsx'
import { BatchItems } from './batch-items.tsx'
import { BatchProgress } from './batch-progress.tsx'
import { BatchUndoLink } from './batch-undo-link.tsx'
import { useBatch } from './queries.ts'

/** One batch, live: how far it is, what failed and why, and what came out. */
export function BatchPage({ id }: { id: string }) {
  const query = useBatch(id)
  useTitle(query.data ? `Batch of ${query.data.name}` : 'Batch')
  if (query.isPending) return <PageSkeleton />
  return (
    <div className="grid gap-7">
      <BackLink href="/batches" />
      {query.isError && <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <>
          <BatchHeader batch={query.data} />
          <BatchUndoLink batch={query.data} />
          <BatchProgress batch={query.data} />
          <BatchItems batch={query.data} />
        </>
      )}
    </div>
  )
}
