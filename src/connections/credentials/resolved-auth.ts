import type { AuthSettings } from '../auth-schema.ts'
import type { OpenCredential } from './credential.ts'

/** What a caller gave, parted: settings that may be shown, and a credential to be sealed. */
export type ResolvedAuth = {
  settings: AuthSettings
  credential: OpenCredential
  /** `not_connected` where somebody must consent first. */
  status: 'ready' | 'not_connected'
}
