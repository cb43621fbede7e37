import { useState } from 'react'
import type { ConnectionDetail } from '../../connections/schema.ts'
import { fieldError } from '../api/problem.ts'
import { IfMay } from '../auth/may.tsx'
import { CredentialFields } from '../credentials/credential-fields.tsx'
import { toAuth } from '../credentials/draft.ts'
import { draftOf } from '../credentials/offers.ts'
import { TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { Notice } from '../ui/notice.tsx'
import { OPEN_POLICY, PolicyFields } from './policy-fields.tsx'
import { useUpdateApi } from './queries.ts'

/** Changes the name, the base URL and what calls need; another host needs the credential anew. */
export function EditDialog({ connection, onClose }: { connection: ConnectionDetail; onClose: () => void }) {
  const [name, setName] = useState(connection.name)
  const [baseUrl, setBaseUrl] = useState(connection.baseUrl)
  const [policy, setPolicy] = useState(connection.policy ?? OPEN_POLICY)
  const [draft, setDraft] = useState(() => draftOf(connection.auth))
  const update = useUpdateApi(connection.id)
  const moved = connection.auth.type !== 'none' && movesAway(connection.baseUrl, baseUrl)
  const submit = () => {
    const change = {
      ...(name.trim() === connection.name ? {} : { name: name.trim() }),
      ...(baseUrl.trim() === connection.baseUrl ? {} : { baseUrl: baseUrl.trim() }),
      ...(moved ? { auth: toAuth(draft) } : {}),
      ...(JSON.stringify(policy) === JSON.stringify(connection.policy ?? OPEN_POLICY) ? {} : { policy }),
    }
    if (Object.keys(change).length === 0) return onClose()
    update.mutate(change, { onSuccess: onClose })
  }
  return (
    <FormDialog
      title={`Edit ${connection.name}`}
      submit="Save"
      busy={update.isPending}
      error={update.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label="Name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={fieldError(update.error, '/name')}
      />
      <TextField
        label="Base URL"
        type="url"
        required
        value={baseUrl}
        onChange={(event) => setBaseUrl(event.target.value)}
        error={fieldError(update.error, '/baseUrl')}
      />
      {moved && (
        <>
          <Notice tone="info" title="Another host">
            <p>A stored credential is never sent to another host. Give it again.</p>
          </Notice>
          <CredentialFields draft={draft} error={update.error} onChange={setDraft} />
        </>
      )}
      <IfMay do="admin">
        <PolicyFields policy={policy} onChange={setPolicy} />
      </IfMay>
    </FormDialog>
  )
}

function movesAway(from: string, to: string): boolean {
  const origin = URL.parse(to)?.origin
  return origin !== undefined && origin !== URL.parse(from)?.origin
}
