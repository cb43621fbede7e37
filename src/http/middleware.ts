import { bodyLimit as honoBodyLimit } from 'hono/body-limit'
import { cors as honoCors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
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
    const fields = { method, path, status: c.res.status, ms: Date.now() - started, ...(principal ? { principal } : {}) }
    if (c.res.status >= 500) log.error('request', fields)
    else log.info('request', fields)
  })
}

/** Headers that keep browsers from guessing, framing and leaking; HSTS is heeded over https only (RFC 6797, section 7.2). */
export function securityHeaders() {
  return honoSecureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    strictTransportSecurity: 'max-age=31536000; includeSubDomains',
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
    permissionsPolicy: { camera: [], microphone: [], geolocation: [] },
  })
}

/** Other origins may call only when ALLOWED_ORIGINS names them, and then with credentials. */
export function cors() {
  return createMiddleware<AppEnv>(async function cors(c, next) {
    const { allowedOrigins } = loadConfig(c.env)
    return honoCors({
      origin: (origin) => (allowedOrigins.includes(origin) ? origin : null),
      credentials: true,
      allowHeaders: ['Content-Type', 'Authorization', 'X-API-Key', 'X-Request-Id', 'Last-Event-ID'],
      exposeHeaders: ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After'],
      maxAge: 600,
    })(c, next)
  })
}

const UPLOAD_PATH = /^\/api\/(v1\/)?apis\/upload$/
// Reads its body as it comes in, whatever its type, and counts it then.
const BATCH_PATH = /^\/api\/(v1\/)?workflows\/[^/]+\/batch$/
const FORM_BYTES = 100_000

/**
 * A limit on request bodies, whether they say their length or not; an upload may be as large as a document may.
 * @throws AppError BODY_TOO_LARGE
 */
export function bodyLimit(maxSize: number) {
  return createMiddleware<AppEnv>(async function bodyLimit(c, next) {
    if (BATCH_PATH.test(c.req.path)) return next()
    const most = UPLOAD_PATH.test(c.req.path) ? loadConfig(c.env).specMaxBytes + FORM_BYTES : maxSize
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
