import type { Context } from 'hono'
import { matchedRoutes } from 'hono/route'
import { createLog } from '../platform/log.ts'
import type { AppEnv } from './env.ts'

/**
 * Writes the one JSON line of a request that began at `started` (milliseconds since 1970). The path is logged without its
 * query, which may hold what a log must not.
 */
export function accessLine(c: Context<AppEnv>, started: number): void {
  const log = createLog(c.env.LOG_LEVEL as 'info', { requestId: c.get('requestId') })
  const { status } = c.res
  if (status >= 500) log.error('request', fieldsOf(c, status, started))
  else if (log.writes('info')) log.info('request', fieldsOf(c, status, started))
}

function fieldsOf(c: Context<AppEnv>, status: number, started: number) {
  const { method, path } = c.req
  const principal = c.get('ctx')?.actor.id
  const colo = c.req.raw.cf?.colo
  return {
    method,
    // The pattern, for counting; the path, for finding.
    route: matchedRoutes(c).at(-1)?.path,
    path,
    status,
    ms: Date.now() - started,
    ...(principal ? { principal } : {}),
    ...(colo ? { colo } : {}),
  }
}
