import type { ReactNode } from 'react'

/** A surface that holds one thing. */
export function Card({ children, className = '' }: { children: ReactNode; className?: string }) {
  return <div className={`rounded-xl border border-line bg-surface p-4 sm:p-5 ${className}`}>{children}</div>
}

/** A page's title, what it is about, and what can be done there. */
export function PageHeader({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <header className="flex flex-wrap items-start justify-between gap-4">
      <div className="grid min-w-0 gap-1">
        <h1 className="text-2xl">{title}</h1>
        {children && <div className="max-w-prose text-muted">{children}</div>}
      </div>
      {action}
    </header>
  )
}

/** Nothing here yet, and what to do about it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="grid justify-items-center gap-4 rounded-2xl border border-dashed border-edge/60 px-6 py-14 text-center">
      <div aria-hidden className="grid size-12 place-items-center rounded-2xl bg-accent-soft text-accent-ink">
        {icon}
      </div>
      <div className="grid gap-1">
        <h2 className="text-lg">{title}</h2>
        <p className="max-w-md text-muted">{children}</p>
      </div>
      {action}
    </div>
  )
}
