import type { Room, World } from '../context.ts'
import { AppError } from '../errors.ts'
import { isWithin, subscriberOf } from '../lib/network.ts'
import { errorFields } from '../platform/log.ts'
import { countOne, limitHeaders, tooMany } from './admit.ts'
import type { Rate } from './ledger.ts'

/** How many requests a minute one address may send that nobody is known to have sent. */
const PER_MINUTE = 300
const LOOPBACK = ['127.0.0.0/8', '::1']
const MAX_SPENT = 1000
/** How much one isolate looks up at once for one address without having counted it. */
const MOST_AT_ONCE = 20

/** Addresses that have no room, as far as this isolate knows, and until when. */
const spent = new Map<string, { room: Room; until: number }>()

/** What is being looked up for addresses in this isolate. */
const underWay = new Map<string, number>()

/** @throws AppError RATE_LIMITED while the caller's address has no room, as far as this isolate knows; nothing is asked. */
export function refuseSpent(world: World): void {
  const name = nameOf(world)
  const known = name === null ? undefined : spent.get(name)
  if (!known || known.until <= world.now()) return
  const room = { ...known.room, resetSeconds: Math.ceil((known.until - world.now()) / 1000) }
  throw tooMany(room, { rooms: [room] })
}

/**
 * Counts a request that nobody is known to have sent against the address it came from: what asks for no identity, has
 * none, or one that does not open. Returns the headers that tell where the address stands; none where no address is known,
 * where it is this machine's own, or where the limiter does not answer: what is open then stays so, health above all.
 * @throws AppError RATE_LIMITED
 */
export async function countAddress(world: World): Promise<Record<string, string>> {
  refuseSpent(world)
  const name = nameOf(world)
  if (name === null) return {}
  const rate: Rate = { of: name, limit: PER_MINUTE, span: 60 }
  const counted = await countOne(world.env, rate).catch((error: unknown) => {
    world.log.error('address not counted', errorFields(error))
    return null
  })
  if (!counted) return {}
  const { admitted, room } = counted
  if (admitted) return limitHeaders({ rooms: [room] })
  spent.set(name, { room, until: world.now() + room.resetSeconds * 1000 })
  if (spent.size > MAX_SPENT) spent.delete(spent.keys().next().value ?? '')
  throw tooMany(room, { rooms: [room] })
}

/** What was found, and the headers that tell where the address stands if the look-up was counted before it was made. */
export type LookedUp<Found> = { found: Found; counted: Record<string, string> | null }

/**
 * Looks up who somebody is. They are counted only once they turn out to be nobody, so that those who are somebody never
 * are; but no more than a few at once of one address are taken on trust, or a flood of made-up keys would reach the database
 * before the first of them is counted. Those beyond are counted first. @throws AppError RATE_LIMITED
 */
export async function lookUp<Found>(world: World, look: () => Promise<Found>): Promise<LookedUp<Found>> {
  const name = nameOf(world)
  if (name === null) return { found: await look(), counted: null }
  const others = underWay.get(name) ?? 0
  if (others >= MOST_AT_ONCE) {
    const counted = await countAddress(world)
    return { found: await look(), counted }
  }
  underWay.set(name, others + 1)
  try {
    return { found: await look(), counted: null }
  } finally {
    const left = (underWay.get(name) ?? 1) - 1
    if (left > 0) underWay.set(name, left)
    else underWay.delete(name)
  }
}

/**
 * The problem for a request whose identity does not open, counted; in its place that there were too many. `counted` is
 * where its address stands, if it was counted already.
 */
export async function unidentified(
  world: World,
  problem: AppError,
  counted: Record<string, string> | null = null,
): Promise<AppError> {
  try {
    const { code, message, cause } = problem
    return new AppError(code, message, { cause, headers: counted ?? (await countAddress(world)) })
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

function nameOf({ caller }: World): string | null {
  const { ip } = caller
  return ip === null || isWithin(ip, LOOPBACK) ? null : `ip:${subscriberOf(ip)}`
}
