import type { AuthSettings } from '../../connections/schema.ts'

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
    default:
      return auth satisfies never
  }
}
