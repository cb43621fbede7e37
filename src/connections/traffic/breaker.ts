/**
 * A circuit breaker for one host. `closed` lets calls through and counts failures in a row; `open` refuses them until
 * the pause is over; then one call, the probe, finds out whether the host is back. Times in milliseconds since 1970.
 */
export type Breaker =
  | { status: 'closed'; failures: number; since: number }
  | { status: 'open'; until: number; pauseMs: number }
  | { status: 'probing'; probe: string; pauseMs: number }

/** So many failures in a row within the window open it; the pause doubles each time the probe fails. */
export const BREAKER = { failures: 5, windowMs: 60_000, pauseMs: 1000, maxPauseMs: 120_000 } as const

/** A breaker of which nothing bad is known. */
export const closed: Breaker = { status: 'closed', failures: 0, since: 0 }

/** What the breaker says of a call: `probe` may go if it is the only one. */
export function ask(breaker: Breaker, now: number): 'go' | 'probe' | 'wait' | { refuseMs: number } {
  switch (breaker.status) {
    case 'closed':
      return 'go'
    case 'open':
      return now < breaker.until ? { refuseMs: breaker.until - now } : 'probe'
    case 'probing':
      return 'wait'
    default:
      return breaker satisfies never
  }
}

/** Sends out the probe. */
export function sendProbe(breaker: Breaker, id: string): Breaker {
  return breaker.status === 'open' ? { status: 'probing', probe: id, pauseMs: breaker.pauseMs } : breaker
}

/** The breaker after the call `id` ended. What other calls than the probe say while it is not closed is old news. */
export function settle(breaker: Breaker, id: string, result: 'answered' | 'failed' | 'unknown', now: number): Breaker {
  if (breaker.status === 'probing' && breaker.probe === id) {
    const { pauseMs } = breaker
    if (result === 'answered') return closed
    // A probe that told nothing makes way for the next one.
    if (result === 'unknown') return { status: 'open', until: now, pauseMs }
    const longer = Math.min(BREAKER.maxPauseMs, pauseMs * 2)
    return { status: 'open', until: now + longer, pauseMs: longer }
  }
  if (breaker.status !== 'closed' || result === 'unknown') return breaker
  if (result === 'answered') return closed
  const recent = breaker.failures > 0 && now - breaker.since <= BREAKER.windowMs
  const failures = recent ? breaker.failures + 1 : 1
  if (failures < BREAKER.failures) return { status: 'closed', failures, since: recent ? breaker.since : now }
  return { status: 'open', until: now + BREAKER.pauseMs, pauseMs: BREAKER.pauseMs }
}
