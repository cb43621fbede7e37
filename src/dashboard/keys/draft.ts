import type { NewKey } from '../../keys/schema.ts'

/** What a form holds of a key that is to be made. */
export type Draft = {
  name: string
  scopes: NewKey['scopes']
  /** Days until it expires; none is never. */
  days: string
  requestsPerMinute: string
  allowedIps: string
}

/** What a new form holds. */
export const newDraft: Draft = { name: '', scopes: ['read'], days: '90', requestsPerMinute: '', allowedIps: '' }

/** What each scope lets a key do. */
export const SCOPES = [
  ['read', 'Look at everything in the workspace'],
  ['write', 'Connect APIs, plan, change workflows'],
  ['execute', 'Run workflows and try operations'],
  ['admin', 'Manage keys, credentials and limits'],
] as const

const DAY_MS = 86_400_000

/** The key that a form asks for. */
export function toNewKey({ name, scopes, days, requestsPerMinute, allowedIps }: Draft): NewKey {
  const networks = allowedIps.split(/[\s,]+/).filter(Boolean)
  return {
    name,
    scopes,
    ...(days && { expiresAt: new Date(Date.now() + Number(days) * DAY_MS).toISOString() }),
    ...(requestsPerMinute && { requestsPerMinute: Number(requestsPerMinute) }),
    ...(networks.length > 0 && { allowedIps: networks }),
  }
}
