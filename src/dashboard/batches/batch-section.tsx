import { Layers } from 'lucide-react'
import { IfMay } from '../auth/may.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Listing } from '../ui/listing.tsx'
import { Section } from '../ui/section.tsx'
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
      <Listing
        label="Batches"
        query={batches}
        items={batches.items}
        keyOf={({ id }) => id}
        cards={1}
        height="h-[4.5rem]"
        empty="It has not run over many inputs yet."
      >
        {(batch) => <BatchRow batch={batch} />}
      </Listing>
    </Section>
  )
}
