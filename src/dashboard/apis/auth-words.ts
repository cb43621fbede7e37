import type { AuthSettings } from '../../connections/schema.ts'

/** How a connection authenticates, in words. */
export function authWords(auth: AuthSettings): string {
  switch (auth.type) {
    case 'none':
      return 'No authentication'
    case 'bearer':
      return 'Bearer token'
    case 'apiKey':
      return `API key in the ${auth.in === 'query' ? 'query' : 'header'} ${auth.name}`
    default:
      return auth satisfies never
  }
}
