/** A bar where text will be. */
export function Bar({ className }: { className: string }) {
  return <div aria-hidden className={`skeleton ${className}`} />
}

/** Cards that are still being loaded. */
export function CardsSkeleton({ cards = 3, height = 'h-24' }: { cards?: number; height?: string }) {
  return (
    <div className="grid gap-3" aria-busy="true">
      <span className="sr-only">Loading</span>
      {Array.from({ length: cards }, (_, index) => (
        <div key={index} className={`grid content-start gap-3 rounded-xl border border-line bg-surface p-5 ${height}`}>
          <Bar className="h-4 w-2/5" />
          <Bar className="h-3.5 w-3/4" />
        </div>
      ))}
    </div>
  )
}

/** A page that is still being loaded. */
export function PageSkeleton() {
  return (
    <div className="grid gap-6">
      <Bar className="h-8 w-40" />
      <CardsSkeleton />
    </div>
  )
}
