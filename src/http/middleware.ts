import { bodyLimit as honoBodyLimit } from 'hono/body-limit'
import { cors as honoCors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import { matchedRoutes } from 'hono/route'
import { secureHeaders as honoSecureHeaders } from 'hono/secure-headers'
import { loadConfig } from '../config.ts'
import { createWorld, type Caller } from '../context.ts'
import { AppError } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { createLog } from '../platform/log.ts'
import type { AppEnv } from './router.ts'

const REQUEST_ID = /^[\w.:-]{8,128}$/

/** The request id: the caller's if it is well formed, else a new one. It is on every response and in every log line. */
export function requestId() {
  return createMiddleware<AppEnv>(async function requestId(c, next) {
    const given = c.req.header('x-request-id')
    c.set('requestId', given && REQUEST_ID.test(given) ? given : newId('req'))
    await next()
    c.res.headers.set('X-Request-Id', c.var.requestId)
  })
}

/** One JSON line a request. The path is logged without its query, which may hold what a log must not. */
export function accessLog() {
  return createMiddleware<AppEnv>(async function accessLog(c, next) {
    const started = Date.now()
    await next()
    const log = createLog(c.env.LOG_LEVEL as 'info', { requestId: c.var.requestId })
    const { method, path } = c.req
    const principal = c.var.ctx?.actor.id
    const colo = c.req.raw.cf?.colo
    const fields = {
      method,
      // The pattern, for counting; the path, for finding.
      route: matchedRoutes(c).at(-1)?.path,
      path,
      status: c.res.status,
      ms: Date.now() - started,
      ...(principal ? { principal } : {}),
      ...(colo ? { colo } : {}),
    }
    if (c.res.status >= 500) log.error('request', fields)
    else log.info('request', fields)
  })
}

const HSTS = 'max-age=31536000; includeSubDomains'

/** Headers that keep browsers from guessing, framing and leaking; in production also from ever coming without TLS. */
export function securityHeaders() {
  const secureHeaders = (strictTransportSecurity: string | false) =>
    honoSecureHeaders({
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      strictTransportSecurity,
      xFrameOptions: 'DENY',
      referrerPolicy: 'no-referrer',
      permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
    })
  const [inProduction, elsewhere] = [secureHeaders(HSTS), secureHeaders(false)]
  return createMiddleware<AppEnv>(async function securityHeaders(c, next) {
    return c.env.ENVIRONMENT === 'production' ? inProduction(c, next) : elsewhere(c, next)
  })
}

/**
 * In production, refuses what came without TLS rather than redirect it: its key or cookie has been on the wire already,
 * and a caller who is redirected never notices. @throws AppError HTTPS_REQUIRED
 */
export function httpsOnly() {
  return createMiddleware<AppEnv>(async function httpsOnly(c, next) {
    if (c.env.ENVIRONMENT === 'production' && c.req.url.startsWith('http:'))
      throw new AppError('HTTPS_REQUIRED', 'This deployment answers https only.')
    await next()
  })
}

/** How long requests may take until their answer begins, in milliseconds; the first pattern that fits holds. */
const DEADLINES: readonly [RegExp, number][] = [
  [/^\/api\/(v1\/)?auth\//, 30_000],
  // Models are waited for, and runs as long as the caller asked.
  [/./, 120_000],
]

/** Ends the wait for an answer that does not come; what was begun goes on. @throws AppError REQUEST_TIMEOUT */
export function deadline(deadlines = DEADLINES) {
  return createMiddleware<AppEnv>(async function deadline(c, next) {
    const ms = deadlines.find(([pattern]) => pattern.test(c.req.path))?.[1] ?? 120_000
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new AppError('REQUEST_TIMEOUT', `There was no answer within ${ms / 1000} seconds.`)),
        ms,
      )
    })
    try {
      await Promise.race([next(), late])
    } finally {
      clearTimeout(timer)
    }
  })
}

const EXPOSED = [
  'X-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'Retry-After',
  'Content-Disposition',
]

/** Other origins may call only when ALLOWED_ORIGINS names them, and then with credentials. */
export function cors() {
  return createMiddleware<AppEnv>(async function cors(c, next) {
    const { allowedOrigins } = loadConfig(c.env)
    return honoCors({
      origin: (origin) => (allowedOrigins.includes(origin) ? origin : null),
      credentials: true,
      allowHeaders: ['Content-Type', 'Authorization', 'X-API-Key', 'X-Request-Id', 'Last-Event-ID'],
      exposeHeaders: EXPOSED,
      maxAge: 600,
    })(c, next)
  })
}

const UPLOAD_PATH = /^\/api\/(v1\/)?apis\/upload$/
// Reads its body as it comes in, whatever its type, and counts it then.
const BATCH_PATH = /^\/api\/(v1\/)?workflows\/[^/]+\/batch$/
const FORM_BYTES = 100_000
const SMALL_PATH = /^\/api\/(v1\/)?(auth|keys|members|invitations|workspaces?|admin)(\/|$)/
const SMALL_BYTES = 20_000

/**
 * A limit on request bodies, whether they say their length or not; an upload may be as large as a document may, and what
 * people type into forms is small.
 * @throws AppError BODY_TOO_LARGE
 */
export function bodyLimit(maxSize: number) {
  return createMiddleware<AppEnv>(async function bodyLimit(c, next) {
    if (BATCH_PATH.test(c.req.path)) return next()
    const usual = SMALL_PATH.test(c.req.path) ? Math.min(SMALL_BYTES, maxSize) : maxSize
    const most = UPLOAD_PATH.test(c.req.path) ? loadConfig(c.env).specMaxBytes + FORM_BYTES : usual
    const onError = () => {
      throw new AppError('BODY_TOO_LARGE', `The body has more than ${most} bytes.`)
    }
    return honoBodyLimit({ maxSize: most, onError })(c, next)
  })
}

/** A body of another type than JSON is refused before it is read, but for an upload; no body needs no type. */
export function jsonOnly() {
  return createMiddleware<AppEnv>(async function jsonOnly(c, next) {
    const type = c.req.header('content-type')
    if (UPLOAD_PATH.test(c.req.path)) {
      if (/^multipart\/form-data\b/i.test(type ?? '')) return next()
      throw new AppError(
        'UNSUPPORTED_MEDIA_TYPE',
        `The body is ${type ?? 'of no stated type'}; send multipart/form-data.`,
      )
    }
    if (BATCH_PATH.test(c.req.path)) return next()
    // Whether there is a body is what its length says: some servers hand an empty stream to a request without one.
    const untyped = type === undefined && Number(c.req.header('content-length') ?? 0) > 0
    if (untyped || (type !== undefined && !/^application\/([\w.-]+\+)?json\b/i.test(type)))
      throw new AppError('UNSUPPORTED_MEDIA_TYPE', `The body is ${type ?? 'of no stated type'}; send application/json.`)
    await next()
  })
}

/** Puts the world at `c.var.world`. @throws AppError MISCONFIGURED */
export function world() {
  return createMiddleware<AppEnv>(async function world(c, next) {
    c.set(
      'world',
      createWorld(c.env, c.var.requestId, (work) => c.executionCtx.waitUntil(work), callerOf(c.req.raw)),
    )
    await next()
  })
}

const MAX_USER_AGENT = 300

// Cloudflare sets the address itself and takes off what a caller wrote there.
function callerOf({ headers, url }: Request): Caller {
  const userAgent = headers.get('user-agent')?.slice(0, MAX_USER_AGENT) ?? null
  return { ip: headers.get('cf-connecting-ip'), userAgent, origin: new URL(url).origin }
}
