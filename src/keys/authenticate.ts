import { recordRefusal } from '../audit/refusals.ts'
import type { Principal, Standing, World } from '../context.ts'
import { AppError } from '../errors.ts'
import { isWithin } from '../lib/network.ts'
import { refuseSpent, unidentified } from '../limits/address.ts'
import { admit, type Caller } from '../limits/admit.ts'
import type { Rate } from '../limits/ledger.ts'
import { isKnown, recallKey, rereadKey, type KeyRecord } from './records.ts'

/** The key that a request carries in `X-API-Key` or `Authorization: Bearer`, or null. */
export function tokenFrom(headers: Headers): string | null {
  const plain = headers.get('x-api-key')?.trim() || null
  const bearer = /^\s*bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null
  if (plain && bearer && plain !== bearer)
    throw new AppError('AMBIGUOUS_CREDENTIALS', 'X-API-Key and Authorization carry different keys; send one.')
  return plain ?? bearer
}

/**
 * The principal a token stands for, its request counted with `cost` units.
 *
 * Copies of a key's record may be old. The limiter of its workspace knows when something has changed since, and then the
 * record is read from D1 before anything is counted: revocation, rotation and every other change hold on the next request.
 * What is refused, the audit log of the key's workspace knows.
 * @throws AppError UNAUTHENTICATED when the key is mistyped, unknown, expired, revoked or rotated out, IP_NOT_ALLOWED,
 * RATE_LIMITED, QUOTA_EXCEEDED.
 */
export async function authenticateKey(world: World, token: string, cost: number): Promise<Admitted> {
  if (!isKnown(token)) refuseSpent(world)
  const copy = await recallKey(world, token)
  if (!copy) throw await refusal(world, 'invalid')
  try {
    // A copy that refuses may have been renewed since.
    const isGood = faultOf(world, copy) === null
    const standing = isGood ? await admit(world, callerOf(copy, copy.revision), cost) : null
    if (standing) return { principal: principalOf(copy), standing }
    return await admitReread(world, token, cost)
  } catch (error) {
    recordRefusal({ ...world, actor: principalOf(copy) }, error, copy.id)
    throw error
  }
}

/** Who was let in, and where they stand with their limits. */
export type Admitted = { principal: Principal; standing: Standing }

async function admitReread(world: World, token: string, cost: number): Promise<Admitted> {
  const record = await rereadKey(world, token)
  if (!record) throw await refusal(world, 'invalid')
  const fault = faultOf(world, record)
  if (fault === 'elsewhere')
    throw new AppError(
      'IP_NOT_ALLOWED',
      `This API key may not be used from ${world.caller.ip ?? 'an unknown address'}.`,
    )
  if (fault !== null) throw await refusal(world, fault)
  const standing = await admit(world, callerOf(record, Infinity), cost)
  if (!standing) throw new Error('the limiter called a record out of date that was just read')
  return { principal: principalOf(record), standing }
}

function refusal(world: World, fault: string): Promise<AppError> {
  return unidentified(world, new AppError('UNAUTHENTICATED', `API key ${fault}`))
}

/** Why a key does not open, or null. */
function faultOf({ caller, now }: World, record: KeyRecord): 'revoked' | 'expired' | 'elsewhere' | null {
  const { revokedAt, rotatedOutAt, expiresAt, allowedIps } = record
  if (revokedAt !== null) return 'revoked'
  if (rotatedOutAt !== null && Date.parse(rotatedOutAt) <= now()) return 'revoked'
  if (expiresAt !== null && Date.parse(expiresAt) <= now()) return 'expired'
  if (allowedIps === null) return null
  return caller.ip !== null && isWithin(caller.ip, allowedIps) ? null : 'elsewhere'
}

function callerOf({ id, workspaceId, requestsPerMinute, requestsPerDay }: KeyRecord, revision: number): Caller {
  const minute: Rate = { of: `key:${id}`, limit: requestsPerMinute, span: 60 }
  const day: Rate[] = requestsPerDay === null ? [] : [{ of: `key:${id}`, limit: requestsPerDay, span: 86_400 }]
  return { workspaceId, source: id, rates: [minute, ...day], revision }
}

function principalOf({ id, userId, workspaceId, scopes, requestsPerMinute }: KeyRecord): Principal {
  return { kind: 'key', id, userId, workspaceId, role: 'USER', scopes, limits: { requestsPerMinute } }
}
