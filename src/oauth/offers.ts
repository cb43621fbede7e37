import { declaredIssuer } from '../connections/credentials/oauth-settings.ts'
import { providerAt } from '../connections/credentials/oauth-presets.ts'
import type { SecurityScheme } from '../specs/operation.ts'
import type { AuthOffer } from './schema.ts'

const BASE = { scheme: null, description: '' }

const ALWAYS: AuthOffer[] = [
  { ...BASE, type: 'none', prefilled: { type: 'none' }, asks: [] },
  { ...BASE, type: 'apiKey', prefilled: { type: 'apiKey', in: 'header' }, asks: ['name', 'value'] },
  { ...BASE, type: 'bearer', prefilled: { type: 'bearer' }, asks: ['token'] },
  { ...BASE, type: 'basic', prefilled: { type: 'basic' }, asks: ['username', 'password'] },
  {
    ...BASE,
    type: 'oauth2',
    prefilled: { type: 'oauth2', flow: 'clientCredentials' },
    asks: ['tokenUrl', 'clientId', 'clientSecret'],
  },
  { ...BASE, type: 'oauth2', prefilled: { type: 'oauth2', flow: 'authorizationCode' }, asks: ['provider'] },
  { ...BASE, type: 'serviceAccount', prefilled: { type: 'serviceAccount' }, asks: ['privateKey'] },
  { ...BASE, type: 'custom', prefilled: { type: 'custom' }, asks: ['headers', 'secrets'] },
]

/**
 * What a connect form offers: first what the specification declares, filled in but for its secrets, then every other
 * kind. `asks` names the fields that somebody must still fill in.
 */
export function offeredAuth(schemes: readonly SecurityScheme[]): AuthOffer[] {
  return [...schemes.map((scheme) => offer(scheme, schemes)), ...ALWAYS]
}

function offer(scheme: SecurityScheme, schemes: readonly SecurityScheme[]): AuthOffer {
  const base = { scheme: scheme.id, description: scheme.description }
  switch (scheme.type) {
    case 'apiKey':
      return {
        ...base,
        type: 'apiKey',
        prefilled: { type: 'apiKey', in: scheme.in, name: scheme.name },
        asks: ['value'],
      }
    case 'bearer':
      return { ...base, type: 'bearer', prefilled: { type: 'bearer' }, asks: ['token'] }
    case 'basic':
      return { ...base, type: 'basic', prefilled: { type: 'basic' }, asks: ['username', 'password'] }
    case 'openIdConnect': {
      const prefilled = { type: 'oauth2', flow: 'authorizationCode', issuer: declaredIssuer(schemes) }
      return { ...base, type: 'oauth2', prefilled, asks: ['clientId', 'clientSecret'] }
    }
    case 'oauth2':
      return { ...base, type: 'oauth2', ...offerOAuth(scheme) }
    default:
      return scheme satisfies never
  }
}

function offerOAuth(scheme: Extract<SecurityScheme, { type: 'oauth2' }>): Pick<AuthOffer, 'prefilled' | 'asks'> {
  const { flow, tokenUrl } = scheme
  const asks = ['clientId', 'clientSecret']
  if (flow === 'clientCredentials') return { prefilled: { type: 'oauth2', flow, tokenUrl }, asks }
  const { authorizationUrl } = scheme
  const provider = providerAt(authorizationUrl)
  if (provider !== null) return { prefilled: { type: 'oauth2', flow, provider }, asks: [] }
  return { prefilled: { type: 'oauth2', flow, authorizationUrl, tokenUrl }, asks }
}
