import { and, eq, isNull, sql, type SQL } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { requireScope, type Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { newId } from '../lib/ids.ts'
import { changeFor } from '../limits/change.ts'
import { raiseRevision } from '../limits/terms.ts'
import { DEFAULT_KEY_PER_MINUTE } from '../limits/tiers.ts'
import { selectRow } from '../platform/select-row.ts'
import { checkPowers } from './bounds.ts'
import { findKey, getKey, isMine, type KeyRow } from './queries.ts'
import type { ApiKey, IssuedApiKey, KeyEdit, KeyRenewal, KeyRotation, NewKey } from './schema.ts'
import { apiKeys } from './tables.ts'
import { generateToken } from './token.ts'

/** A key just made; `token` is shown this once and kept nowhere. */
export type IssuedKey = { id: string; token: string }

/**
 * A condition that must hold when a key is written: that its maker still may, who perhaps no longer does since the request
 * came in (`auth/still-may.ts`). Undefined where nobody asks.
 */
export type StillMay = SQL | undefined

/** Makes an API key for the actor's workspace. `token` is for the development seed, which brings its own. */
export async function issueKey(
  ctx: Ctx,
  input: Pick<KeyRow, 'name' | 'scopes' | 'requestsPerMinute'> &
    Partial<Pick<KeyRow, 'requestsPerDay' | 'allowedIps' | 'expiresAt'>> & { token?: string },
  may?: StillMay,
): Promise<IssuedKey> {
  requireScope(ctx, 'admin')
  const token = input.token ?? (await generateToken(ctx.config.environment))
  const id = newId('key', ctx.now())
  const { name, scopes, requestsPerMinute, requestsPerDay = null, allowedIps = null, expiresAt = null } = input
  const powers = { scopes, requestsPerMinute, requestsPerDay, allowedIps, expiresAt }
  const { workspaceId, userId } = ctx.actor
  const row = { id, workspaceId, userId, name, ...(await tokenColumns(token)), ...powers, createdAt: iso(ctx.now()) }
  const [made] = await ctx.db.batch([
    ctx.db
      .insert(apiKeys)
      .select(sql`${selectRow(apiKeys, row)} where ${may ?? sql`true`}`)
      .onConflictDoNothing()
      .returning({ id: apiKeys.id }),
    auditRow(ctx, 'key.create', id, { name, ...powers }),
  ])
  if (may && made.length === 0) throw new AppError('FORBIDDEN', 'You may not make such a key any more.')
  return { id, token }
}

/** Makes a key with no more than its maker has. @throws AppError FORBIDDEN, VALIDATION_FAILED */
export async function createKey(ctx: Ctx, request: NewKey, may: StillMay): Promise<IssuedApiKey> {
  requireScope(ctx, 'admin')
  const { name, scopes, requestsPerMinute = DEFAULT_KEY_PER_MINUTE, requestsPerDay = null, allowedIps = null } = request
  const expiresAt = request.expiresAt === undefined ? null : futureOf(ctx, request.expiresAt)
  const key = { name, scopes, requestsPerMinute, requestsPerDay, allowedIps, expiresAt }
  await checkPowers(ctx, key)
  const { id, token } = await issueKey(ctx, key, may)
  return { ...(await getKey(ctx, id)), token }
}

/** Changes what a key may do; holds from the next request on. @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT */
export async function updateKey(ctx: Ctx, id: string, edit: KeyEdit, may: StillMay): Promise<ApiKey> {
  requireScope(ctx, 'admin')
  const before = await findLiving(ctx, id)
  const given = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) as Partial<KeyRow>
  await checkPowers(ctx, before)
  await checkPowers(ctx, { ...before, ...given })
  if (Object.keys(given).length > 0) await change(ctx, id, given, 'key.update', given, may)
  return getKey(ctx, id)
}

/**
 * Gives a key another token, shown this once; the one before works for `overlapSeconds` more. A rotation within that time
 * ends the token before it.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function rotateKey(
  ctx: Ctx,
  id: string,
  { overlapSeconds }: KeyRotation,
  may: StillMay,
): Promise<IssuedApiKey> {
  requireScope(ctx, 'admin')
  const before = await findLiving(ctx, id)
  await checkPowers(ctx, before)
  const token = await generateToken(ctx.config.environment)
  const previousUntil = iso(ctx.now() + overlapSeconds * 1000)
  const set = { ...(await tokenColumns(token)), previousHash: before.hash, previousUntil }
  // Of two rotations at once one comes through: whoever is told a token may rely on it.
  await change(ctx, id, set, 'key.rotate', { overlapSeconds }, and(eq(apiKeys.hash, before.hash), may))
  return { ...(await getKey(ctx, id)), token }
}

/** Sets when a key expires, also one that has. @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT */
export async function renewKey(ctx: Ctx, id: string, renewal: KeyRenewal, may: StillMay): Promise<ApiKey> {
  requireScope(ctx, 'admin')
  const before = await findLiving(ctx, id)
  const expiresAt = renewal.expiresAt === null ? null : futureOf(ctx, renewal.expiresAt)
  await checkPowers(ctx, { ...before, expiresAt })
  await change(ctx, id, { expiresAt }, 'key.renew', { expiresAt }, may)
  return getKey(ctx, id)
}

/** Ends a key for good, from the next request on; it stays in the list. @throws AppError NOT_FOUND */
export async function revokeKey(ctx: Ctx, id: string): Promise<ApiKey> {
  requireScope(ctx, 'admin')
  const { revokedAt, name } = await findKey(ctx, id)
  if (revokedAt === null) await change(ctx, id, { revokedAt: iso(ctx.now()) }, 'key.revoke', { name })
  return getKey(ctx, id)
}

/** Writes a change to a key that is not revoked, where a condition still holds, in one batch with its audit row, and tells the limiter. */
async function change(
  ctx: Ctx,
  id: string,
  set: Partial<KeyRow>,
  action: string,
  details: Record<string, unknown>,
  condition?: SQL,
): Promise<void> {
  const { workspaceId } = ctx.actor
  const isStill = and(isMine(ctx, id), isNull(apiKeys.revokedAt), condition)
  const [changed] = await changeFor(ctx, workspaceId, () =>
    ctx.db.batch([
      ctx.db.update(apiKeys).set(set).where(isStill).returning({ id: apiKeys.id }),
      auditRow(ctx, action, id, details),
      raiseRevision(ctx.db, workspaceId),
    ]),
  )
  if (changed.length === 0) throw new AppError('CONFLICT', `The API key ${id} was changed meanwhile; try again.`)
}

async function findLiving(ctx: Ctx, id: string): Promise<KeyRow> {
  const row = await findKey(ctx, id)
  if (row.revokedAt !== null) throw new AppError('CONFLICT', `The API key ${id} is revoked; make another one.`)
  return row
}

async function tokenColumns(token: string): Promise<Pick<KeyRow, 'hash' | 'prefix' | 'lastFour'>> {
  return {
    hash: await sha256(token),
    prefix: token.slice(0, token.lastIndexOf('_') + 5),
    lastFour: token.slice(-4),
  }
}

function futureOf(ctx: Ctx, time: string): string {
  if (Date.parse(time) > ctx.now()) return iso(Date.parse(time))
  const message = 'must be in the future'
  throw new AppError('VALIDATION_FAILED', `/expiresAt: ${message}`, {
    errors: [{ path: '/expiresAt', code: 'custom', message }],
  })
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
