import { fieldError } from '../api/problem.ts'
import { SelectField } from '../ui/field.tsx'
import { withValue, type Draft } from './draft.ts'
import type { CredentialField } from './kinds.ts'
import { PlainFields } from './plain-fields.tsx'
import { ProviderList } from './provider-list.tsx'
import { useProviders } from './queries.ts'

const CLIENT: readonly CredentialField[] = [
  { name: 'clientId', label: 'Client id', control: 'text', hint: 'Of the app you registered at the provider.' },
  {
    name: 'clientSecret',
    label: 'Client secret',
    control: 'secret',
    hint: 'Stored encrypted, and never shown again. A public client has none.',
    optional: true,
  },
]

const ISSUER: CredentialField = {
  name: 'issuer',
  label: 'Issuer',
  control: 'url',
  placeholder: 'https://login.example.com',
  hint: 'Where a provider gives every customer an address of their own, or offers OpenID Connect.',
  optional: true,
  more: true,
}

const ENDPOINTS: readonly CredentialField[] = [
  {
    name: 'authorizationUrl',
    label: 'Authorization URL',
    control: 'url',
    hint: 'Taken from the specification when empty.',
    optional: true,
    more: true,
  },
  {
    name: 'tokenUrl',
    label: 'Token URL',
    control: 'url',
    hint: 'Taken from the specification when empty.',
    optional: true,
    more: true,
  },
]

const SCOPES: CredentialField = {
  name: 'scopes',
  label: 'Scopes',
  control: 'text',
  hint: 'Parted by spaces. What the operations need when empty.',
  optional: true,
  more: true,
}

/** At whom to sign in, and as which client. */
export function ConsentFields({
  draft,
  error,
  onChange,
}: {
  draft: Draft
  error: unknown
  onChange: (draft: Draft) => void
}) {
  const providers = useProviders()
  const chosen = draft.values['provider'] || 'own'
  const named = draft.values['ownProvider'] ?? ''
  const editing = { draft, error, onChange }
  return (
    <>
      <ProviderList
        providers={providers.data ?? []}
        value={chosen}
        onChange={(provider) => onChange(withValue(draft, 'provider', provider))}
      />
      {chosen !== 'own' ? (
        <PlainFields fields={[SCOPES]} {...editing} />
      ) : (
        <>
          <SelectField
            label="Provider of your client"
            value={named}
            onChange={(event) => onChange(withValue(draft, 'ownProvider', event.target.value))}
            error={fieldError(error, '/auth/provider')}
          >
            <option value="">As the specification says, or another</option>
            {providers.data?.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
          <PlainFields fields={[...CLIENT, ...(named ? [ISSUER] : [ISSUER, ...ENDPOINTS]), SCOPES]} {...editing} />
        </>
      )}
      <p className="text-sm text-muted">After this you sign in at the provider, and come back here.</p>
    </>
  )
}
