import { Plus } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { useMay } from '../auth/may.tsx'
import { Button } from '../ui/button.tsx'
import { Listing } from '../ui/listing.tsx'
import { Section } from '../ui/section.tsx'

/** The triggers of one kind that a workflow has, and for those who may the way to another. */
export function TriggerSection<T extends { id: string }>({
  title,
  add,
  empty,
  query,
  onAdd,
  row,
  children,
}: {
  title: string
  add: string
  empty: string
  query: ComponentProps<typeof Listing<T>>['query'] & { items: readonly T[] }
  onAdd: () => void
  row: (item: T) => ReactNode
  children: ReactNode
}) {
  const may = useMay()
  const action = may.write && may.execute && (
    <Button onClick={onAdd}>
      <Plus aria-hidden size={16} />
      {add}
    </Button>
  )
  return (
    <Section title={title} action={action}>
      <Listing
        label={title}
        query={query}
        items={query.items}
        keyOf={({ id }) => id}
        cards={1}
        height="h-24"
        empty={empty}
      >
        {row}
      </Listing>
      {children}
    </Section>
  )
}
