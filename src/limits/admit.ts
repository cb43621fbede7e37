import type { Room, Standing, Tier, World } from '../context.ts'
import { AppError } from '../errors.ts'
import { errorFields } from '../platform/log.ts'
import { LEASE_MS, type Rate } from './ledger.ts'
import { Purse, type Want } from './purse.ts'
import type { Answer, RateLimiter } from './rate-limiter.ts'

/** Who is to be counted. */
export type Caller = {
  workspaceId: string
  /** What use is written down under: a key's id, or `people`. */
  source: string
  /** The caller's own rates, the first of which is that of the minute. */
  rates: readonly [Rate, ...Rate[]]
  /** What an isolate keeps their leases under, by `purseOf`. */
  purse: string
  /** Of the workspace when the caller's record was read; Infinity where there is no record that could be out of date. */
  revision: number
}

const MAX_PURSES = 2000
const purses = new Map<string, Known>()

/** What an isolate knows of a caller. */
type Known = { purse: Purse; tier: Tier }

/** What leases of a caller are kept under: one that was given within another limit is not spent within this one. */
export function purseOf(workspaceId: string, { of, limit }: Rate): string {
  return `${workspaceId}/${of}/${limit}`
}

/** Counts a request of `cost` units where the isolate holds a lease for the caller; null where it has to ask. */
export function spendLease(world: World, caller: Caller, cost: number): Standing | null {
  const known = pursesOf(caller)
  const now = world.now()
  const spent = known.purse.spend(cost, caller.revision, now)
  if (!spent) return null
  const wanted = known.purse.renewal(now)
  if (wanted) world.defer(renew(world, caller, known, wanted))
  return { tier: known.tier, rooms: spent }
}

/**
 * Counts a request of `cost` units. Where the isolate holds a lease for the caller nothing is asked; else the
 * workspace's object is. Null when the caller's record is out of date: read it again, and ask with revision Infinity.
 * @throws AppError RATE_LIMITED, QUOTA_EXCEEDED
 */
export async function admit(world: World, caller: Caller, cost: number): Promise<Standing | null> {
  const spent = spendLease(world, caller, cost)
  if (spent) return spent
  const known = pursesOf(caller)
  const { purse } = known
  const answer = await ask(world, caller, cost, known, purse.want(cost, world.now()))
  if (answer.kind === 'stale') return null
  if (answer.kind === 'admitted') return answer
  // Another request may have brought a lease meanwhile.
  const left = purse.spend(cost, caller.revision, world.now())
  if (left) return { tier: known.tier, rooms: left }
  throw tooMany(answer.blockedBy, answer)
}

async function ask(world: World, caller: Caller, cost: number, known: Known, { ahead, settle }: Want): Promise<Answer> {
  const askedAt = world.now()
  const { workspaceId, source, rates, revision } = caller
  const limiter = limiterOf(world.env, workspaceId)
  const answer = await limiter.admit({ workspaceId, source, rates, cost, ahead, settle, revision })
  if (answer.kind !== 'stale') known.tier = answer.tier
  if (ahead === 0) return answer
  const lease = answer.kind === 'admitted' ? answer.lease : null
  known.purse.give(
    lease,
    answer.kind === 'stale' ? [] : answer.rooms,
    answer.kind === 'admitted' ? answer.revision : 0,
    askedAt,
  )
  if (lease) world.defer(settleInTime(world, caller, known.purse, lease.id))
  return answer
}

/** Asks for a lease alone, beside a request that did not need to wait for it. */
async function renew(world: World, caller: Caller, known: Known, wanted: Want): Promise<void> {
  try {
    await ask(world, caller, 0, known, wanted)
  } catch (error) {
    world.log.warn('lease not renewed: the next request asks for one', errorFields(error))
  }
}

/** What nobody asked for again until the lease was over is given back then. */
async function settleInTime(world: World, caller: Caller, purse: Purse, leaseId: string): Promise<void> {
  await scheduler.wait(LEASE_MS)
  const settlement = purse.close(leaseId)
  if (!settlement) return
  try {
    await limiterOf(world.env, caller.workspaceId).settle(caller.source, settlement)
  } catch (error) {
    world.log.warn('lease not settled: it counts as spent', { leaseId, ...errorFields(error) })
  }
}

/** The limiter that counts for a workspace. */
export function limiterOf(env: Env, workspaceId: string): DurableObjectStub<RateLimiter> {
  return env.RATE_LIMITER.get(env.RATE_LIMITER.idFromName(`workspace:${workspaceId}`))
}

/** Counts one of what a rate names, in an object of its own; for what belongs to no caller. */
export async function countOne(env: Env, rate: Rate): Promise<{ admitted: boolean; room: Room }> {
  const limiter = env.RATE_LIMITER.get(env.RATE_LIMITER.idFromName(rate.of))
  const { admitted, rooms } = await limiter.count(rate)
  return { admitted, room: rooms[0] ?? { ...rate, remaining: 0, resetSeconds: 60 } }
}

/** Asks a limiter for a sign of life. */
export async function pingLimiter(env: Env): Promise<void> {
  await env.RATE_LIMITER.get(env.RATE_LIMITER.idFromName('health')).ping()
}

function pursesOf({ purse: name }: Caller): Known {
  let known = purses.get(name)
  if (!known) {
    purses.set(name, (known = { purse: new Purse(), tier: 'free' }))
    if (purses.size > MAX_PURSES) purses.delete(purses.keys().next().value ?? '')
  }
  return known
}

const WHOSE: Record<string, string> = {
  workspace: ' for the workspace',
  ip: ' from one address without a valid key or session',
  hook: ' for the hook',
}
const UNIT = { 60: 'minute', 86_400: 'day' } as Record<number, string>

/** The problem for a request that a limit has no room for, with where its caller stands. */
export function tooMany(room: Room, standing: Pick<Standing, 'rooms'>): AppError {
  const headers = { ...limitHeaders(standing), 'Retry-After': String(room.resetSeconds) }
  if (room.span === 'month')
    return new AppError('QUOTA_EXCEEDED', `Monthly quota exceeded: ${room.limit} requests per month`, { headers })
  const whose = WHOSE[room.of.split(':', 1)[0] ?? ''] ?? ''
  const per = `${room.limit} requests per ${UNIT[room.span] ?? `${room.span} seconds`}${whose}`
  return new AppError('RATE_LIMITED', `Rate limit exceeded: ${per}`, { headers })
}

const DAY_SECONDS = 86_400
const MONTH_SECONDS = 31 * DAY_SECONDS

/** Limits as the IETF draft (draft-ietf-httpapi-ratelimit-headers) writes them, and the caller's own as older clients read it. */
export function limitHeaders({ rooms }: Pick<Standing, 'rooms'>): Record<string, string> {
  const [own] = rooms
  if (!own) return {}
  let policies = ''
  let states = ''
  for (const room of rooms) {
    if (room.limit === Infinity) continue
    const separator = policies === '' ? '' : ', '
    const name = policyOf(room, own)
    policies += `${separator}"${name}";q=${room.limit};w=${room.span === 'month' ? MONTH_SECONDS : room.span}`
    states += `${separator}"${name}";r=${room.remaining};t=${room.resetSeconds}`
  }
  return {
    RateLimit: states,
    'RateLimit-Policy': policies,
    'X-RateLimit-Limit': String(own.limit),
    'X-RateLimit-Remaining': String(own.remaining),
    'X-RateLimit-Reset': String(own.resetSeconds),
  }
}

function policyOf({ of, span }: Room, own: Room): string {
  const whose = of === own.of ? '' : `${of}-`
  return span === 60 ? (whose === '' ? 'default' : of) : `${whose}${span === 'month' ? 'month' : 'day'}`
}
