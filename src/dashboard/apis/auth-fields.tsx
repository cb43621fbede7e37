import type { Auth } from '../../connections/schema.ts'
import { fieldError } from '../api/problem.ts'
import { SelectField, TextField } from '../ui/field.tsx'

/** The kinds of authentication there are. */
export type AuthKind = Auth['type']

/** Reads the fields below as what the Worker takes. */
export function readAuth(kind: AuthKind, read: (name: string) => string): Auth {
  if (kind === 'none') return { type: 'none' }
  if (kind === 'bearer') return { type: 'bearer', token: read('token') }
  if (kind === 'basic') return { type: 'basic', username: read('username'), password: read('password') }
  const place = read('in')
  const name = read('keyName')
  return {
    type: 'apiKey',
    value: read('key'),
    ...(place === 'header' || place === 'query' || place === 'cookie' ? { in: place } : {}),
    ...(name ? { name } : {}),
  }
}

/** How to authenticate, and with what. */
export function AuthFields({
  kind,
  error,
  onChange,
}: {
  kind: AuthKind
  error: unknown
  onChange: (kind: AuthKind) => void
}) {
  return (
    <fieldset className="grid gap-5">
      <legend className="sr-only">How APIQ signs in to the API</legend>
      <SelectField
        label="Authentication"
        value={kind}
        onChange={(event) => onChange(kinds.find((known) => known === event.target.value) ?? 'none')}
        error={fieldError(error, '/auth', '/auth/type')}
      >
        <option value="none">None</option>
        <option value="apiKey">API key</option>
        <option value="bearer">Bearer token</option>
        <option value="basic">User name and password</option>
      </SelectField>
      {kind === 'apiKey' && <KeyFields error={error} />}
      {kind === 'basic' && <BasicFields error={error} />}
      {kind === 'bearer' && (
        <TextField
          label="Bearer token"
          name="token"
          type="password"
          required
          autoComplete="off"
          error={fieldError(error, '/auth/token')}
        />
      )}
    </fieldset>
  )
}

const kinds = ['none', 'apiKey', 'bearer', 'basic'] as const

function BasicFields({ error }: { error: unknown }) {
  return (
    <div className="grid items-start gap-5 sm:grid-cols-2">
      <TextField
        label="User name"
        name="username"
        required
        autoComplete="off"
        error={fieldError(error, '/auth/username')}
      />
      <TextField
        label="Password of the API"
        name="password"
        type="password"
        autoComplete="off"
        hint="Stored encrypted, and never shown again."
        error={fieldError(error, '/auth/password')}
      />
    </div>
  )
}

function KeyFields({ error }: { error: unknown }) {
  return (
    <>
      <TextField
        label="API key"
        name="key"
        type="password"
        required
        autoComplete="off"
        hint="Stored encrypted, and never shown again."
        error={fieldError(error, '/auth/value')}
      />
      <div className="grid items-start gap-5 sm:grid-cols-2">
        <SelectField label="Sent in" name="in" optional error={fieldError(error, '/auth/in')}>
          <option value="">As the specification says</option>
          <option value="header">A header</option>
          <option value="query">The query string</option>
          <option value="cookie">A cookie</option>
        </SelectField>
        <TextField
          label="Header or parameter"
          name="keyName"
          optional
          placeholder="X-API-Key"
          hint="Taken from the specification when empty."
          error={fieldError(error, '/auth/name')}
        />
      </div>
    </>
  )
}
