import type { ApiKey, KeyEdit, KeyRenewal, NewKey } from '../../keys/schema.ts'

/** What a form holds of a key that is to be made. */
export type Draft = {
  name: string
  scopes: NewKey['scopes']
  /** Days until it expires; none is never, `UNCHANGED` is as it was. */
  days: string
  requestsPerMinute: string
  /** Empty: no limit of its own. */
  requestsPerDay: string
  allowedIps: string
}

/** What a new form holds. */
export const newDraft: Draft = {
  name: '',
  scopes: ['read'],
  days: '90',
  requestsPerMinute: '',
  requestsPerDay: '',
  allowedIps: '',
}

/** In place of days: a key expires when it did until now. */
export const UNCHANGED = 'unchanged'

/** A key as it stands, to be changed. */
export function draftOf({ name, scopes, requestsPerMinute, requestsPerDay, allowedIps }: ApiKey): Draft {
  return {
    name,
    scopes,
    days: UNCHANGED,
    requestsPerMinute: String(requestsPerMinute),
    requestsPerDay: requestsPerDay === null ? '' : String(requestsPerDay),
    allowedIps: allowedIps?.join(', ') ?? '',
  }
}

/** What each scope lets a key do. */
export const SCOPES = [
  ['read', 'Look at everything in the workspace'],
  ['write', 'Connect APIs, plan, change workflows'],
  ['execute', 'Run workflows and try operations'],
  ['admin', 'Manage keys, credentials and limits'],
] as const

const DAY_MS = 86_400_000

/** The key that a form asks for. */
export function toNewKey(draft: Draft): NewKey {
  const { name, scopes, requestsPerMinute, requestsPerDay } = draft
  const expiresAt = expiryOf(draft)
  const allowedIps = networksOf(draft)
  return {
    name,
    scopes,
    ...(expiresAt !== null && { expiresAt }),
    ...(requestsPerMinute && { requestsPerMinute: Number(requestsPerMinute) }),
    ...(requestsPerDay && { requestsPerDay: Number(requestsPerDay) }),
    ...(allowedIps.length > 0 && { allowedIps }),
  }
}

/** The changes that a form asks for; `renewal` is null where the key expires as it did. */
export function toKeyEdit(draft: Draft): { edit: KeyEdit; renewal: KeyRenewal | null } {
  const { name, scopes, requestsPerMinute, requestsPerDay, days } = draft
  const allowedIps = networksOf(draft)
  const edit = {
    name,
    scopes,
    allowedIps: allowedIps.length > 0 ? allowedIps : null,
    requestsPerDay: requestsPerDay ? Number(requestsPerDay) : null,
    ...(requestsPerMinute && { requestsPerMinute: Number(requestsPerMinute) }),
  }
  return { edit, renewal: days === UNCHANGED ? null : { expiresAt: expiryOf(draft) } }
}

function expiryOf({ days }: Draft): string | null {
  return days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString()
}

function networksOf({ allowedIps }: Draft): string[] {
  return allowedIps.split(/[\s,]+/).filter(Boolean)
}
