import { inArray, lt, sql } from 'drizzle-orm'
import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { subscriberOf } from '../lib/network.ts'
import { guesses } from './tables.ts'

const WINDOW_MS = 15 * 60_000
/** Tries in fifteen minutes, right ones counted too where they come from one address. */
const MOST = { account: 10, address: 100 } as const

type Kind = 'sign-in' | 'register' | 'reset' | 'code' | 'proof'

/** One thing that is tried, and the account it is tried on, where there is one. */
export type Guess = { kind: Kind; account: string | null }

/**
 * Counts a try, before anything is looked up, against the account and against the caller's address; one statement, so
 * that tries at the same time cannot share a count. An account that is not there is counted like one that is.
 * @throws AppError TOO_MANY_ATTEMPTS
 */
export async function countGuess(world: World, guess: Guess): Promise<void> {
  const now = world.now()
  const names = await namesOf(world, guess)
  if (names.length === 0) return
  const over = sql`${guesses.since} <= ${now - WINDOW_MS}`
  const counted = await world.db
    .insert(guesses)
    .values(names.map(({ name }) => ({ name, count: 1, since: now })))
    .onConflictDoUpdate({
      target: guesses.name,
      set: {
        count: sql`case when ${over} then 1 else ${guesses.count} + 1 end`,
        since: sql`case when ${over} then ${now} else ${guesses.since} end`,
      },
    })
    .returning()
  const spent = counted.find(({ name, count }) => count > (names.find((each) => each.name === name)?.most ?? 0))
  if (!spent) return
  const seconds = Math.max(1, Math.ceil((spent.since + WINDOW_MS - now) / 1000))
  throw new AppError('TOO_MANY_ATTEMPTS', 'Too many attempts; wait before the next one.', {
    headers: { 'Retry-After': String(seconds) },
  })
}

/**
 * Whether one more mail may go to an address because of what somebody else may have typed; counted with the links that are
 * asked for, so that nobody fills a mailbox that is not theirs.
 */
export async function mayMail(world: World, email: string): Promise<boolean> {
  try {
    await countGuess(world, { kind: 'reset', account: email })
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'TOO_MANY_ATTEMPTS') return false
    throw error
  }
}

/** Whether a secret of an account that is good once is used for the first time; of two uses at once it is for one. */
export async function isFirstUse(world: World, userId: string, secret: string): Promise<boolean> {
  const name = `used:${await sha256(`${userId}:${secret}`)}`
  const since = world.now()
  const added = await world.db.insert(guesses).values({ name, count: 1, since }).onConflictDoNothing().returning()
  return added.length > 0
}

/** Forgets the tries on an account: they have led to its owner. */
export async function forgetGuesses(world: World, { kind, account }: Guess): Promise<void> {
  const names = (await namesOf(world, { kind, account })).filter(({ most }) => most === MOST.account)
  await world.db.delete(guesses).where(
    inArray(
      guesses.name,
      names.map(({ name }) => name),
    ),
  )
}

/** Removes counts whose time is over, those of every workspace. */
export async function forgetOldGuesses(world: World): Promise<void> {
  await world.db.delete(guesses).where(lt(guesses.since, world.now() - WINDOW_MS))
}

/** Names hold a hash: what people mistype as their address need not be kept. */
async function namesOf({ caller }: World, { kind, account }: Guess): Promise<{ name: string; most: number }[]> {
  const names = []
  if (account) names.push({ name: `${kind}:account:${await sha256(account.toLowerCase())}`, most: MOST.account })
  if (caller.ip) names.push({ name: `${kind}:address:${await sha256(subscriberOf(caller.ip))}`, most: MOST.address })
  return names
}
