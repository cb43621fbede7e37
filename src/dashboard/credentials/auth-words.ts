import type { AuthSettings } from '../../connections/auth-schema.ts'

/** How a connection authenticates, in words. */
export function authWords(auth: AuthSettings): string {
  switch (auth.type) {
    case 'none':
      return 'No authentication'
    case 'bearer':
      return 'Bearer token'
    case 'basic':
      return `User name ${auth.username} and a password`
    case 'apiKey':
      return `API key in the ${auth.in} ${auth.name}`
    case 'oauth2':
      return auth.flow === 'clientCredentials' ? `OAuth client ${auth.clientId}` : 'OAuth sign-in'
    case 'serviceAccount':
      return `Service account ${auth.issuer}`
    case 'custom':
      return `Header ${Object.keys(auth.headers).join(', ')}`
    default:
      return auth satisfies never
  }
}
