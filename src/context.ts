import { loadConfig, type Config } from './config.ts'
import { AppError } from './errors.ts'
import { alarmOnDemand } from './platform/alarm-clock.ts'
import { openDb, type Db } from './platform/db.ts'
import type { SetAlarm } from './platform/deadline.ts'
import { createLog, type Log } from './platform/log.ts'

/** What an API key or a session may do. */
export type Scope = 'read' | 'write' | 'execute' | 'admin'

/** How often a caller may call. */
export type Limits = { requestsPerMinute: number }

/** What a workspace has been given. */
export type Tier = 'free' | 'pro' | 'enterprise'

/** Of a limit: how much of it is left, and in how many seconds more of it is. */
export type Room = {
  /** What is limited: a key, a person, the workspace. */
  of: string
  /** Infinity where only a count is kept. */
  limit: number
  /** Seconds that slide with the clock, or the calendar month. */
  span: number | 'month'
  remaining: number
  resetSeconds: number
}

/** Where an admitted caller stands with each of its limits, its own first. */
export type Standing = { tier: Tier; rooms: readonly Room[] }

/** Who is asking, however they came in; nothing behind the edge tells a session from a key. */
export type Principal = {
  kind: 'session' | 'key' | 'system'
  /** The session or key itself, for logs and limits. */
  id: string
  userId: string
  workspaceId: string
  role: 'USER' | 'ADMIN' | 'AUDITOR'
  scopes: readonly Scope[]
  limits: Limits
}

/** Where a request came from, as far as the edge knows. */
export type Caller = {
  ip: string | null
  userAgent: string | null
  /** Scheme and host that the request was sent to. */
  origin: string | null
}

const NOBODY: Caller = { ip: null, userAgent: null, origin: null }

/** What serves a request whoever sent it: the settings, and everything outside that may be touched. */
export type World = {
  config: Config
  env: Env
  db: Db
  requestId: string
  caller: Caller
  /** Milliseconds since 1970. */
  now: () => number
  fetch: typeof fetch
  /** Sets an alarm for the time limit of a call. */
  setAlarm: SetAlarm
  /** Controllers of calls that are over, for those to come. They belong to one request or object, as timers do. */
  spareControllers: AbortController[]
  log: Log
  /** Work that may outlive the response. */
  defer: (work: Promise<unknown>) => void
}

/** What every verb gets: the world, and who acts in it, with the IANA time zone of their clocks where they said it. */
export type Ctx = World & { actor: Principal; timeZone?: string }

// Asked for by name each time, for it may be replaced.
const fetchOutside: typeof fetch = (input, init) => fetch(input, init)

/**
 * The world of one request, queue message or run; only a request has a caller. `setAlarm` shares the timer that somebody
 * around it has. @throws AppError MISCONFIGURED
 */
export function createWorld(
  env: Env,
  requestId: string,
  defer: World['defer'],
  caller: Caller = NOBODY,
  setAlarm: SetAlarm = alarmOnDemand(),
): World {
  const config = loadConfig(env)
  return {
    config,
    env,
    db: openDb(env.DB),
    requestId,
    caller,
    now: Date.now,
    fetch: fetchOutside,
    setAlarm,
    spareControllers: [],
    log: createLog(config.logLevel, { requestId }),
    defer,
  }
}

/** The context of work nobody asked for just now: a seed, a schedule, a run carrying on. */
export function systemCtx(world: World, workspaceId: string, userId: string): Ctx {
  const limits = { requestsPerMinute: 0 }
  const scopes: Scope[] = ['read', 'write', 'execute', 'admin']
  return { ...world, actor: { kind: 'system', id: 'system', userId, workspaceId, role: 'USER', scopes, limits } }
}

/** @throws AppError FORBIDDEN unless the actor holds the scope. */
export function requireScope(ctx: Ctx, scope: Scope): void {
  if (!ctx.actor.scopes.includes(scope))
    throw new AppError(
      'FORBIDDEN',
      `This needs the scope "${scope}"; the caller has: ${ctx.actor.scopes.join(', ') || 'none'}.`,
    )
}

/** @throws AppError FORBIDDEN unless the actor has the role in the installation. */
export function requireRole(ctx: Ctx, role: Principal['role']): void {
  if (ctx.actor.role !== role)
    throw new AppError('FORBIDDEN', `This needs the role ${role}; the caller has ${ctx.actor.role}.`)
}

/**
 * For what administrators see: an auditor sees it too, and changes nothing.
 * @throws AppError FORBIDDEN unless the actor may look after the workspace or audits it.
 */
export function requireOversight(ctx: Ctx): void {
  if (ctx.actor.role !== 'AUDITOR') requireScope(ctx, 'admin')
}
