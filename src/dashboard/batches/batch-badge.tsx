import { CircleCheck, CircleSlash, LoaderCircle, TriangleAlert } from 'lucide-react'
import type { Batch } from '../../batches/schema.ts'

const LOOKS = {
  accepting: { word: 'Reading', icon: LoaderCircle, look: 'bg-accent-soft text-accent-ink' },
  running: { word: 'Running', icon: LoaderCircle, look: 'bg-accent-soft text-accent-ink' },
  cancelling: { word: 'Stopping', icon: LoaderCircle, look: 'bg-accent-soft text-accent-ink' },
  completed: { word: 'Completed', icon: CircleCheck, look: 'bg-create-soft text-create' },
  partly: { word: 'Completed in part', icon: TriangleAlert, look: 'bg-update-soft text-update' },
  cancelled: { word: 'Cancelled', icon: CircleSlash, look: 'bg-sunken text-muted' },
} as const

/** How a batch is doing, by colour, icon and word; `live` has changes read out. */
export function BatchBadge({ batch, live = false }: { batch: Batch; live?: boolean }) {
  const { status, progress, total } = batch
  const isPartly = status === 'completed' && progress.succeeded < total
  const { word, icon: Icon, look } = LOOKS[isPartly ? 'partly' : status]
  return (
    <span
      role={live ? 'status' : undefined}
      className={`inline-flex shrink-0 items-center gap-1.5 rounded-full px-2.5 py-1 text-xs font-semibold ${look}`}
    >
      <Icon aria-hidden size={14} className={Icon === LoaderCircle ? 'animate-spin' : ''} />
      {word}
    </span>
  )
}
