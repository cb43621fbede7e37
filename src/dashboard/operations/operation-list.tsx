import { Plus } from 'lucide-react'
import { useState } from 'react'
import { IfMay } from '../auth/may.tsx'
import { useSettled } from '../lib/use-settled.ts'
import { Button } from '../ui/button.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { AddDialog } from './add-dialog.tsx'
import { OperationRow } from './operation-row.tsx'
import { useOperations } from './queries.ts'

/** The operations of an API, searchable. */
export function OperationList({ id }: { id: string }) {
  const [text, setText] = useState('')
  const [adding, setAdding] = useState(false)
  const operations = useOperations(id, useSettled(text.trim()))
  const { items } = operations
  const tools = (
    <div className="flex w-full flex-wrap gap-2 sm:w-auto">
      <SearchField
        label="Search operations"
        className="min-w-0 flex-1 sm:w-72"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <IfMay do="write">
        <Button onClick={() => setAdding(true)}>
          <Plus aria-hidden size={15} />
          Add
        </Button>
      </IfMay>
    </div>
  )
  return (
    <Section title="Operations" action={tools}>
      {operations.isPending && <CardsSkeleton cards={6} height="h-12" />}
      {operations.isError && <ProblemNotice error={operations.error} onRetry={() => void operations.refetch()} />}
      {operations.isSuccess && items.length === 0 && (
        <NoRows>{text ? 'No operation fits these words.' : 'There are no operations.'}</NoRows>
      )}
      {items.length > 0 && (
        <Rows aria-busy={operations.isPlaceholderData}>
          {items.map((operation) => (
            <li key={operation.id}>
              <OperationRow operation={operation} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={operations} />
      {adding && <AddDialog id={id} onClose={() => setAdding(false)} />}
    </Section>
  )
}
