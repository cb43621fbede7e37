import type { Kind } from './draft.ts'

/** One field of a credential. `more`: not needed as a rule, shown on request. */
export type CredentialField = {
  name: string
  label: string
  control: 'text' | 'secret' | 'url' | 'area' | readonly (readonly [value: string, label: string])[]
  hint?: string
  placeholder?: string
  optional?: true
  more?: true
}

const KEPT = 'Stored encrypted, and never shown again.'
const FROM_DOCUMENT = 'Taken from the specification when empty.'

const scopes = {
  name: 'scopes',
  label: 'Scopes',
  control: 'text',
  placeholder: 'orders.read orders.write',
  hint: 'Parted by spaces. What the operations need when empty.',
  optional: true,
} as const
const clientAuthentication: CredentialField = {
  name: 'clientAuthentication',
  label: 'Client secret is sent in',
  control: [
    ['', 'The usual place'],
    ['client_secret_basic', 'The Authorization header'],
    ['client_secret_post', 'The body of the request'],
  ],
  optional: true,
  more: true,
}

/** The fields of each kind; a kind without fields here has a form of its own. */
export const kinds: Readonly<Record<Kind, { label: string; about: string; fields: readonly CredentialField[] }>> = {
  none: { label: 'None', about: 'The API is open, or you add the credential later.', fields: [] },
  apiKey: {
    label: 'API key',
    about: 'A key that the API’s provider gave you.',
    fields: [
      { name: 'value', label: 'API key', control: 'secret', hint: KEPT },
      {
        name: 'in',
        label: 'Sent in',
        control: [
          ['', 'As the specification says'],
          ['header', 'A header'],
          ['query', 'The query string'],
          ['cookie', 'A cookie'],
        ],
        optional: true,
        more: true,
      },
      {
        name: 'name',
        label: 'Name of the header or parameter',
        control: 'text',
        placeholder: 'X-API-Key',
        hint: FROM_DOCUMENT,
        optional: true,
        more: true,
      },
    ],
  },
  bearer: {
    label: 'Bearer token',
    about: 'A token that is sent as “Authorization: Bearer …”.',
    fields: [{ name: 'token', label: 'Bearer token', control: 'secret', hint: KEPT }],
  },
  basic: {
    label: 'User name and password',
    about: 'HTTP Basic authentication.',
    fields: [
      { name: 'username', label: 'User name', control: 'text' },
      { name: 'password', label: 'Password of the API', control: 'secret', hint: KEPT, optional: true },
    ],
  },
  authorizationCode: {
    label: 'OAuth: sign in at the provider',
    about: 'You sign in there and allow access; APIQ never sees your password.',
    fields: [],
  },
  clientCredentials: {
    label: 'OAuth: client id and secret',
    about: 'APIQ gets and renews its tokens as a client of its own (client credentials).',
    fields: [
      { name: 'clientId', label: 'Client id', control: 'text' },
      { name: 'clientSecret', label: 'Client secret', control: 'secret', hint: KEPT },
      { name: 'tokenUrl', label: 'Token URL', control: 'url', hint: FROM_DOCUMENT, optional: true },
      { ...scopes, more: true },
      { name: 'audience', label: 'Audience', control: 'text', optional: true, more: true },
      { name: 'issuer', label: 'Issuer', control: 'url', hint: 'In place of a token URL.', optional: true, more: true },
      clientAuthentication,
    ],
  },
  serviceAccount: {
    label: 'Service account key',
    about: 'A private key, or the key file of a service account.',
    fields: [
      {
        name: 'privateKey',
        label: 'Key file or private key',
        control: 'area',
        placeholder: '{ "type": "service_account", … }',
        hint: `The whole JSON file, or a PEM. ${KEPT}`,
      },
      scopes,
      { name: 'tokenUrl', label: 'Token URL', control: 'url', hint: 'From the key file.', optional: true, more: true },
      { name: 'issuer', label: 'Issuer', control: 'text', hint: 'From the key file.', optional: true, more: true },
      { name: 'subject', label: 'On behalf of', control: 'text', optional: true, more: true },
      { name: 'audience', label: 'Audience', control: 'text', optional: true, more: true },
      { name: 'keyId', label: 'Key id', control: 'text', optional: true, more: true },
    ],
  },
  custom: { label: 'Headers of your own', about: 'Any headers, with your secrets put in.', fields: [] },
}
