/**
 * How long to wait before attempt `attempt + 1`, in milliseconds: exponential from `baseMs`, capped at `maxMs`,
 * with equal jitter (half fixed, half drawn by `random` in [0, 1)).
 */
export function backoff(attempt: number, random: number, baseMs = 500, maxMs = 30_000): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** (attempt - 1))
  return Math.round(ceiling / 2 + (ceiling / 2) * random)
}

const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000
// The three forms of an HTTP date (RFC 9110, section 5.6.7); of the last one only the context says that it is UTC.
const HTTP_DATE =
  /^(?:[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT|[A-Z][a-z]{5,8}, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT)$/
const ASCTIME_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/

/**
 * Milliseconds asked for by a `Retry-After` header (RFC 9110, section 10.2.3), at most a day, or null when it says
 * nothing usable.
 */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  const text = header.trim()
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : parseHttpDate(text) - now
  return Number.isNaN(wait) ? null : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, wait))
}

function parseHttpDate(text: string): number {
  if (ASCTIME_DATE.test(text)) return Date.parse(`${text} GMT`)
  return HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN
}
