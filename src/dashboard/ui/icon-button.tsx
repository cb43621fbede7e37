import type { LucideIcon } from 'lucide-react'
import { Button } from './button.tsx'

/** A button in a row that is only a picture; `label` is what it is called. */
export function IconButton({
  icon: Icon,
  label,
  busy = false,
  onClick,
}: {
  icon: LucideIcon
  label: string
  busy?: boolean
  onClick: () => void
}) {
  return (
    <Button look="quiet" className="px-2.5" aria-label={label} busy={busy} onClick={onClick}>
      {!busy && <Icon aria-hidden size={16} />}
    </Button>
  )
}
