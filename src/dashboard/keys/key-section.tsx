import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useMe } from '../auth/session.ts'
import { Button } from '../ui/button.tsx'
import { LoadMore } from '../ui/load-more.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { NoRows, Rows } from '../ui/rows.tsx'
import { Section } from '../ui/section.tsx'
import { CardsSkeleton } from '../ui/skeleton.tsx'
import { KeyRow } from './key-row.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { useKeys } from './queries.ts'

/** The keys that programs call APIQ with; revoked ones only when asked for. */
export function KeySection() {
  const { data: me } = useMe()
  const [isAll, setAll] = useState(false)
  const [isMaking, setMaking] = useState(false)
  const keys = useKeys(isAll ? undefined : 'active')
  const canManage = me?.scopes.includes('admin') ?? false
  const actions = (
    <div className="flex flex-wrap items-center gap-2">
      <Button look="quiet" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
        {isAll ? 'Only active ones' : 'Ended ones too'}
      </Button>
      {canManage && (
        <Button onClick={() => setMaking(true)}>
          <Plus aria-hidden size={16} />
          New API key
        </Button>
      )}
    </div>
  )
  return (
    <Section title="API keys" action={actions}>
      {keys.isPending && <CardsSkeleton cards={2} height="h-24" />}
      {keys.isError && <ProblemNotice error={keys.error} onRetry={() => void keys.refetch()} />}
      {keys.isSuccess && keys.items.length === 0 && <NoRows>No program calls APIQ with a key yet.</NoRows>}
      {keys.items.length > 0 && (
        <Rows aria-label="API keys">
          {keys.items.map((apiKey) => (
            <li key={apiKey.id}>
              <KeyRow apiKey={apiKey} canManage={canManage} />
            </li>
          ))}
        </Rows>
      )}
      <LoadMore query={keys} />
      {isMaking && <NewKeyDialog onClose={() => setMaking(false)} />}
    </Section>
  )
}
