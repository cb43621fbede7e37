import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { OperationRow } from './operation-row.tsx'
import { useOperations } from './queries.ts'

/** The operations of an API, searchable. */
export function OperationList({ id }: { id: string }) {
  const [text, setText] = useState('')
  const operations = useOperations(id, useSettled(text.trim()))
  const { items } = operations
  return (
    <section aria-labelledby="operations" className="grid gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="operations" className="text-lg">
          Operations
        </h2>
        <label className="relative w-full sm:w-72">
          <span className="sr-only">Search operations</span>
          <Search aria-hidden size={16} className="absolute top-1/2 left-3 -translate-y-1/2 text-muted" />
          <input
            type="search"
            value={text}
            maxLength={500}
            onChange={(event) => setText(event.target.value)}
            placeholder="Search operations"
            className="min-h-10 w-full rounded-lg border border-edge bg-surface pr-3 pl-9 placeholder:text-muted"
          />
        </label>
      </div>
      {operations.isPending && <CardsSkeleton cards={6} height="h-12" />}
      {operations.isError && <ProblemNotice error={operations.error} onRetry={() => void operations.refetch()} />}
      {operations.isSuccess && items.length === 0 && (
        <p className="rounded-xl bg-sunken px-4 py-6 text-center text-muted">
          {text ? 'No operation fits these words.' : 'The specification has no operations.'}
        </p>
      )}
      {items.length > 0 && (
        <ul
          aria-busy={operations.isPlaceholderData}
          className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface"
        >
          {items.map((operation) => (
            <li key={operation.id}>
              <OperationRow operation={operation} />
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={operations} />
    </section>
  )
}

/** The text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 250)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
