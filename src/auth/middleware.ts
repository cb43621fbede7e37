import { createMiddleware } from 'hono/factory'
import type { Config } from '../config.ts'
import type { Principal, World } from '../context.ts'
import { AppError } from '../errors.ts'
import type { AppEnv } from '../http/router.ts'
import { authenticateKey, tokenFrom } from '../keys/authenticate.ts'
import { askLimiter, type Admission } from '../limits/rate-limiter.ts'
import { authenticateSession } from './session.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Finds out who calls (API key or session cookie), counts the call against their limit, and puts the context of the
 * verbs behind it at `c.var.ctx`.
 * @throws AppError UNAUTHENTICATED, AMBIGUOUS_CREDENTIALS, CROSS_SITE_REQUEST, RATE_LIMITED.
 */
export function authenticate() {
  return createMiddleware<AppEnv>(async function authenticate(c, next) {
    const { world } = c.var
    const principal = await identify(world, c.req.raw)
    const limit = principal.limits.requestsPerMinute
    const admission = await askLimiter(c.env, `${principal.kind}:${principal.id}`, limit)
    if (admission.revoked) throw new AppError('UNAUTHENTICATED', 'API key revoked')
    const headers = limitHeaders(admission)
    if (!admission.allowed)
      throw new AppError('RATE_LIMITED', `Rate limit exceeded: ${limit} requests per minute`, {
        headers: { ...headers, 'Retry-After': String(admission.resetSeconds) },
      })
    c.set('ctx', { ...world, actor: principal, log: world.log.child({ principal: principal.id }) })
    await next()
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
  })
}

async function identify(world: World, request: Request): Promise<Principal> {
  const token = tokenFrom(request.headers)
  if (token) return authenticateKey(world.env, world.db, token, world.now())
  const principal = await authenticateSession(world, request.headers)
  if (!principal) throw new AppError('UNAUTHENTICATED', 'API key required')
  // Browsers open WebSockets to any origin and send cookies along; CORS does not ask them.
  if (!SAFE.has(request.method) || isUpgrade(request)) requireSameSite(world.config, request)
  return principal
}

function isUpgrade(request: Request): boolean {
  return request.headers.has('upgrade')
}

/** Browsers send cookies along from any page, so a change by cookie must come from our own pages or an allowed origin. */
export function requireSameSite(config: Config, request: Request): void {
  const origin = request.headers.get('origin')
  const own = new URL(request.url).origin
  if (origin ? origin === own || config.allowedOrigins.includes(origin) : isSameOriginFetch(request)) return
  throw new AppError('CROSS_SITE_REQUEST', `A request with a session cookie must come from ${own}.`)
}

/** For routes that set or clear a cookie without asking for one. */
export function sameSite() {
  return createMiddleware<AppEnv>(async function sameSite(c, next) {
    requireSameSite(c.var.world.config, c.req.raw)
    await next()
  })
}

function isSameOriginFetch(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site === null || site === 'same-origin' || site === 'none'
}

/** Limits as the IETF draft writes them, and as older clients read them. */
function limitHeaders({ limit, remaining, resetSeconds }: Admission): Record<string, string> {
  return {
    RateLimit: `"default";r=${remaining};t=${resetSeconds}`,
    'RateLimit-Policy': `"default";q=${limit};w=60`,
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': String(remaining),
    'X-RateLimit-Reset': String(resetSeconds),
  }
}
