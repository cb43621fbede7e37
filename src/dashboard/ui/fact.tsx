import type { ReactNode } from 'react'

/** One term of a `dl` with what it is. */
export function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{term}</dt>
      <dd className="text-sm">{children}</dd>
    </div>
  )
}
