import type { Context, Next } from 'hono'
import { cors } from 'hono/cors'
import { createMiddleware } from 'hono/factory'
import { loadConfig } from '../config.ts'
import { createWorld, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { alarmOnDemand } from '../platform/alarm-clock.ts'
import type { SetAlarm } from '../platform/deadline.ts'
import { accessLine } from './access-log.ts'
import { answerAtOnce, completeAnswer } from './answer.ts'
import { bodyRules } from './body-rules.ts'
import { RequestCaller } from './caller.ts'
import { deadlineOf, inTime } from './deadline.ts'
import type { AppEnv } from './env.ts'
import { answerProblem } from './problem.ts'

const REQUEST_ID = /^[\w.:-]{8,128}$/

/** What holds for the requests below a path. */
export type Reception = {
  path: string
  /** The most bytes of a body, where no narrower rule holds. */
  maxBodyBytes: number
  /** Whether bodies are JSON, but for uploads. */
  json: boolean
  /** Done before the request goes on. */
  prepare?: (world: World) => Promise<void> | null
  /** Done after a request that may have changed something, before it is answered. */
  changed?: (c: Context<AppEnv>) => Promise<void>
}

/**
 * Everything between the network and a route: request id, headers, TLS, CORS, deadline, body rules, the world at
 * `c.var.world`, one line of the log. One middleware, for each costs a request as much as all that this one does.
 */
export function edge(receptions: readonly Reception[]) {
  return createMiddleware<AppEnv>(async function edge(c, next) {
    const started = Date.now()
    const given = c.req.raw.headers.get('x-request-id')
    const requestId = given !== null && REQUEST_ID.test(given) ? given : newId('req', started)
    c.set('requestId', requestId)
    c.set('headers', { 'X-Request-Id': requestId })
    answerAtOnce(c)
    try {
      await receive(c, next, receptions)
    } catch (error) {
      c.res = answerProblem(c, error)
    }
    completeAnswer(c)
    accessLine(c, started)
  })
}

/** Lets a request in, and waits no more than it must: what this and `pass` do, most requests have done at once. */
function receive(c: Context<AppEnv>, next: Next, receptions: readonly Reception[]): Promise<void> {
  requireTls(c)
  const { path, method } = c.req
  const reception = receptions.find((each) => path.startsWith(each.path))
  const setAlarm = alarmOnDemand()
  const goOn = () => inTime(() => pass(c, next, reception, setAlarm), deadlineOf(path), setAlarm)
  if (method === 'OPTIONS' || c.req.raw.headers.has('origin')) return shareWithOrigins(c, () => answered(c, goOn))
  c.get('headers')['Vary'] = 'Origin'
  return goOn()
}

/** Goes on, and answers what is thrown: a refusal is shared with other origins as an answer is. */
async function answered(c: Context<AppEnv>, goOn: Next): Promise<void> {
  try {
    await goOn()
  } catch (error) {
    c.res = answerProblem(c, error)
  }
}

function pass(c: Context<AppEnv>, next: Next, reception: Reception | undefined, setAlarm: SetAlarm): Promise<void> {
  if (!reception) return next()
  const defer = (work: Promise<unknown>) => c.executionCtx.waitUntil(work)
  const world = createWorld(c.env, c.get('requestId'), defer, new RequestCaller(c.req.raw), setAlarm)
  c.set('world', world)
  const prepared = reception.prepare?.(world)
  return prepared || !hasNoBody(c) ? passPrepared(c, next, reception, prepared) : next()
}

async function passPrepared(
  c: Context<AppEnv>,
  next: Next,
  reception: Reception,
  prepared: Promise<void> | null | undefined,
): Promise<void> {
  await prepared
  if (hasNoBody(c)) return next()
  await bodyRules(c, next, reception)
  await reception.changed?.(c)
}

function hasNoBody({ req }: Context<AppEnv>): boolean {
  return req.method === 'GET' || req.method === 'HEAD'
}

/**
 * In production, refuses what came without TLS rather than redirect it: its key or cookie has been on the wire already,
 * and a caller who is redirected never notices. @throws AppError HTTPS_REQUIRED
 */
function requireTls(c: Context<AppEnv>): void {
  if (c.env.ENVIRONMENT === 'production' && c.req.url.startsWith('http:'))
    throw new AppError('HTTPS_REQUIRED', 'This deployment answers https only.')
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

/**
 * Other origins may call only when ALLOWED_ORIGINS names them, and then with credentials; what they may know without a
 * route is answered here.
 */
async function shareWithOrigins(c: Context<AppEnv>, goOn: Next): Promise<void> {
  const { allowedOrigins } = loadConfig(c.env)
  const early = await cors({
    origin: (origin) => (allowedOrigins.includes(origin) ? origin : null),
    credentials: true,
    allowHeaders: ['Content-Type', 'Authorization', 'X-API-Key', 'X-Request-Id', 'Last-Event-ID'],
    exposeHeaders: EXPOSED,
    maxAge: 600,
  })(c, goOn)
  if (early) c.res = early
}
