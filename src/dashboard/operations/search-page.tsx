import { useSearchParams } from 'wouter'
import { useApis } from '../apis/queries.ts'
import { useSettled } from '../lib/use-settled.ts'
import { BackLink } from '../ui/back-link.tsx'
import { PageHeader } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { useTitle } from '../ui/use-title.ts'
import { FilterFields } from './filter-fields.tsx'
import { readFilters } from './filters.ts'
import { OperationRow } from './operation-row.tsx'
import { useCatalog } from './queries.ts'

/** Searches the operations of every connected API; what was asked for stands in the address. */
export function SearchPage() {
  useTitle('Search operations')
  const [search, setSearch] = useSearchParams()
  const apis = useApis()
  const text = search.get('q') ?? ''
  const filters = readFilters(search)
  const words = useSettled(text.trim())
  const found = useCatalog(words, filters)
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before)
        if (value === '') after.delete(name)
        else after.set(name, value)
        return after
      },
      { replace: true },
    )
  const nameOf = (id: string) => apis.items.find((connection) => connection.id === id)?.name
  return (
    <div className="grid gap-6">
      <BackLink href="/apis" />
      <PageHeader title="Search operations">Everything your connected APIs can do.</PageHeader>
      <div className="grid gap-4">
        <SearchField
          label="What should it do?"
          autoFocus
          value={text}
          onChange={(event) => set('q', event.target.value)}
        />
        <FilterFields apis={apis.items} filters={filters} onChange={set} />
      </div>
      {words === '' && <NoRows>Type a few words, such as “list open orders”.</NoRows>}
      {words !== '' && found.isPending && <CardsSkeleton cards={6} height="h-12" />}
      {found.isError && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      {words !== '' && found.data?.length === 0 && <NoRows>No operation fits these words.</NoRows>}
      {words !== '' && found.data && found.data.length > 0 && (
        <Rows aria-label="Operations" aria-busy={found.isPlaceholderData}>
          {found.data.map((operation) => (
            <li key={operation.id}>
              <OperationRow operation={operation} api={nameOf(operation.connectionId)} />
            </li>
          ))}
        </Rows>
      )}
    </div>
  )
}
