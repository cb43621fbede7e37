import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { recordRefusal } from '../audit/refusals.ts'
import type { Config } from '../config.ts'
import type { Principal, Standing, World } from '../context.ts'
import { AppError } from '../errors.ts'
import type { AppEnv } from '../http/env.ts'
import { admitAtOnce, type Admitted, authenticateKey, tokenFrom } from '../keys/authenticate.ts'
import { countAddress, unidentified } from '../limits/address.ts'
import { admit, limitHeaders, purseOf } from '../limits/admit.ts'
import type { Rate } from '../limits/ledger.ts'
import { authenticateSession } from './session.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Finds out who calls (API key or session cookie), counts the call against their limits, as `cost` requests, and puts the
 * context of the verbs behind it at `c.var.ctx`.
 * @throws AppError UNAUTHENTICATED, AMBIGUOUS_CREDENTIALS, CROSS_SITE_REQUEST, IP_NOT_ALLOWED, RATE_LIMITED, QUOTA_EXCEEDED.
 */
export function authenticate({ cost = 1 }: { cost?: number } = {}) {
  return createMiddleware<AppEnv>(async function authenticate(c, next) {
    const world = c.get('world')
    const token = tokenFrom(c.req.raw.headers)
    const { principal, standing } =
      (token && admitAtOnce(world, token, cost)) || (await identify(world, token, c.req.raw, cost))
    const ctx = { ...world, actor: principal, log: world.log.child({ principal: principal.id }) }
    c.set('ctx', ctx)
    c.set('standing', standing)
    Object.assign(c.get('headers'), limitHeaders(standing))
    await next()
    if (isRefusal(c.error)) recordRefusal(ctx, c.error, `${c.req.method} ${c.req.path}`)
  })
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && (error.status === 403 || error.code === 'TOO_MANY_ATTEMPTS')
}

function identify(world: World, token: string | null, request: Request, cost: number): Promise<Admitted> {
  return token ? authenticateKey(world, token, cost) : identifyPerson(world, request, cost)
}

async function identifyPerson(world: World, request: Request, cost: number): Promise<Admitted> {
  const principal = await authenticateSession(world, request.headers)
  if (!principal) throw await unidentified(world, new AppError('UNAUTHENTICATED', 'API key required'))
  try {
    // Browsers open WebSockets to any origin and send cookies along; CORS does not ask them.
    if (!SAFE.has(request.method) || isUpgrade(request)) requireSameSite(world.config, request)
    return { principal, standing: await admitPerson(world, principal, cost) }
  } catch (error) {
    recordRefusal({ ...world, actor: principal }, error, principal.id)
    throw error
  }
}

/** All browsers of a person count together. */
async function admitPerson(world: World, { userId, workspaceId, limits }: Principal, cost: number): Promise<Standing> {
  const rate: Rate = { of: `user:${userId}`, limit: limits.requestsPerMinute, span: 60 }
  const purse = purseOf(workspaceId, rate)
  const standing = await admit(world, { workspaceId, source: 'people', rates: [rate], purse, revision: Infinity }, cost)
  if (!standing) throw new Error('the limiter called a session out of date')
  return standing
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

/**
 * For routes that ask for no identity: counts the request against the address it came from. Those that set or clear a
 * cookie take it from the `sameSite` alone.
 * @throws AppError RATE_LIMITED, CROSS_SITE_REQUEST
 */
export function anybody({ sameSite = false }: { sameSite?: boolean } = {}) {
  return createMiddleware<AppEnv>(async function anybody(c, next) {
    await countAnybody(c)
    if (sameSite) requireSameSite(c.var.world.config, c.req.raw)
    await next()
  })
}

/** As `anybody`, where there is no route. @throws AppError RATE_LIMITED */
export async function countAnybody(c: Context<AppEnv>): Promise<void> {
  Object.assign(c.get('headers'), await countAddress(c.get('world')))
}

function isSameOriginFetch(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site === null || site === 'same-origin' || site === 'none'
}
