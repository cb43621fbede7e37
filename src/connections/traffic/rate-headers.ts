import { retryAfter } from '../../lib/backoff.ts'
import type { AnswerHeaders } from '../../platform/answer-headers.ts'

/** One quota as an answer states it; several may hold at once, as one a second and one a day. Null: it does not say. */
export type Quota = {
  name: string
  limit: number | null
  remaining: number
  /** Until the quota is whole again, in milliseconds. */
  resetMs: number | null
  windowMs: number | null
}

/** What an answer says of how much more may be asked. */
export type RateSigns = { quotas: readonly Quota[]; retryAfterMs: number | null }

const DAY_MS = 24 * 60 * 60 * 1000
const SPANS = { second: 1000, minute: 60_000, hour: 3_600_000, day: DAY_MS } as const
// Numbers below are seconds to go, those above are points in time: seconds since 1970 have ten digits, milliseconds thirteen.
const EPOCH_SECONDS = 1e9
const EPOCH_MS = 1e11
// A clock that is off by less is as good as ours, as a Date header counts whole seconds.
const SKEW_MS = 5000
const MAX_CHARS = 2000

/**
 * Reads the rate limit headers in use: `Retry-After` (RFC 9110), `RateLimit` and `RateLimit-Policy` of the IETF's
 * draft-ietf-httpapi-ratelimit-headers in its current form and in those of its older versions, and `X-RateLimit-*` with
 * the spellings gateways give it. What cannot be read says nothing.
 */
export function readRateHeaders(headers: Pick<AnswerHeaders, 'get' | 'keys'>, now: number): RateSigns {
  const retryAfterMs = retryAfter(headers.get('retry-after'), now)
  // Most answers say nothing, and to ask for every spelling costs more than to look through the names once.
  if (!nameLimits(headers)) return { quotas: [], retryAfterMs }
  const quotas = [readItems, readDictionary, readTriples]
    .map((read) => read(headers, now))
    .find((found) => found.length > 0)
  return { quotas: quotas ?? [], retryAfterMs }
}

function nameLimits(headers: Pick<AnswerHeaders, 'keys'>): boolean {
  for (const name of headers.keys()) if (name.includes('ratelimit') || name.includes('rate-limit')) return true
  return false
}

type Item = { value: string; params: ReadonlyMap<string, string> }

/** `RateLimit: "default";r=50;t=30` beside `RateLimit-Policy: "default";q=100;w=60`. */
function readItems(headers: Pick<AnswerHeaders, 'get'>): Quota[] {
  const policies = parseList(headers.get('ratelimit-policy'))
  return parseList(headers.get('ratelimit')).flatMap(({ value, params }) => {
    const remaining = count(params.get('r'))
    const policy = policies.find((policy) => policy.value === value)?.params
    // Quotas may also count bytes or open connections, which say nothing of how many calls there may be.
    if (remaining === null || (policy?.get('qu') ?? 'requests') !== 'requests') return []
    const reset = seconds(params.get('t'))
    return [
      { name: value, limit: count(policy?.get('q')), remaining, resetMs: reset, windowMs: seconds(policy?.get('w')) },
    ]
  })
}

/** `RateLimit: limit=100, remaining=50, reset=5` beside `RateLimit-Policy: 100;w=60`. */
function readDictionary(headers: Pick<AnswerHeaders, 'get'>): Quota[] {
  const members = new Map(parseList(headers.get('ratelimit')).map(({ value }) => pair(value)))
  const remaining = count(members.get('remaining'))
  if (remaining === null) return []
  const limit = count(members.get('limit'))
  const windowMs = windowOf(headers.get('ratelimit-policy'), limit)
  return [{ name: 'default', limit, remaining, resetMs: seconds(members.get('reset')), windowMs }]
}

/** `RateLimit-Limit`, `-Remaining` and `-Reset`, with `X-` in front or not, of one window or of one per span. */
function readTriples(headers: Pick<AnswerHeaders, 'get'>, now: number): Quota[] {
  for (const prefix of ['ratelimit', 'x-ratelimit', 'x-rate-limit']) {
    const plain = readTriple(headers, now, prefix, '')
    const requests = readTriple(headers, now, prefix, '-requests')
    const spans = Object.entries(SPANS).flatMap(([span, windowMs]) =>
      readTriple(headers, now, prefix, `-${span}`).map((quota) => ({ ...quota, windowMs })),
    )
    const found = [...plain, ...requests, ...spans]
    if (found.length > 0) return found
  }
  return []
}

function readTriple(headers: Pick<AnswerHeaders, 'get'>, now: number, prefix: string, suffix: string): Quota[] {
  const remaining = count(headers.get(`${prefix}-remaining${suffix}`)?.split(',')[0])
  if (remaining === null) return []
  const stated = headers.get(`${prefix}-limit${suffix}`)
  const limit = count(stated?.split(/[,;]/)[0])
  const after = headers.get(`${prefix}-reset-after${suffix}`)
  const reset = after === null ? headers.get(`${prefix}-reset${suffix}`) : after
  return [
    {
      name: suffix || 'default',
      limit,
      remaining,
      resetMs: readReset(reset, headers.get('date'), now),
      windowMs: windowOf(stated, limit),
    },
  ]
}

/** When a quota is whole again: seconds to go, a point in time by number or by date, or a span such as `6m0s`. */
function readReset(text: string | null, date: string | null, now: number): number | null {
  const value = text?.trim() ?? ''
  if (value === '') return null
  const number = Number(value)
  if (Number.isNaN(number)) return readSpan(value) ?? bounded(fromClock(Date.parse(value), date, now))
  if (number < EPOCH_SECONDS) return bounded(number * 1000)
  return bounded(fromClock(number < EPOCH_MS ? number * 1000 : number, date, now))
}

/** The API's clock may be wrong; its own Date header says by how much. */
function fromClock(at: number, date: string | null, now: number): number {
  const skew = Date.parse(date ?? '') - now
  return at - (Math.abs(skew) > SKEW_MS ? now + skew : now)
}

function readSpan(text: string): number | null {
  if (!/^(\d+(\.\d+)?(ms|[smhd]))+$/.test(text)) return null
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY_MS }
  const parts = [...text.matchAll(/([\d.]+)(ms|[smhd])/g)]
  return bounded(parts.reduce((sum, [, value, unit]) => sum + Number(value) * (units[unit ?? ''] ?? 0), 0))
}

/** The window of the policy that has this limit: `100;w=60`, or the second item of `100, 100;w=60`. */
function windowOf(policy: string | null, limit: number | null): number | null {
  const items = parseList(policy).filter(({ params }) => params.has('w'))
  const item = items.find(({ value }) => count(value) === limit) ?? (items.length === 1 ? items[0] : undefined)
  return seconds(item?.params.get('w'))
}

/** A list of structured fields (RFC 9651), as far as rate limits use them: items with parameters, quotes taken off. */
function parseList(text: string | null): Item[] {
  return split((text ?? '').slice(0, MAX_CHARS), ',').map((item) => {
    const [value = '', ...params] = split(item, ';')
    return { value: unquote(value), params: new Map(params.map(pair)) }
  })
}

/** Splits at a mark outside quotes. */
function split(text: string, mark: string): string[] {
  const parts = text.match(mark === ',' ? /(?:"(?:\\.|[^"\\])*"|[^",])+/g : /(?:"(?:\\.|[^"\\])*"|[^";])+/g) ?? []
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function pair(text: string): [string, string] {
  const at = text.indexOf('=')
  return at === -1 ? [text.trim(), ''] : [text.slice(0, at).trim().toLowerCase(), unquote(text.slice(at + 1).trim())]
}

function unquote(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, '$1') : text
}

function count(text: string | null | undefined): number | null {
  const value = text?.trim() ?? ''
  // Some count below nothing, or in tenths.
  return /^-?\d{1,15}(\.\d+)?$/.test(value) ? Math.max(0, Math.floor(Number(value))) : null
}

function seconds(text: string | null | undefined): number | null {
  const value = text?.trim() ?? ''
  return /^\d{1,12}(\.\d+)?$/.test(value) ? bounded(Number(value) * 1000) : null
}

function bounded(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.min(DAY_MS, Math.max(0, ms))
}
