import { sql } from 'drizzle-orm'
import type { World } from '../context.ts'
import { notFound, problems } from '../errors.ts'
import { pingLimiter } from '../limits/admit.ts'
import { errorFields } from '../platform/log.ts'
import type { ErrorEntry, Health } from './schema.ts'

/** Asks each thing APIQ stands on for a sign of life; milliseconds are what the asking took. */
export async function checkHealth(world: World): Promise<Health> {
  const probe = async (part: string, ask: () => Promise<unknown>) => {
    const started = world.now()
    try {
      await ask()
      return { ok: true, ms: world.now() - started }
    } catch (error) {
      world.log.error('health probe failed', { part, ...errorFields(error) })
      return { ok: false, ms: world.now() - started }
    }
  }
  const [database, kv, durableObjects] = await Promise.all([
    probe('database', () => world.db.run(sql`select 1 from connections limit 1`)),
    probe('kv', () => world.env.API_KEYS.get('health')),
    probe('durableObjects', () => pingLimiter(world.env)),
  ])
  const ok = database.ok && kv.ok && durableObjects.ok
  return { ok, environment: world.config.environment, parts: { database, kv, durableObjects } }
}

/** Every problem that APIQ answers with, why it comes up and what to do. */
export function listErrors(): ErrorEntry[] {
  return Object.entries(problems).map(([code, [status, title, cause, cure]]) => ({ code, status, title, cause, cure }))
}

/** The problem that a `type` names. @throws AppError NOT_FOUND */
export function getError(code: string): ErrorEntry {
  const entry = listErrors().find((known) => known.code === code)
  if (!entry) throw notFound('error', code)
  return entry
}
