import type { AuthSettings } from '../../connections/auth-schema.ts'
import type { AuthOffer } from '../../oauth/schema.ts'
import type { Draft, Kind } from './draft.ts'
import { kinds } from './kinds.ts'
import type { Provider } from './queries.ts'

/** A credential the document says the API takes, and the form filled in with what the document says of it. */
export type Offer = { label: string; hint: string; draft: Draft }

/** What the document offers, each way once; `AuthOffer`s without a scheme are not the document's. */
export function offersOf(offered: readonly AuthOffer[], providers: readonly Provider[]): Offer[] {
  const offers = offered.flatMap((offer) => (offer.scheme === null ? [] : [toOffer(offer, providers)]))
  return [...new Map(offers.map((offer) => [offer.label, offer])).values()]
}

function toOffer({ type, prefilled, description }: AuthOffer, providers: readonly Provider[]): Offer {
  const kind: Kind =
    type !== 'oauth2' ? type : prefilled['flow'] === 'clientCredentials' ? 'clientCredentials' : 'authorizationCode'
  const values = textsOf(prefilled)
  const provider = providers.find(({ id }) => id === values['provider'])
  const hint = description.split('\n')[0]?.slice(0, 200) ?? ''
  const draft = { kind, values: provider && !provider.configured ? ownClient(values, provider.id) : values }
  return { label: labelOf(kind, values, provider), hint, draft }
}

function labelOf(kind: Kind, values: Draft['values'], provider: Provider | undefined): string {
  if (kind === 'authorizationCode') return provider ? `Sign in at ${provider.name}` : 'Sign in at the provider'
  if (kind !== 'apiKey') return kinds[kind].label
  return `API key in the ${values['in'] === 'query' ? 'query parameter' : values['in']} ${values['name']}`
}

function ownClient(values: Draft['values'], provider: string): Draft['values'] {
  return { ...values, provider: 'own', ownProvider: provider }
}

/** The form for a credential that is there already: its settings without the secret. */
export function draftOf(auth: AuthSettings): Draft {
  switch (auth.type) {
    case 'none':
    case 'bearer':
      return { kind: auth.type, values: {} }
    case 'apiKey':
      return { kind: 'apiKey', values: { in: auth.in, name: auth.name } }
    case 'basic':
      return { kind: 'basic', values: { username: auth.username } }
    case 'serviceAccount':
    case 'oauth2':
      return { kind: auth.type === 'oauth2' ? auth.flow : auth.type, values: valuesOf(auth) }
    case 'custom':
      return { kind: 'custom', values: rowsOf(auth.headers) }
    default:
      return auth satisfies never
  }
}

// With a client of one's own, the provider is one field further down.
function valuesOf(auth: Extract<AuthSettings, { type: 'oauth2' | 'serviceAccount' }>): Draft['values'] {
  const values = textsOf(auth)
  const provider = values['provider']
  return provider !== undefined && values['clientId'] !== undefined ? ownClient(values, provider) : values
}

function textsOf(settings: Readonly<Record<string, unknown>>): Draft['values'] {
  const texts = Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === 'string') return [[name, value] as const]
    return Array.isArray(value) ? [[name, value.join(' ')] as const] : []
  })
  return Object.fromEntries(texts)
}

function rowsOf(headers: Record<string, string>): Draft['values'] {
  const rows = Object.entries(headers)
  const texts = rows.flatMap(([header, template], index) => [
    [`header:${index}`, header],
    [`template:${index}`, template],
  ])
  return { rows: String(rows.length), ...Object.fromEntries(texts) }
}
