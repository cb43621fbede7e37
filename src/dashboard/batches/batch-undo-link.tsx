import { Undo2 } from 'lucide-react'
import { Link } from 'wouter'
import type { Batch } from '../../batches/schema.ts'

/** The way from a batch to the one that takes it back, and from that one to what it takes back. */
export function BatchUndoLink({ batch: { undoes, undoneBy } }: { batch: Batch }) {
  const other = undoneBy?.id ?? undoes
  if (other === null) return null
  const words =
    undoneBy === null
      ? 'Takes back another batch'
      : undoneBy.status === 'cancelled'
        ? 'The undoing was cancelled'
        : undoneBy.status === 'completed'
          ? 'The undoing has ended'
          : 'Is being undone'
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-xl bg-sunken px-4 py-3 text-sm">
      <Undo2 aria-hidden size={16} className="text-muted" />
      <span>{words}.</span>
      <Link href={`/batches/${other}`} className="font-medium text-accent-ink underline">
        {undoneBy === null ? 'See what it undoes' : 'See the undoing batch'}
      </Link>
    </p>
  )
}
