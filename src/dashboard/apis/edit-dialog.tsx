import { useState, type FormEvent } from 'react'
import type { ConnectionDetail } from '../../connections/schema.ts'
import { fieldError } from '../api/problem.ts'
import { CredentialFields } from '../credentials/credential-fields.tsx'
import { toAuth } from '../credentials/draft.ts'
import { draftOf } from '../credentials/offers.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
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
  const submit = (event: FormEvent) => {
    event.preventDefault()
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
    <Dialog title={`Edit ${connection.name}`} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-5">
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
        <PolicyFields policy={policy} onChange={setPolicy} />
        {update.isError && <ProblemNotice error={update.error} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={update.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function movesAway(from: string, to: string): boolean {
  const origin = URL.parse(to)?.origin
  return origin !== undefined && origin !== URL.parse(from)?.origin
}
