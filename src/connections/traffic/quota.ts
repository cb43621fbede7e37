import type { Quota } from './rate-headers.ts'

/**
 * What is known of a quota in its present window. `floor` is the least that an answer said is left, and what ended
 * without saying anything is `unseen`; so what is left is at least `floor` less `unseen` less the calls in flight,
 * however answers overtake each other. `resetAt` is null from the end of one window until something tells the end of the
 * next, and `guessed` where that was no answer; `since` is when this window was first reckoned with; `spanMs` is the
 * longest that one was seen to last.
 * Times in milliseconds since 1970.
 */
export type QuotaState = {
  limit: number | null
  floor: number
  unseen: number
  resetAt: number | null
  guessed: boolean
  since: number
  spanMs: number
}

const SCARCE_SHARE = 0.2
const SCARCE_CALLS = 30
const UNKNOWN_RESET_MS = 1000

/** Whether so little is left that callers have to share it out: under a fifth, or a handful. */
export function isScarce(left: number, limit: number | null): boolean {
  return left < Math.max(SCARCE_CALLS, (limit ?? 0) * SCARCE_SHARE)
}

/** Whether a call may take from the quota. Where nobody knows when it is whole again, one call at a time finds out. */
export function hasRoom({ floor, unseen, resetAt }: QuotaState, inFlight: number): boolean {
  return floor - unseen - inFlight > 0 || (resetAt === null && inFlight === 0)
}

/** The quota once its window is over: whole; null where nobody said how much whole is. */
export function renew(quota: QuotaState, now: number): QuotaState | null {
  if (quota.resetAt === null || now < quota.resetAt) return quota
  if (quota.limit === null) return null
  return { ...quota, floor: quota.limit, unseen: 0, resetAt: null, guessed: false, since: now }
}

/** The quota after an answer; `sentAt` is when the answered call left, null where that is not known. */
export function learn(
  known: QuotaState | undefined,
  said: Quota,
  sentAt: number | null,
  now: number,
): QuotaState | undefined {
  // Of a window that is over. The call may count in the new one all the same, where it arrived late.
  if (known && sentAt !== null && sentAt < known.since) return missed(known, now)
  if (said.resetMs === 0) return known
  const told = Math.max(said.resetMs ?? 0, said.windowMs ?? 0)
  const resetAt = now + (said.resetMs ?? said.windowMs ?? UNKNOWN_RESET_MS)
  const limit = told === 0 ? null : (said.limit ?? known?.limit ?? null)
  if (!known)
    return { limit, floor: said.remaining, unseen: 0, resetAt, guessed: false, since: sentAt ?? now, spanMs: told }
  return {
    ...known,
    limit,
    floor: Math.min(known.floor, said.remaining),
    resetAt: known.guessed ? resetAt : Math.max(known.resetAt ?? 0, resetAt),
    guessed: false,
    spanMs: Math.max(known.spanMs, told),
  }
}

/**
 * The quota after a call that ended without saying anything of it: it may have counted, and been the first of a window
 * that lasts from now at the latest.
 */
export function missed(known: QuotaState, now: number): QuotaState {
  const unseen = known.unseen + 1
  if (known.resetAt !== null && !known.guessed) return { ...known, unseen }
  return { ...known, unseen, resetAt: Math.max(known.resetAt ?? 0, now + known.spanMs), guessed: true }
}
