import { and, eq } from 'drizzle-orm'
import { countGuess, forgetGuesses } from '../auth/guesses.ts'
import { verifyPassword } from '../auth/password.ts'
import { accounts, sessions } from '../auth/tables.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'

const FRESH_MS = 10 * 60_000

/** @throws AppError FORBIDDEN unless somebody signed in asks: a key does not decide over a person's account. */
export function requirePerson({ actor }: Ctx): void {
  if (actor.kind !== 'session')
    throw new AppError('FORBIDDEN', 'This is for people who are signed in, not for API keys.')
}

/**
 * Proof that the person is still there and not just their browser: the password, or, for an account without one, a
 * sign-in of the last ten minutes.
 * @throws AppError VALIDATION_FAILED at /currentPassword, FORBIDDEN, TOO_MANY_ATTEMPTS
 */
export async function requireProof(ctx: Ctx, password: string | undefined): Promise<void> {
  requirePerson(ctx)
  const { userId, id } = ctx.actor
  const [row] = await ctx.db
    .select({ hash: accounts.password, since: sessions.createdAt })
    .from(sessions)
    .leftJoin(accounts, and(eq(accounts.userId, sessions.userId), eq(accounts.providerId, 'credential')))
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
  if (row?.hash) return requirePassword(ctx, row.hash, password ?? '')
  if (!row || row.since.getTime() < ctx.now() - FRESH_MS)
    throw new AppError('FORBIDDEN', 'This needs a sign-in of the last ten minutes: sign out and in again first.')
}

async function requirePassword(ctx: Ctx, hash: string, password: string): Promise<void> {
  const guess = { kind: 'proof', account: ctx.actor.userId } as const
  await countGuess(ctx, guess)
  if (!(await verifyPassword({ hash, password }))) throw wrongPassword()
  await forgetGuesses(ctx, guess)
}

function wrongPassword(): AppError {
  const message = 'The password is wrong.'
  const errors = [{ path: '/currentPassword', code: 'wrong', message }]
  return new AppError('VALIDATION_FAILED', message, { errors })
}
