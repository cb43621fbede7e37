import { Hono, type Context } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { AppEnv } from './router.ts'

const HSTS = 'max-age=31536000; includeSubDomains'
const JSON_TYPE = 'application/json'

const policies: { production?: Headers; elsewhere?: Headers } = {}

/**
 * The headers that every answer begins with: those that keep browsers from guessing, framing and leaking, in production
 * also from ever coming without TLS. The library is asked once an isolate. Copied whole they cost a request a fraction of
 * what they do one by one.
 */
export async function commonHeaders(environment: string): Promise<Headers> {
  const where = environment === 'production' ? 'production' : 'elsewhere'
  const policy = (policies[where] ??= await readPolicy(where === 'production' ? HSTS : false))
  return new Headers(policy)
}

async function readPolicy(strictTransportSecurity: string | false): Promise<Headers> {
  const policy = secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    strictTransportSecurity,
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
    // Of documents, which no answer is.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    // Of browsers and plug-ins that are gone.
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  })
  const { headers } = await new Hono().get('/', policy, (c) => c.json({})).request('/')
  headers.delete('content-length')
  headers.set('content-type', JSON_TYPE)
  return headers
}

/**
 * Lets `c.json` make its response with `c.var.headers` as they are: where that can be helped, a response is neither
 * made twice nor added to. A handler that sets headers by itself gets Hono's own response, and `completeAnswer` adds to it.
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

/** A JSON response that has all that answers have in common, and more or another type where given. */
export function makeAnswer(
  c: Context<AppEnv>,
  body: object,
  status: number,
  more: Record<string, string> = {},
): Response {
  const headers = c.get('headers')
  for (const name in more) headers.set(name, more[name] ?? '')
  const response = new Response(JSON.stringify(body), { status, headers })
  c.set('answer', response)
  return response
}

/** Adds what answers have in common to one that was made without. */
export function completeAnswer(c: Context<AppEnv>): void {
  if (c.res === c.get('answer')) return
  for (const [name, value] of c.get('headers')) if (name !== 'content-type') c.res.headers.set(name, value)
}
