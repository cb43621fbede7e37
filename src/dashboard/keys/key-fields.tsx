import { fieldError } from '../api/problem.ts'
import { useMe } from '../auth/session.ts'
import { TextField } from '../ui/field.tsx'
import type { Draft } from './draft.ts'
import { ScopeFields } from './scope-fields.tsx'

/** What a key is called, what it may, how often and from where. */
export function KeyFields({
  draft,
  error,
  onChange,
}: {
  draft: Draft
  error: unknown
  onChange: (change: Partial<Draft>) => void
}) {
  const { data: me } = useMe()
  return (
    <>
      <TextField
        label="Name"
        required
        value={draft.name}
        maxLength={100}
        placeholder="Billing export"
        error={fieldError(error, '/name')}
        onChange={({ target }) => onChange({ name: target.value })}
      />
      <ScopeFields scopes={draft.scopes} mine={me?.scopes ?? []} onChange={(scopes) => onChange({ scopes })} />
      <TextField
        label="Requests a minute"
        optional
        type="number"
        min={1}
        placeholder="100"
        value={draft.requestsPerMinute}
        error={fieldError(error, '/requestsPerMinute')}
        onChange={({ target }) => onChange({ requestsPerMinute: target.value })}
      />
      <TextField
        label="Requests a day"
        optional
        type="number"
        min={1}
        hint="No limit of its own if left empty."
        value={draft.requestsPerDay}
        error={fieldError(error, '/requestsPerDay')}
        onChange={({ target }) => onChange({ requestsPerDay: target.value })}
      />
      <TextField
        label="Only from these addresses"
        optional
        placeholder="192.0.2.0/24, 2001:db8::1"
        hint="IP addresses or networks, separated by commas."
        value={draft.allowedIps}
        error={fieldError(error, '/allowedIps', '/allowedIps/0', '/allowedIps/1', '/allowedIps/2')}
        onChange={({ target }) => onChange({ allowedIps: target.value })}
      />
    </>
  )
}
