import { Link } from 'wouter'
import type { Batch } from '../../batches/schema.ts'
import { Time } from '../ui/time.tsx'
import { BatchBadge } from './batch-badge.tsx'
import { BatchBar } from './batch-bar.tsx'
import { endedOf, isOpen } from './batch-words.ts'

/** One batch in a list. */
export function BatchRow({ batch }: { batch: Batch }) {
  const { id, name, createdAt, total, progress } = batch
  return (
    <Link
      href={`/batches/${id}`}
      className="grid gap-2.5 px-4 py-3.5 -outline-offset-2 transition-colors hover:bg-sunken sm:px-5"
    >
      <span className="flex items-center justify-between gap-4">
        <span className="grid min-w-0 gap-0.5">
          <span className="font-medium">{name}</span>
          <span className="flex flex-wrap gap-x-4 text-sm text-muted">
            <Time at={createdAt} />
            <span className="tabular-nums">
              {isOpen(batch)
                ? `${endedOf(batch).toLocaleString('en')} of ${total.toLocaleString('en')} ended`
                : `${progress.succeeded.toLocaleString('en')} of ${total.toLocaleString('en')} succeeded`}
            </span>
          </span>
        </span>
        <BatchBadge batch={batch} />
      </span>
      {isOpen(batch) && <BatchBar batch={batch} />}
    </Link>
  )
}
