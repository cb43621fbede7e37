import { eq } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { accounts, users } from '../auth/tables.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { requirePerson } from './proof.ts'
import type { Profile, ProfileChange } from './schema.ts'

/** The account of whoever is signed in. */
export async function readProfile(ctx: Ctx): Promise<Profile> {
  requirePerson(ctx)
  const { userId } = ctx.actor
  const [[user], ways] = await ctx.db.batch([
    ctx.db.select().from(users).where(eq(users.id, userId)),
    ctx.db.select({ provider: accounts.providerId }).from(accounts).where(eq(accounts.userId, userId)),
  ])
  if (!user) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
  const { id, name, email, emailVerified, role, twoFactorEnabled, createdAt } = user
  const providers = ways.map(({ provider }) => provider)
  return {
    id,
    name,
    email,
    emailVerified,
    role,
    twoFactor: twoFactorEnabled,
    hasPassword: providers.includes('credential'),
    signInWith: providers.filter((provider) => provider !== 'credential'),
    createdAt: createdAt.toISOString(),
  }
}

/** Changes the name. */
export async function changeProfile(ctx: Ctx, { name }: ProfileChange): Promise<Profile> {
  requirePerson(ctx)
  const { userId } = ctx.actor
  await ctx.db.batch([
    ctx.db
      .update(users)
      .set({ name, updatedAt: new Date(ctx.now()) })
      .where(eq(users.id, userId)),
    auditRow(ctx, 'account.update', userId, { name }),
  ])
  return readProfile(ctx)
}
