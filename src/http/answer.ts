import type { Context } from 'hono'
import type { AppEnv } from './env.ts'

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
 * given. It is made after a model that has them already: a response that is copied takes its headers along for half of
 * what handing them over costs, and most of them are those of the answer before.
 */
export function makeAnswer(
  c: Context<AppEnv>,
  body: object,
  status: number,
  more?: Readonly<Record<string, string>>,
): Response {
  const own = c.get('headers')
  const model = modelOf(commonOf(c), status, more ? { ...own, ...more } : own)
  const response = new Response(JSON.stringify(body), model)
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

/** A response without a body, and the headers that it has besides those in common. */
type Model = { response: Response; headers: Headers; own: Record<string, string> }

/** By what is in common and by status. */
const models = new Map<Headers, Map<number, Model>>()

/** A response to be copied at once: the next answer changes it. */
function modelOf(common: Headers, status: number, own: Readonly<Record<string, string>>): Response {
  let byStatus = models.get(common)
  if (!byStatus) models.set(common, (byStatus = new Map()))
  let model = byStatus.get(status)
  // Names that are not told this time must be gone; there is no knowing which headers stood below them.
  if (!model || !hasSameNames(model.own, own)) {
    const response = new Response(null, { status, headers: common })
    byStatus.set(status, (model = { response, headers: response.headers, own: {} }))
  }
  for (const name in own) {
    const value = own[name] ?? ''
    if (model.own[name] === value) continue
    model.headers.set(name, value)
    model.own[name] = value
  }
  return model.response
}

function hasSameNames(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  let names = 0
  for (const name in one) {
    if (other[name] === undefined) return false
    names++
  }
  for (const _ in other) names--
  return names === 0
}

function setAll(headers: Headers, values: Readonly<Record<string, string>>): void {
  for (const name in values) headers.set(name, values[name] ?? '')
}
