import type { Auth } from '../../connections/auth-schema.ts'

/** The kinds of credential a form offers; OAuth's two flows are two kinds here. */
export type Kind = Exclude<Auth['type'], 'oauth2'> | 'clientCredentials' | 'authorizationCode'

/** A credential while it is being filled in: what stands in each field, by its name. */
export type Draft = { kind: Kind; values: Readonly<Record<string, string>> }

/** Nothing to sign in with. */
export const NO_CREDENTIAL: Draft = { kind: 'none', values: {} }

const PROOFS = ['client_secret_basic', 'client_secret_post'] as const

/** The draft with one field changed. */
export function withValue(draft: Draft, name: string, value: string): Draft {
  return { ...draft, values: { ...draft.values, [name]: value } }
}

/** What the Worker takes; what is left empty is left out, and taken from the document or the provider. */
export function toAuth({ kind, values }: Draft): Auth {
  const read = (name: string) => (values[name] ?? '').trim()
  const text = <const K extends string>(...names: K[]) =>
    Object.fromEntries(names.flatMap((name) => (read(name) === '' ? [] : [[name, read(name)]]))) as {
      [P in K]?: string
    }
  const scopes = read('scopes') === '' ? {} : { scopes: read('scopes').split(/[\s,]+/) }
  const clientAuthentication = PROOFS.find((proof) => proof === read('clientAuthentication'))
  const proof = clientAuthentication ? { clientAuthentication } : {}
  switch (kind) {
    case 'none':
      return { type: 'none' }
    case 'bearer':
      return { type: 'bearer', token: read('token') }
    case 'basic':
      return { type: 'basic', username: read('username'), password: values['password'] ?? '' }
    case 'apiKey':
      return { type: 'apiKey', value: read('value'), ...place(read('in')), ...text('name') }
    case 'clientCredentials':
      return {
        type: 'oauth2',
        flow: 'clientCredentials',
        clientId: read('clientId'),
        clientSecret: read('clientSecret'),
        ...text('tokenUrl', 'issuer', 'audience'),
        ...scopes,
        ...proof,
      }
    case 'authorizationCode':
      return { type: 'oauth2', flow: 'authorizationCode', ...consent(values, text), ...scopes, ...proof }
    case 'serviceAccount':
      return {
        type: 'serviceAccount',
        privateKey: read('privateKey'),
        ...text('tokenUrl', 'issuer', 'subject', 'audience', 'keyId'),
        ...scopes,
      }
    case 'custom':
      return { type: 'custom', ...templates(values) }
    default:
      return kind satisfies never
  }
}

function place(value: string): { in?: 'header' | 'query' | 'cookie' } {
  return value === 'header' || value === 'query' || value === 'cookie' ? { in: value } : {}
}

type ReadTexts = <const K extends string>(...names: K[]) => { [P in K]?: string }

/** A provider by its id stands for its own client here; `own` for a client that the person brings along. */
function consent(values: Draft['values'], text: ReadTexts) {
  const provider = values['provider'] ?? ''
  if (provider !== '' && provider !== 'own') return { provider }
  const client = text('clientId', 'clientSecret', 'issuer')
  const named = values['ownProvider'] ?? ''
  return named ? { provider: named, ...client } : { ...client, ...text('authorizationUrl', 'tokenUrl') }
}

/** Rows of a custom credential stand as `header:0`, `template:0`, …, its secrets as `secret:NAME`. */
function templates(values: Draft['values']) {
  const rows = headerRows(values).filter(({ header }) => header !== '')
  const names = new Set(rows.flatMap(({ template }) => placeholders(template)))
  return {
    headers: Object.fromEntries(rows.map(({ header, template }) => [header, template])),
    secrets: Object.fromEntries([...names].map((name) => [name, values[`secret:${name}`] ?? ''])),
  }
}

/** The rows of a custom credential; there is always one. */
export function headerRows(values: Draft['values']): { header: string; template: string }[] {
  const count = Math.max(1, Number(values['rows'] ?? 1))
  return Array.from({ length: count }, (_, index) => ({
    header: (values[`header:${index}`] ?? '').trim(),
    template: values[`template:${index}`] ?? '',
  }))
}

/** The names of the secrets a header template has places for. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(/\{\{\s*([\w-]{1,50})\s*\}\}/g)].flatMap((match) => match[1] ?? [])
}
