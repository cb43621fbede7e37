import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useMay } from '../auth/may.tsx'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/card.tsx'
import { Listing } from '../ui/listing.tsx'
import { useTitle } from '../ui/use-title.ts'
import { KeyRow } from './key-row.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { useKeys } from './queries.ts'

/** The keys that programs call APIQ with; revoked ones only when asked for. */
export function KeysPage() {
  useTitle('API keys')
  const { admin } = useMay()
  const [isAll, setAll] = useState(false)
  const [isMaking, setMaking] = useState(false)
  const keys = useKeys(isAll ? undefined : 'active')
  const actions = (
    <div className="flex flex-wrap items-center gap-2">
      <Button look="quiet" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
        {isAll ? 'Only active ones' : 'Ended ones too'}
      </Button>
      {admin && (
        <Button onClick={() => setMaking(true)}>
          <Plus aria-hidden size={16} />
          New API key
        </Button>
      )}
    </div>
  )
  return (
    <div className="grid gap-6">
      <PageHeader title="API keys" action={actions}>
        What programs call APIQ with, and what each may do.
      </PageHeader>
      <Listing
        label="API keys"
        query={keys}
        items={keys.items}
        keyOf={({ id }) => id}
        height="h-24"
        empty="No program calls APIQ with a key yet."
      >
        {(apiKey) => <KeyRow apiKey={apiKey} canManage={admin} />}
      </Listing>
      {isMaking && <NewKeyDialog onClose={() => setMaking(false)} />}
    </div>
  )
}
