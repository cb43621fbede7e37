import { fieldError } from '../api/problem.ts'
import { SelectField } from '../ui/field.tsx'
import { ConsentFields } from './consent-fields.tsx'
import { CustomFields } from './custom-fields.tsx'
import type { Draft, Kind } from './draft.ts'
import { kinds } from './kinds.ts'
import { PlainFields } from './plain-fields.tsx'

type Editing = { draft: Draft; error: unknown; onChange: (draft: Draft) => void }

/** How to authenticate, and with what. */
export function CredentialFields({ draft, error, onChange }: Editing) {
  const { about } = kinds[draft.kind]
  return (
    <fieldset className="grid min-w-0 gap-5">
      <legend className="sr-only">How APIQ signs in to the API</legend>
      <SelectField
        label="Authentication"
        value={draft.kind}
        hint={about}
        onChange={(event) => onChange({ ...draft, kind: readKind(event.target.value) })}
        error={fieldError(error, '/auth', '/auth/type')}
      >
        {Object.entries(kinds).map(([kind, { label }]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </SelectField>
      {draft.kind === 'authorizationCode' ? (
        <ConsentFields draft={draft} error={error} onChange={onChange} />
      ) : draft.kind === 'custom' ? (
        <CustomFields draft={draft} error={error} onChange={onChange} />
      ) : (
        <PlainFields fields={kinds[draft.kind].fields} draft={draft} error={error} onChange={onChange} />
      )}
    </fieldset>
  )
}

function readKind(value: string): Kind {
  return (Object.keys(kinds) as Kind[]).find((kind) => kind === value) ?? 'none'
}
