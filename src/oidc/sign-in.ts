import { and, eq } from 'drizzle-orm'
import { makeFirstAdmin, openSessionOf, type SignIn } from '../auth/service.ts'
import type { SecondFactor, SignedIn } from '../auth/schema.ts'
import { recordSignIn } from '../auth/sign-in-audit.ts'
import { accounts, users } from '../auth/tables.ts'
import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import type { Identity } from './flow.ts'

/**
 * Opens a session for somebody whom a provider vouches for: the account that is linked to them, else the one with their
 * address, else one made now.
 * Whoever has a second factor is asked for it first.
 * @throws AppError SIGN_IN_FAILED where an account has the address and either side has not verified it; ACCOUNT_DISABLED
 */
export async function signInAs(
  world: World,
  identity: Identity,
  headers: Headers,
): Promise<SignIn<SignedIn | SecondFactor>> {
  const userId =
    (await findLinked(world, identity)) ?? (await linkByAddress(world, identity)) ?? (await make(world, identity))
  return openSessionOf(world, userId, headers, { provider: identity.provider })
}

/** A subject is the issuer's, whatever name this deployment has for it. */
const accountIdOf = ({ issuer, subject }: Identity) => `${issuer}|${subject}`

async function findLinked({ db }: World, identity: Identity): Promise<string | null> {
  const [account] = await db
    .select({ userId: accounts.userId })
    .from(accounts)
    .where(and(eq(accounts.providerId, identity.provider), eq(accounts.accountId, accountIdOf(identity))))
  return account?.userId ?? null
}

/**
 * Whoever registered with an address that is not theirs must not get the account of its owner, nor the owner theirs with
 * a password that somebody else knows: both sides must have verified it.
 */
async function linkByAddress(world: World, identity: Identity): Promise<string | null> {
  if (identity.email === null) throw new AppError('SIGN_IN_FAILED', 'The provider tells no e-mail address.')
  const [user] = await world.db.select().from(users).where(eq(users.email, identity.email))
  if (!user) return null
  if (!identity.emailVerified || !user.emailVerified)
    throw new AppError(
      'SIGN_IN_FAILED',
      'There is an account with this e-mail address already, and it is not confirmed on both sides that it is the same person’s: sign in by password, and confirm the address.',
    )
  await world.db.insert(accounts).values(accountRow(world, identity, user.id))
  await recordSignIn(world, { userId: user.id, action: 'account.link', details: { provider: identity.provider } })
  return user.id
}

async function make(world: World, identity: Identity): Promise<string> {
  const id = newId('usr', world.now())
  const email = identity.email ?? ''
  const now = new Date(world.now())
  await world.db.batch([
    world.db.insert(users).values({
      id,
      email,
      name: identity.name ?? email.split('@')[0] ?? email,
      emailVerified: identity.emailVerified,
      createdAt: now,
      updatedAt: now,
    }),
    world.db.insert(accounts).values(accountRow(world, identity, id)),
  ])
  await makeFirstAdmin(world)
  await recordSignIn(world, { userId: id, action: 'account.register', details: { provider: identity.provider } })
  return id
}

function accountRow(world: World, identity: Identity, userId: string) {
  const now = new Date(world.now())
  const { provider: providerId } = identity
  const accountId = accountIdOf(identity)
  return { id: newId('acc', world.now()), accountId, providerId, userId, createdAt: now, updatedAt: now }
}
