/**
 * How long to wait before attempt `attempt + 1`, in milliseconds: exponential from `baseMs`, capped at `maxMs`,
 * with equal jitter (half fixed, half drawn by `random` in [0, 1)).
 */
export function backoff(attempt: number, random: number, baseMs = 500, maxMs = 30_000): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** (attempt - 1))
  return Math.round(ceiling / 2 + (ceiling / 2) * random)
}

/** Milliseconds asked for by a `Retry-After` header (RFC 9110, section 10.2.3), or null when it says nothing usable. */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}
