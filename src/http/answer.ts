import type { Context } from 'hono'
import type { AppEnv } from './router.ts'

const JSON_TYPE = 'application/json'

/** What all answers have in common: JSON, and what keeps browsers from guessing, framing and leaking. */
const COMMON = new Headers({
  'content-type': JSON_TYPE,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
})

/** In production, browsers never come without TLS. */
const IN_PRODUCTION = new Headers([...COMMON, ['strict-transport-security', 'max-age=31536000; includeSubDomains']])

/**
 * Lets `c.json` make its response with all that an answer has: where that can be helped, a response is neither made twice
 * nor added to. A handler that sets headers by itself gets Hono's own response, and `completeAnswer` adds to it.
 */
export function answerAtOnce(c: Context<AppEnv>): void {
  const { header, json } = c
  let isOwn = false
  c.header = (...args: Parameters<typeof header>) => {
    isOwn = true
    return header(...args)
  }
  const atOnce = (data: object, status?: unknown, headers?: object) =>
    isOwn || headers !== undefined || typeof status !== 'number'
      ? json(data, status as never, headers as never)
      : makeAnswer(c, data, status)
  c.json = atOnce as typeof c.json
}

/**
 * A JSON response that has all that answers have in common and the headers of this one, and more or another type where
 * given. What is in common is copied whole, which costs a fraction of setting it one by one.
 */
export function makeAnswer(
  c: Context<AppEnv>,
  body: object,
  status: number,
  more?: Readonly<Record<string, string>>,
): Response {
  const response = new Response(JSON.stringify(body), { status, headers: commonOf(c) })
  const { headers } = response
  setAll(headers, c.get('headers'))
  if (more) setAll(headers, more)
  c.set('answer', response)
  return response
}

/** Adds to an answer that was made without what answers have in common, and its headers. */
export function completeAnswer(c: Context<AppEnv>): void {
  if (c.res === c.get('answer')) return
  const { headers } = c.res
  for (const [name, value] of commonOf(c)) if (name !== 'content-type') headers.set(name, value)
  setAll(headers, c.get('headers'))
}

function commonOf(c: Context<AppEnv>): Headers {
  return c.env.ENVIRONMENT === 'production' ? IN_PRODUCTION : COMMON
}

function setAll(headers: Headers, values: Readonly<Record<string, string>>): void {
  for (const name in values) headers.set(name, values[name] ?? '')
}
