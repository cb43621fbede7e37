import { useState, type FormEvent } from 'react'
import type { ConnectionDetail } from '../../connections/schema.ts'
import { useUpdateApi } from '../apis/queries.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { CredentialFields } from './credential-fields.tsx'
import { toAuth } from './draft.ts'
import { OfferList } from './offer-list.tsx'
import { draftOf, type Offer } from './offers.ts'

/** Gives an API another credential; begins with what its document asks for, where there is none yet. */
export function CredentialDialog({
  connection,
  offers,
  onClose,
  onSaved,
}: {
  connection: ConnectionDetail
  offers: readonly Offer[]
  onClose: () => void
  onSaved: (saved: ConnectionDetail) => void
}) {
  const [first] = offers
  const begin = connection.auth.type === 'none' && first ? first.draft : draftOf(connection.auth)
  const [draft, setDraft] = useState(begin)
  const update = useUpdateApi(connection.id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    update.mutate({ auth: toAuth(draft) }, { onSuccess: onSaved })
  }
  return (
    <Dialog title={`Credential for ${connection.name}`} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-5">
        {connection.auth.type !== 'none' && (
          <p className="text-sm text-muted">What is stored stays hidden: give the secrets again.</p>
        )}
        <OfferList offers={offers} draft={draft} onChoose={setDraft} />
        <CredentialFields draft={draft} error={update.error} onChange={setDraft} />
        {update.isError && <ProblemNotice error={update.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={update.isPending}>
            Save the credential
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
