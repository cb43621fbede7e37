import { useState } from 'react'
import { Dialog } from '../ui/dialog.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { newDraft, toNewKey } from './draft.ts'
import { ExpiryField } from './expiry-field.tsx'
import { IssuedToken } from './issued-token.tsx'
import { KeyFields } from './key-fields.tsx'
import { useCreateKey } from './queries.ts'

/** Makes a key, then shows its token. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(newDraft)
  const create = useCreateKey()
  if (create.data)
    return (
      <Dialog key="issued" title={`${create.data.name} is ready`} onClose={onClose}>
        <IssuedToken token={create.data.token} onClose={onClose} />
      </Dialog>
    )
  return (
    <FormDialog
      title="New API key"
      submit="Make the key"
      busy={create.isPending}
      error={create.error}
      onClose={onClose}
      onSubmit={() => create.mutate(toNewKey(draft))}
    >
      <KeyFields draft={draft} error={create.error} onChange={(change) => setDraft({ ...draft, ...change })} />
      <ExpiryField days={draft.days} error={create.error} onChange={(days) => setDraft({ ...draft, days })} />
    </FormDialog>
  )
}
