import { useState, type FormEvent } from 'react'
import type { NewConnection } from '../../connections/schema.ts'
import { fieldError } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { AuthFields, readAuth, type AuthKind } from './auth-fields.tsx'
import { SourceFields, type Source } from './source-fields.tsx'

/** Everything it takes to connect an API. What is left empty is taken from the specification. */
export function ConnectForm({
  busy,
  error,
  onSubmit,
}: {
  busy: boolean
  error: Error | null
  onSubmit: (input: NewConnection) => void
}) {
  const [source, setSource] = useState<Source>({ kind: 'url', text: '' })
  const [authKind, setAuthKind] = useState<AuthKind>('none')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const read = (name: string) => String(form.get(name) ?? '').trim()
    const name = read('name')
    const baseUrl = read('baseUrl')
    onSubmit({
      ...(source.kind === 'url' ? { specUrl: read('specUrl') } : { spec: source.text }),
      ...(name ? { name } : {}),
      ...(baseUrl ? { baseUrl } : {}),
      auth: readAuth(authKind, read),
    })
  }
  return (
    <form onSubmit={submit} className="grid gap-6">
      {error && <ProblemNotice error={error} />}
      <SourceFields source={source} error={error} onChange={setSource} />
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <TextField
          label="Name"
          name="name"
          optional
          maxLength={100}
          hint="The specification’s title when empty."
          error={fieldError(error, '/name')}
        />
        <TextField
          label="Base URL"
          name="baseUrl"
          type="url"
          optional
          hint="The specification’s first server when empty."
          error={fieldError(error, '/baseUrl')}
        />
      </div>
      <AuthFields kind={authKind} error={error} onChange={setAuthKind} />
      <div>
        <Button type="submit" look="primary" busy={busy}>
          {busy ? 'Reading the specification…' : 'Connect API'}
        </Button>
      </div>
    </form>
  )
}
