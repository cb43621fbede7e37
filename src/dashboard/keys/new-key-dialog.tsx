import { useState } from 'react'
import { fieldError } from '../api/problem.ts'
import { useMe } from '../auth/session.ts'
import { Dialog } from '../ui/dialog.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { newDraft, toNewKey, type Draft } from './draft.ts'
import { IssuedToken } from './issued-token.tsx'
import { useCreateKey } from './queries.ts'
import { ScopeFields } from './scope-fields.tsx'

/** Makes a key, then shows its token. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const { data: me } = useMe()
  const [draft, setDraft] = useState(newDraft)
  const create = useCreateKey()
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const submit = () => {
    create.mutate(toNewKey(draft))
  }
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
      onSubmit={submit}
    >
      <TextField
        label="Name"
        required
        value={draft.name}
        maxLength={100}
        placeholder="Billing export"
        error={fieldError(create.error, '/name')}
        onChange={({ target }) => change({ name: target.value })}
      />
      <ScopeFields scopes={draft.scopes} mine={me?.scopes ?? []} onChange={(scopes) => change({ scopes })} />
      <SelectField
        label="It expires"
        value={draft.days}
        error={fieldError(create.error, '/expiresAt')}
        onChange={({ target }) => change({ days: target.value })}
      >
        <option value="30">in 30 days</option>
        <option value="90">in 90 days</option>
        <option value="365">in a year</option>
        <option value="">never</option>
      </SelectField>
      <TextField
        label="Requests a minute"
        optional
        type="number"
        min={1}
        placeholder="100"
        value={draft.requestsPerMinute}
        error={fieldError(create.error, '/requestsPerMinute')}
        onChange={({ target }) => change({ requestsPerMinute: target.value })}
      />
      <TextField
        label="Only from these addresses"
        optional
        placeholder="192.0.2.0/24, 2001:db8::1"
        hint="IP addresses or networks, separated by commas."
        value={draft.allowedIps}
        error={fieldError(create.error, '/allowedIps', '/allowedIps/0', '/allowedIps/1', '/allowedIps/2')}
        onChange={({ target }) => change({ allowedIps: target.value })}
      />
    </FormDialog>
  )
}
