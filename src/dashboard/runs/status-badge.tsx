import { CircleCheck, CircleHelp, CirclePause, CircleSlash, CircleX, LoaderCircle } from 'lucide-react'
import type { Execution } from '../../runs/schema.ts'

const STATUSES = {
  running: { word: 'Running', icon: LoaderCircle, look: 'bg-accent-soft text-accent-ink' },
  paused: { word: 'Paused', icon: CirclePause, look: 'bg-update-soft text-update' },
  needs_decision: { word: 'Needs a decision', icon: CircleHelp, look: 'bg-delete-soft text-delete' },
  succeeded: { word: 'Succeeded', icon: CircleCheck, look: 'bg-create-soft text-create' },
  failed: { word: 'Failed', icon: CircleX, look: 'bg-delete-soft text-delete' },
  cancelled: { word: 'Cancelled', icon: CircleSlash, look: 'bg-sunken text-muted' },
} as const

/** How a run is doing, by colour, icon and word; `live` has changes read out. */
export function StatusBadge({ status, live = false }: { status: Execution['status']; live?: boolean }) {
  const { word, icon: Icon, look } = STATUSES[status]
  return (
    <span
      role={live ? 'status' : undefined}
      className={`inline-flex shrink-0 items-center gap-1.5 rounded-full px-2.5 py-1 text-xs font-semibold ${look}`}
    >
      <Icon aria-hidden size={14} className={status === 'running' ? 'animate-spin' : ''} />
      {word}
    </span>
  )
}
