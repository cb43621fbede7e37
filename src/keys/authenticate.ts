import { eq } from 'drizzle-orm'
import type { Principal, Scope } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import type { Db } from '../platform/db.ts'
import { apiKeys } from './tables.ts'
import { isWellFormed } from './token.ts'

/** What is needed to serve a request with a key; the copy in KV and the row in D1 hold the same. */
type KeyRecord = {
  id: string
  workspaceId: string
  userId: string
  scopes: Scope[]
  requestsPerMinute: number
  expiresAt: string | null
  revokedAt: string | null
}

const KV_TTL_SECONDS = 3600

/** The key that a request carries in `X-API-Key` or `Authorization: Bearer`, or null. */
export function tokenFrom(headers: Headers): string | null {
  const plain = headers.get('x-api-key')?.trim() || null
  const bearer = /^\s*bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null
  if (plain && bearer && plain !== bearer)
    throw new AppError('AMBIGUOUS_CREDENTIALS', 'X-API-Key and Authorization carry different keys; send one.')
  return plain ?? bearer
}

/**
 * The principal a token stands for.
 * @throws AppError UNAUTHENTICATED when the key is mistyped, unknown, expired or revoked.
 */
export async function authenticateKey(env: Env, db: Db, token: string, now: number): Promise<Principal> {
  const record = await recall(env, db, token, now)
  if (!record) throw new AppError('UNAUTHENTICATED', 'API key invalid')
  if (record.revokedAt) throw new AppError('UNAUTHENTICATED', 'API key revoked')
  if (record.expiresAt && Date.parse(record.expiresAt) <= now) throw new AppError('UNAUTHENTICATED', 'API key expired')
  return {
    kind: 'key',
    id: record.id,
    userId: record.userId,
    workspaceId: record.workspaceId,
    role: 'USER',
    scopes: record.scopes,
    limits: { requestsPerMinute: record.requestsPerMinute },
  }
}

// KV may serve a copy a minute old; whether a key still lives is asked of its object on every request anyway.
const KNOWN_MS = 10_000
const MAX_KNOWN = 500
const known = new Map<string, { record: KeyRecord; until: number }>()

/** The record of a token, from memory where this isolate has just looked it up. */
async function recall(env: Env, db: Db, token: string, now: number): Promise<KeyRecord | null> {
  const found = known.get(token)
  if (found && found.until > now) return found.record
  known.delete(token)
  if (!(await isWellFormed(token))) return null
  const record = await findKey(env, db, await sha256(token))
  if (!record) return null
  known.set(token, { record, until: now + KNOWN_MS })
  if (known.size > MAX_KNOWN) known.delete(known.keys().next().value ?? '')
  return record
}

async function findKey(env: Env, db: Db, hash: string): Promise<KeyRecord | null> {
  const cached = await env.API_KEYS.get<KeyRecord>(`key:${hash}`, { type: 'json', cacheTtl: 60 })
  if (cached) return cached
  const [row] = await db
    .select({
      id: apiKeys.id,
      workspaceId: apiKeys.workspaceId,
      userId: apiKeys.userId,
      scopes: apiKeys.scopes,
      requestsPerMinute: apiKeys.requestsPerMinute,
      expiresAt: apiKeys.expiresAt,
      revokedAt: apiKeys.revokedAt,
    })
    .from(apiKeys)
    .where(eq(apiKeys.hash, hash))
  if (!row) return null
  await env.API_KEYS.put(`key:${hash}`, JSON.stringify(row), { expirationTtl: KV_TTL_SECONDS })
  return row
}
