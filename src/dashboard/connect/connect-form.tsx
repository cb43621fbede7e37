import { useState, type FormEvent } from 'react'
import { fieldError } from '../api/problem.ts'
import { CredentialFields } from '../credentials/credential-fields.tsx'
import { NO_CREDENTIAL, toAuth } from '../credentials/draft.ts'
import { jsonError } from '../lib/json.ts'
import { Button } from '../ui/button.tsx'
import { Disclosure } from '../ui/disclosure.tsx'
import { TextField } from '../ui/field.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import type { Connecting } from './queries.ts'
import { SourceFields } from './source-fields.tsx'
import { NO_SOURCE, toConnecting } from './source.ts'

/** Everything it takes to connect an API. What is left empty is taken from the specification. */
export function ConnectForm({
  busy,
  error,
  onSubmit,
}: {
  busy: boolean
  error: Error | null
  onSubmit: (input: Connecting) => void
}) {
  const [source, setSource] = useState(NO_SOURCE)
  const [about, setAbout] = useState({ name: '', baseUrl: '' })
  const [draft, setDraft] = useState(NO_CREDENTIAL)
  const byHand = source.kind === 'hand'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (byHand && source.operations.some(({ example }) => jsonError(example))) return
    const input = toConnecting(source, { ...trimmed(about), auth: toAuth(draft) })
    if (input) onSubmit(input)
  }
  const aboutFields = <AboutFields about={about} required={byHand} error={error} onChange={setAbout} />
  return (
    <form onSubmit={submit} className="grid gap-6">
      {error && <ProblemNotice error={error} />}
      <SourceFields source={source} error={error} onChange={setSource}>
        {byHand && aboutFields}
      </SourceFields>
      <CredentialFields draft={draft} error={error} onChange={setDraft} />
      {!byHand && (
        <Disclosure summary="Name and base URL" open={fieldError(error, '/name', '/baseUrl') !== undefined}>
          {aboutFields}
        </Disclosure>
      )}
      <div>
        <Button type="submit" look="primary" busy={busy} disabled={source.kind === 'file' && source.file === null}>
          {busy ? 'Reading the specification…' : 'Connect API'}
        </Button>
      </div>
    </form>
  )
}

type About = { name: string; baseUrl: string }

function AboutFields({
  about,
  required,
  error,
  onChange,
}: {
  about: About
  required: boolean
  error: unknown
  onChange: (about: About) => void
}) {
  return (
    <div className="grid items-start gap-5 sm:grid-cols-2">
      <TextField
        label="Name"
        required={required}
        optional={!required}
        maxLength={100}
        hint={required ? 'As you call the API.' : 'The specification’s title when empty.'}
        value={about.name}
        onChange={(event) => onChange({ ...about, name: event.target.value })}
        error={fieldError(error, '/name')}
      />
      <TextField
        label="Base URL"
        type="url"
        required={required}
        optional={!required}
        placeholder="https://api.example.com/v1"
        hint={required ? 'What every path begins with.' : 'The specification’s first server when empty.'}
        value={about.baseUrl}
        onChange={(event) => onChange({ ...about, baseUrl: event.target.value })}
        error={fieldError(error, '/baseUrl')}
      />
    </div>
  )
}

function trimmed({ name, baseUrl }: About): About {
  return { name: name.trim(), baseUrl: baseUrl.trim() }
}
