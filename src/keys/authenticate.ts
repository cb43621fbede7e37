import { recordRefusal } from '../audit/refusals.ts'
import type { Principal, Standing, World } from '../context.ts'
import { AppError } from '../errors.ts'
import { isWithin } from '../lib/network.ts'
import { lookUp, refuseSpent, unidentified, type LookedUp } from '../limits/address.ts'
import { admit, purseOf, spendLease, type Caller } from '../limits/admit.ts'
import type { Rate } from '../limits/ledger.ts'
import { keyUnderWay, knownKey, lastSeenKey, recallKey, rereadKey, type KeyRecord } from './records.ts'

/** The key that a request carries in `X-API-Key` or `Authorization: Bearer`, or null. */
export function tokenFrom(headers: Headers): string | null {
  const plain = headers.get('x-api-key')?.trim() || null
  const bearer = /^\s*bearer\s+(\S+)\s*$/i.exec(headers.get('authorization') ?? '')?.[1] ?? null
  if (plain && bearer && plain !== bearer)
    throw new AppError('AMBIGUOUS_CREDENTIALS', 'X-API-Key and Authorization carry different keys; send one.')
  return plain ?? bearer
}

/**
 * As `authenticateKey`, where nothing has to be asked and nobody waits: the key is in memory and opens, and the isolate holds
 * a lease for it. Null elsewhere, and nothing is counted.
 */
export function admitAtOnce(world: World, token: string, cost: number): Admitted | null {
  const record = knownKey(world, token)
  if (!record || faultOf(world, record) !== null) return null
  const { principal, caller } = seatOf(record)
  const standing = spendLease(world, caller, cost)
  return standing && { principal, standing }
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
  // What did not open when it was seen last has to be looked up each time, as what was never seen has.
  const last = lastSeenKey(token)
  if (!last || faultOf(world, last) !== null) refuseSpent(world)
  const { found: copy, counted } = await findKey(world, token)
  if (!copy) throw await refusal(world, 'invalid', counted)
  try {
    // A copy that refuses may have been renewed since.
    const isGood = faultOf(world, copy) === null
    const standing = isGood ? await admit(world, seatOf(copy).caller, cost) : null
    if (standing) return { principal: seatOf(copy).principal, standing }
    return await admitReread(world, token, cost, isGood ? null : copy)
  } catch (error) {
    recordRefusal({ ...world, actor: seatOf(copy).principal }, error, copy.id)
    throw error
  }
}

/** Of many requests at once with a key that is new to the isolate one looks it up, and the others wait for that. */
async function findKey(world: World, token: string): Promise<LookedUp<KeyRecord | null>> {
  const known = knownKey(world, token)
  if (known) return { found: known, counted: null }
  const other = keyUnderWay(world, token)
  const found = other ? await other : undefined
  return found === undefined ? lookUp(world, () => recallKey(world, token)) : { found, counted: null }
}

/** Who was let in, and where they stand with their limits. */
export type Admitted = { principal: Principal; standing: Standing }

/** `faulty` is the copy of a key that does not open, if that is why it is read again. */
async function admitReread(world: World, token: string, cost: number, faulty: KeyRecord | null): Promise<Admitted> {
  const reread = () => rereadKey(world, token, faulty)
  const { found: record, counted } = faulty ? await lookUp(world, reread) : { found: await reread(), counted: null }
  const fault = record ? faultOf(world, record) : 'invalid'
  if (!record || fault !== null) throw await refusal(world, fault ?? 'invalid', counted)
  const { principal, caller } = seatOf(record)
  const standing = await admit(world, { ...caller, revision: Infinity }, cost)
  if (!standing) throw new Error('the limiter called a record out of date that was just read')
  return { principal, standing }
}

type Fault = 'revoked' | 'expired' | 'elsewhere'

function refusal(world: World, fault: Fault | 'invalid', counted: LookedUp<unknown>['counted']): Promise<AppError> {
  const from = world.caller.ip ?? 'an unknown address'
  const problem =
    fault === 'elsewhere'
      ? new AppError('IP_NOT_ALLOWED', `This API key may not be used from ${from}.`)
      : new AppError('UNAUTHENTICATED', `API key ${fault}`)
  return unidentified(world, problem, counted)
}

/** Why a key does not open, or null. */
function faultOf({ caller, now }: World, record: KeyRecord): Fault | null {
  const { revokedAt, rotatedOutAt, expiresAt, allowedIps } = record
  if (revokedAt !== null) return 'revoked'
  if (rotatedOutAt !== null && Date.parse(rotatedOutAt) <= now()) return 'revoked'
  if (expiresAt !== null && Date.parse(expiresAt) <= now()) return 'expired'
  if (allowedIps === null) return null
  return caller.ip !== null && isWithin(caller.ip, allowedIps) ? null : 'elsewhere'
}

/** What a record stands for, for all requests with it. */
type Seat = { principal: Principal; caller: Caller }

const seats = new WeakMap<KeyRecord, Seat>()

function seatOf(record: KeyRecord): Seat {
  let seat = seats.get(record)
  if (!seat) seats.set(record, (seat = { principal: principalOf(record), caller: callerOf(record) }))
  return seat
}

function callerOf({ id, workspaceId, requestsPerMinute, requestsPerDay, revision }: KeyRecord): Caller {
  const minute: Rate = { of: `key:${id}`, limit: requestsPerMinute, span: 60 }
  const day: Rate[] = requestsPerDay === null ? [] : [{ of: `key:${id}`, limit: requestsPerDay, span: 86_400 }]
  return { workspaceId, source: id, rates: [minute, ...day], purse: purseOf(workspaceId, minute), revision }
}

function principalOf({ id, userId, workspaceId, scopes, requestsPerMinute }: KeyRecord): Principal {
  return { kind: 'key', id, userId, workspaceId, role: 'USER', scopes, limits: { requestsPerMinute } }
}
