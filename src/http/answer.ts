import { Hono, type Context } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { AppEnv } from './router.ts'

const HSTS = 'max-age=31536000; includeSubDomains'

type Headers = Readonly<Record<string, string>>

const policies: { production?: Headers; elsewhere?: Headers } = {}

/**
 * Headers that keep browsers from guessing, framing and leaking; in production also from ever coming without TLS. The
 * library is asked once an isolate: they are the same on every answer.
 */
export async function browserPolicy(environment: string): Promise<Headers> {
  const where = environment === 'production' ? 'production' : 'elsewhere'
  return (policies[where] ??= await readPolicy(where === 'production' ? HSTS : false))
}

async function readPolicy(strictTransportSecurity: string | false): Promise<Headers> {
  const app = new Hono().get(
    '/',
    secureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      strictTransportSecurity,
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
      permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
    }),
    (c) => c.body(null),
  )
  return Object.fromEntries((await app.request('/')).headers)
}

/**
 * Lets `c.json` make its response with all of `c.var.headers` at once. Each step into the runtime costs as much as the
 * headers of an answer together, so a response is neither made twice nor added to where that can be helped. A handler
 * that sets headers or a status by itself gets Hono's own response, and `completeAnswer` adds to it.
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
      : makeAnswer(c, JSON.stringify(data), status, 'application/json')
  c.json = atOnce as typeof c.json
}

/** A response that has all that answers have in common. */
export function makeAnswer(
  c: Context<AppEnv>,
  body: string,
  status: number,
  contentType: string,
  more: Headers = {},
): Response {
  const headers = { ...c.get('headers'), ...more, 'content-type': contentType }
  const response = new Response(body, { status, headers })
  c.set('answer', response)
  return response
}

/** Adds what answers have in common to one that was made without. */
export function completeAnswer(c: Context<AppEnv>): void {
  if (c.res === c.get('answer')) return
  const headers = c.get('headers')
  for (const name in headers) c.res.headers.set(name, headers[name] ?? '')
}
