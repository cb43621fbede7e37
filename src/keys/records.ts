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

/** Whether this isolate has seen the token to be that of a key. */
export function isKnown(token: string): boolean {
  return known.has(token)
}

/** The record of a token: from memory, else from KV, else from D1; null where there is none. */
export async function recallKey(world: World, token: string): Promise<KeyRecord | null> {
  const found = known.get(token)
  if (found && found.until > world.now()) return found.record
  known.delete(token)
  if (!(await isWellFormed(token))) return null
  const hash = await sha256(token)
  const copy = await world.env.API_KEYS.get<KeyRecord>(nameOf(hash), { type: 'json', cacheTtl: 60 })
  return copy ? remember(world, token, copy) : readKey(world, token, hash)
}

/** The record of a token as it is in D1 now; the copies are put right by it. */
export async function rereadKey(world: World, token: string): Promise<KeyRecord | null> {
  known.delete(token)
  return (await isWellFormed(token)) ? readKey(world, token, await sha256(token)) : null
}

async function readKey(world: World, token: string, hash: string): Promise<KeyRecord | null> {
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
  if (!row) return null
  await world.env.API_KEYS.put(nameOf(hash), JSON.stringify(row), { expirationTtl: KV_TTL_SECONDS })
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
