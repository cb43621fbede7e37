import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

/** Something that opens on request. */
export function Disclosure({
  summary,
  children,
  open = false,
  className = '',
}: {
  summary: ReactNode
  children: ReactNode
  open?: boolean
  className?: string
}) {
  return (
    <details open={open} className={`min-w-0 ${className}`}>
      <summary className="flex min-h-8 list-none items-center gap-1.5 rounded-md text-sm font-medium text-muted hover:text-ink">
        <ChevronRight aria-hidden size={16} className="chevron shrink-0 transition-transform" />
        {summary}
      </summary>
      <div className="pt-2">{children}</div>
    </details>
  )
}
