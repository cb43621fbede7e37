import type { ComponentProps } from 'react'

/** A list on one surface, a line between its items. */
export function Rows({ className = '', ...list }: ComponentProps<'ul'>) {
  return (
    <ul
      {...list}
      className={`divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface ${className}`}
    />
  )
}

/** What stands in place of a list without items. */
export function NoRows({ children }: { children: React.ReactNode }) {
  return <p className="rounded-xl bg-sunken px-4 py-6 text-center text-muted">{children}</p>
}
