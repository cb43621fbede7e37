import { eq } from 'drizzle-orm'
import { systemCtx, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { issueKey } from '../keys/service.ts'
import { apiKeys } from '../keys/tables.ts'
import { workspaceLimits } from '../limits/tables.ts'
import { register } from './service.ts'
import { users } from './tables.ts'
import { workspaceOf } from './workspace.ts'

// One's own machine is to be limited by nothing but itself.
const REQUESTS_PER_MINUTE = 60_000
const WORKSPACE = { requestsPerMinute: 1_000_000, requestsPerDay: 1_000_000_000 }

const seeded = new WeakMap<object, Promise<void> | 'done'>()

/**
 * In development, makes the user and the API key that `.dev.vars` names, once an isolate and only where they are missing.
 * Elsewhere `config.development` is null and nothing happens.
 */
export function seedDevelopment(world: World): Promise<void> | null {
  if (!world.config.development) return null
  let done = seeded.get(world.env)
  if (!done) {
    done = seed(world, world.config.development)
    seeded.set(world.env, done)
    // A seed that failed is tried again by the next request: the migrations may have been applied since.
    done.then(
      () => seeded.set(world.env, 'done'),
      () => seeded.delete(world.env),
    )
  }
  return done === 'done' ? null : done
}

async function seed(world: World, wanted: { email: string; password: string; apiKey: string }): Promise<void> {
  if (await isIssued(world, wanted.apiKey)) return
  const userId = await ensureUser(world, wanted)
  const ctx = systemCtx(world, await workspaceOf(world, userId), userId)
  const { workspaceId } = ctx.actor
  await world.db
    .insert(workspaceLimits)
    .values({ workspaceId, tier: 'free', ...WORKSPACE, revision: 0 })
    .onConflictDoNothing()
  await issueKey(ctx, {
    name: 'Development key',
    scopes: ['read', 'write', 'execute', 'admin'],
    requestsPerMinute: REQUESTS_PER_MINUTE,
    token: wanted.apiKey,
  })
}

async function isIssued(world: World, token: string): Promise<boolean> {
  try {
    const hash = await sha256(token)
    const [key] = await world.db.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.hash, hash))
    return key !== undefined
  } catch (error) {
    if (!/no such table/.test(String(error instanceof Error ? error.cause : error))) throw error
    throw new AppError('MISCONFIGURED', 'The database has no tables yet: run `npm run db:migrate`, or `npm start`.', {
      cause: error,
    })
  }
}

async function ensureUser(world: World, wanted: { email: string; password: string }): Promise<string> {
  const [user] = await world.db.select({ id: users.id }).from(users).where(eq(users.email, wanted.email.toLowerCase()))
  if (user) return user.id
  const { email, password } = wanted
  const { data } = await register(world, { email, password, name: 'Developer' }, new Headers())
  if ('userId' in data) return data.userId
  throw new AppError('MISCONFIGURED', 'REQUIRE_VERIFIED_EMAIL keeps the development user out; leave it off.')
}
