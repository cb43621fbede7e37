import { Layers } from 'lucide-react'
import { IfMay } from '../auth/may.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { BatchRow } from './batch-row.tsx'
import { useBatches } from './queries.ts'

/** The batches of a workflow. */
export function BatchSection({ workflowId }: { workflowId: string }) {
  const batches = useBatches(workflowId)
  const start = (
    <IfMay do="execute">
      <ButtonLink href={`/workflows/${workflowId}/batch`}>
        <Layers aria-hidden size={15} />
        Start a batch
      </ButtonLink>
    </IfMay>
  )
  return (
    <Section title="Batches" action={start}>
      {batches.isPending && <CardsSkeleton cards={1} height="h-[4.5rem]" />}
      {batches.isError && <ProblemNotice error={batches.error} onRetry={() => void batches.refetch()} />}
      {batches.isSuccess && batches.items.length === 0 && <NoRows>It has not run over many inputs yet.</NoRows>}
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
    </Section>
  )
}
