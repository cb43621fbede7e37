import type { Sealed } from '../platform/vault.ts'
import type { AuthSettings } from './auth-schema.ts'

/** A connection as far as calling it goes. */
export type Upstream = {
  id: string
  workspaceId: string
  baseUrl: string
  /** Origins besides the base URL's that its operations are served from. */
  origins: readonly string[]
  authStatus: 'ready' | 'not_connected' | 'needs_reconnect'
  /** Why the grant is gone, in plain words. */
  authProblem: string | null
  auth: AuthSettings
  credential: Sealed | null
}
