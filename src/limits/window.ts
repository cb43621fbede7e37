/** Requests counted by second; index 0 of a pair is the second, 1 the count. Oldest first. */
export type Window = readonly (readonly [second: number, count: number])[]

/** What a limiter says of one request. */
export type Verdict = { allowed: boolean; limit: number; remaining: number; resetSeconds: number }

const LENGTH_SECONDS = 60

/**
 * Counts one request against a sliding window of a minute. Seconds are kept whole until the last moment of theirs has
 * left the window, so no 60 seconds ever see more than `limit`; the price is that room comes back up to a second late.
 */
export function admit(window: Window, limit: number, now: number): { window: Window; verdict: Verdict } {
  const second = Math.floor(now / 1000)
  const live = window.filter(([at]) => at > second - LENGTH_SECONDS - 1)
  const used = live.reduce((sum, [, count]) => sum + count, 0)
  const oldest = live[0]?.[0] ?? second
  const resetSeconds = Math.max(1, oldest + LENGTH_SECONDS + 1 - second)
  if (used >= limit) return { window: live, verdict: { allowed: false, limit, remaining: 0, resetSeconds } }
  const last = live.at(-1)
  const next: Window =
    last && last[0] === second ? [...live.slice(0, -1), [second, last[1] + 1]] : [...live, [second, 1]]
  return { window: next, verdict: { allowed: true, limit, remaining: limit - used - 1, resetSeconds } }
}
