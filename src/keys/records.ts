import { eq, or, sql } from 'drizzle-orm'
import type { Scope, World } from '../context.ts'
import { sha256 } from '../lib/hash.ts'
import { workspaceLimits } from '../limits/tables.ts'
import { apiKeys } from './tables.ts'
import { isWellFormed } from './token.ts'

/** What is needed to serve a request with a key; copies in memory and KV, and the row in D1, hold the same. */
export type KeyRecord = {
  id: string
  workspaceId: string
  userId: string
  scopes: Scope[]
  requestsPerMinute: number
  requestsPerDay: number | null
  allowedIps: string[] | null
  expiresAt: string | null
  revokedAt: string | null
  /** Of the token before the last rotation, until when it works; null of the token that is in force. */
  rotatedOutAt: string | null
  /** Of the workspace, when the row was read. */
  revision: number
}

// Whether a copy is still good the workspace's limiter says, so how long copies live decides about cost alone.
const KNOWN_MS = 600_000
const MAX_KNOWN = 2000
const KV_TTL_SECONDS = 3600
const known = new Map<string, { record: KeyRecord; until: number }>()

// Nobody waits longer for the look-up of somebody else: it may have been broken off.
const SHARED_MS = 2000
const underWay = new Map<string, { found: Promise<KeyRecord | null>; since: number }>()

/** The record of a token as this isolate saw it last, however long ago, or null. */
export function lastSeenKey(token: string): KeyRecord | null {
  return known.get(token)?.record ?? null
}

/** The record of a token as far as it is in memory, or null. */
export function knownKey(world: World, token: string): KeyRecord | null {
  const found = known.get(token)
  return found && found.until > world.now() ? found.record : null
}

/**
 * The record of a token that another request is looking up in this isolate, when it is found, or undefined where it is not
 * in time. Null where none looks it up, at once: the first of many at the same time has to be seen by the second.
 */
export function keyUnderWay(world: World, token: string): Promise<KeyRecord | null | undefined> | null {
  const other = underWay.get(token)
  return other && world.now() - other.since < SHARED_MS ? waitFor(world, other.found) : null
}

async function waitFor<Found>(world: World, other: Promise<Found>): Promise<Found | undefined> {
  const late = Promise.withResolvers<undefined>()
  const takeBack = world.setAlarm(SHARED_MS, () => late.resolve(undefined))
  try {
    return await Promise.race([other, late.promise])
  } finally {
    takeBack()
  }
}

/** The record of a token: from memory, else from KV, else from D1; null where there is none. */
export async function recallKey(world: World, token: string): Promise<KeyRecord | null> {
  const found = knownKey(world, token)
  if (found) return found
  const look = { found: findCopy(world, token), since: world.now() }
  underWay.set(token, look)
  const over = () => void (underWay.get(token) === look && underWay.delete(token))
  // Goes on for the others if its caller hangs up.
  world.defer(look.found.then(over, over))
  return look.found
}

async function findCopy(world: World, token: string): Promise<KeyRecord | null> {
  if (!(await isWellFormed(token))) return null
  const hash = await sha256(token)
  const copy = await world.env.API_KEYS.get<KeyRecord>(nameOf(hash), { type: 'json', cacheTtl: 60 })
  return copy ? remember(world, token, copy) : readKey(world, token, hash, null)
}

/**
 * The record of a token as it is in D1 now; the copies are put right by it, that in KV only where it says anything else
 * than `copy`, which the caller had from there.
 */
export async function rereadKey(world: World, token: string, copy: KeyRecord | null = null): Promise<KeyRecord | null> {
  return (await isWellFormed(token)) ? readKey(world, token, await sha256(token), copy) : null
}

async function readKey(world: World, token: string, hash: string, copy: KeyRecord | null): Promise<KeyRecord | null> {
  const [row] = await world.db
    .select({
      id: apiKeys.id,
      workspaceId: apiKeys.workspaceId,
      userId: apiKeys.userId,
      scopes: apiKeys.scopes,
      requestsPerMinute: apiKeys.requestsPerMinute,
      requestsPerDay: apiKeys.requestsPerDay,
      allowedIps: apiKeys.allowedIps,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
      rotatedOutAt: sql<string | null>`case when ${apiKeys.hash} = ${hash} then null else ${apiKeys.previousUntil} end`,
      revision: sql<number>`coalesce(${workspaceLimits.revision}, 0)`,
    })
    .from(apiKeys)
    .leftJoin(workspaceLimits, eq(workspaceLimits.workspaceId, apiKeys.workspaceId))
    .where(or(eq(apiKeys.hash, hash), eq(apiKeys.previousHash, hash)))
  if (!row) {
    known.delete(token)
    return null
  }
  const text = JSON.stringify(row)
  if (copy === null || JSON.stringify(copy) !== text)
    await world.env.API_KEYS.put(nameOf(hash), text, { expirationTtl: KV_TTL_SECONDS })
  return remember(world, token, row)
}

function remember(world: World, token: string, record: KeyRecord): KeyRecord {
  known.set(token, { record, until: world.now() + KNOWN_MS })
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value ?? '')
  return record
}

function nameOf(hash: string): string {
  return `key:${hash}`
}
