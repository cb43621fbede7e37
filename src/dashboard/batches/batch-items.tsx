import { useEffect, useRef, useState } from 'react'
import type { Batch, BatchItem } from '../../batches/schema.ts'
import { SelectField } from '../ui/field.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { STATES } from './batch-words.ts'
import { ItemRow } from './item-row.tsx'
import { useBatchItems } from './queries.ts'

type Shown = BatchItem['status'] | 'all'

/** The inputs of a batch with what became of each; what failed is shown first. */
export function BatchItems({ batch }: { batch: Batch }) {
  const { id, total, progress } = batch
  const [chosen, setChosen] = useState<Shown | null>(null)
  const shown = chosen ?? (progress.failed > 0 ? 'failed' : progress.invalid > 0 ? 'invalid' : 'all')
  const items = useBatchItems(id, shown === 'all' ? null : shown)
  useReadAgain(Object.values(progress).join(), items.refetch)
  return (
    <Section title="Inputs">
      <div className="max-w-64">
        <SelectField label="Show" value={shown} onChange={(event) => setChosen(readShown(event.target.value))}>
          <option value="all">All {total.toLocaleString('en')}</option>
          {STATES.map(
            ({ status, word }) =>
              (progress[status] > 0 || status === shown) && (
                <option key={status} value={status}>
                  {word} ({progress[status].toLocaleString('en')})
                </option>
              ),
          )}
        </SelectField>
      </div>
      {items.isPending && <CardsSkeleton cards={3} height="h-16" />}
      {items.isError && <ProblemNotice error={items.error} onRetry={() => void items.refetch()} />}
      {items.isSuccess && items.items.length === 0 && <NoRows>None.</NoRows>}
      {items.items.length > 0 && (
        <Rows aria-label="Inputs">
          {items.items.map((item) => (
            <li key={item.index}>
              <ItemRow item={item} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={items} />
    </Section>
  )
}

function readShown(value: string): Shown {
  return STATES.find(({ status }) => status === value)?.status ?? 'all'
}

/** What is listed is as current as the numbers above it: read again whenever these are others than before. */
function useReadAgain(counts: string, refetch: () => unknown): void {
  const before = useRef(counts)
  useEffect(() => {
    if (before.current === counts) return
    before.current = counts
    refetch()
  }, [counts, refetch])
}
