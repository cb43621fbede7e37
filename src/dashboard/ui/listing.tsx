import type { ReactNode } from 'react'
import { LoadMore } from './load-more.tsx'
import { ProblemNotice } from './problem-notice.tsx'
import { NoRows, Rows } from './rows.tsx'
import { CardsSkeleton } from './skeleton.tsx'

type Query = { isPending: boolean; isSuccess: boolean; isError: boolean; error: unknown; refetch: () => unknown }
type Paged = Parameters<typeof LoadMore>[0]['query']

/** A list in each of its states: being read, not to be had, empty, there, and with more to come. */
export function Listing<T>({
  label,
  query,
  items,
  keyOf,
  empty,
  cards = 2,
  height = 'h-16',
  children,
}: {
  label: string
  query: Query & Partial<Paged>
  items: readonly T[]
  keyOf: (item: T) => string
  empty: ReactNode
  /** How many places are kept for rows while they are read, and how high each. */
  cards?: number
  height?: string
  children: (item: T) => ReactNode
}) {
  const { isPending, isSuccess, isError, error, hasNextPage, isFetchingNextPage = false, fetchNextPage } = query
  return (
    <>
      {isPending && <CardsSkeleton cards={cards} height={height} />}
      {isError && <ProblemNotice error={error} onRetry={() => void query.refetch()} />}
      {isSuccess && items.length === 0 && <NoRows>{empty}</NoRows>}
      {items.length > 0 && (
        <Rows aria-label={label}>
          {items.map((item) => (
            <li key={keyOf(item)}>{children(item)}</li>
          ))}
        </Rows>
      )}
      {hasNextPage && fetchNextPage && <LoadMore query={{ hasNextPage, isFetchingNextPage, fetchNextPage }} />}
    </>
  )
}
