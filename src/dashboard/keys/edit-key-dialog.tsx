import { useState } from 'react'
import type { ApiKey } from '../../keys/schema.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { draftOf, toKeyEdit, UNCHANGED } from './draft.ts'
import { ExpiryField } from './expiry-field.tsx'
import { KeyFields } from './key-fields.tsx'
import { useEditKey } from './queries.ts'

/** Changes what a key may and until when; its token stays. */
export function EditKeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(apiKey))
  const edit = useEditKey(apiKey)
  return (
    <FormDialog
      title={`Edit ${apiKey.name}`}
      submit="Save"
      busy={edit.isPending}
      error={edit.error}
      onClose={onClose}
      onSubmit={() => edit.mutate(toKeyEdit(draft), { onSuccess: onClose })}
    >
      <p className="text-sm text-muted">It holds from the next request on. The key itself stays the same.</p>
      <KeyFields draft={draft} error={edit.error} onChange={(change) => setDraft({ ...draft, ...change })} />
      <ExpiryField days={draft.days} error={edit.error} onChange={(days) => setDraft({ ...draft, days })}>
        <option value={UNCHANGED}>when it did until now</option>
      </ExpiryField>
    </FormDialog>
  )
}
