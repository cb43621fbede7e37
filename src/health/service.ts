import { sql } from 'drizzle-orm'
import type { World } from '../context.ts'
import { notFound, problems } from '../errors.ts'
import { rereadKey } from '../keys/records.ts'
import { generateToken } from '../keys/token.ts'
import { pingLimiter } from '../limits/admit.ts'
import { errorFields } from '../platform/log.ts'
import type { AuthHealth, ErrorEntry, Health } from './schema.ts'

/** Asks each thing APIQ stands on for a sign of life; milliseconds are what the asking took. */
export async function checkHealth(world: World): Promise<Health> {
  const [database, kv, durableObjects] = await Promise.all([
    probe(world, 'database', () => world.db.run(sql`select 1 from connections limit 1`)),
    probe(world, 'kv', () => world.env.API_KEYS.get('health')),
    probe(world, 'durableObjects', () => pingLimiter(world.env)),
  ])
  const ok = database.ok && kv.ok && durableObjects.ok
  return { ok, environment: world.config.environment, parts: { database, kv, durableObjects } }
}

/** As `checkHealth`, of all that it takes to let somebody in. */
export async function checkAuthHealth(world: World): Promise<AuthHealth> {
  const [database, kv, durableObjects, queue, testKey] = await Promise.all([
    probe(world, 'database', () => world.db.run(sql`select 1 from api_keys limit 1`)),
    probe(world, 'kv', () => world.env.API_KEYS.get('health')),
    probe(world, 'durableObjects', () => pingLimiter(world.env)),
    probe(world, 'queue', () => world.env.STEPS_NORMAL.metrics()),
    probe(world, 'testKey', () => tryKey(world)),
  ])
  const parts = { database, kv, durableObjects, queue, testKey }
  return { ok: Object.values(parts).every((part) => part.ok), parts }
}

/** The key of development must be found; elsewhere, one that nobody was given must not. */
async function tryKey(world: World): Promise<void> {
  const { development, environment } = world.config
  const found = await rereadKey(world, development?.apiKey ?? (await generateToken(environment)))
  if ((found !== null) !== (development !== null)) throw new Error('the look-up of keys answers wrongly')
}

async function probe(world: World, part: string, ask: () => Promise<unknown>): Promise<{ ok: boolean; ms: number }> {
  const started = world.now()
  try {
    await ask()
    return { ok: true, ms: world.now() - started }
  } catch (error) {
    world.log.error('health probe failed', { part, ...errorFields(error) })
    return { ok: false, ms: world.now() - started }
  }
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
