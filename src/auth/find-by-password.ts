import { and, eq } from 'drizzle-orm'
import type { World } from '../context.ts'
import { verifyPassword } from './password.ts'
import type { Login } from './schema.ts'
import { accounts, users } from './tables.ts'

/** What a password is held against where there is none: no password is known to hash to it. */
const NOBODYS = `scrypt.${'00'.repeat(16)}.${'00'.repeat(64)}`

/** Somebody who has an account. */
export type Found = Pick<typeof users.$inferSelect, 'id' | 'email' | 'emailVerified'>

/**
 * Whose address and password these are, or null. One statement and one hash, whether there is no such account, it has no
 * password, it is disabled or the password is wrong: how long a refusal takes must not tell them apart, and better-auth
 * asks the database once more where there is an account.
 */
export async function findByPassword({ db }: World, { email, password }: Login): Promise<Found | null> {
  const [row] = await db
    .select({ id: users.id, email: users.email, emailVerified: users.emailVerified, hash: accounts.password })
    .from(users)
    .leftJoin(accounts, and(eq(accounts.userId, users.id), eq(accounts.providerId, 'credential')))
    .where(eq(users.email, email.toLowerCase()))
  const isRight = await verifyPassword({ hash: row?.hash ?? NOBODYS, password })
  if (!row?.hash || !isRight) return null
  const { hash: _hash, ...found } = row
  return found
}
