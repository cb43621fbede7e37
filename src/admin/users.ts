import { and, count, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { SCOPES } from '../auth/session.ts'
import { sessions, users } from '../auth/tables.ts'
import { requireRole, type Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { apiKeys } from '../keys/tables.ts'
import { requirePerson } from '../people/proof.ts'
import { beyond, revokeKeys } from '../people/revoke-keys.ts'
import { keysetOf } from '../platform/keyset.ts'
import { requireInstallation } from './installation.ts'
import type { User, UserChange, UserQuery } from './schema.ts'

/**
 * Everybody who has an account in the installation, or whose name or address has a text in it; for its administrators and
 * auditors.
 */
export async function listUsers(
  ctx: Ctx,
  { limit, q, role, disabled, ...place }: UserQuery,
): Promise<{ items: User[]; nextCursor: string | null }> {
  await requireInstallation(ctx)
  const { after, order } = keysetOf(users.id, place)
  const called = sql`instr(lower(${users.name} || ' ' || ${users.email}), ${q?.toLowerCase()})`
  const rows = await ctx.db
    .select()
    .from(users)
    .where(
      and(
        after,
        q ? called : undefined,
        role === undefined ? undefined : eq(users.role, role),
        disabled === undefined ? undefined : disabled ? isNotNull(users.disabledAt) : isNull(users.disabledAt),
      ),
    )
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  return { items: items.map(toView), nextCursor }
}

/**
 * Gives somebody another role, or disables or enables their account. It holds from their next request on; disabling
 * revokes the keys that they made for good, and making them an auditor those that could do more than read.
 * @throws AppError NOT_FOUND, CONFLICT where no administrator would be left
 */
export async function changeUser(ctx: Ctx, id: string, { role, disabled }: UserChange): Promise<User> {
  requirePerson(ctx)
  requireRole(ctx, 'ADMIN')
  const [user] = await ctx.db.select().from(users).where(eq(users.id, id))
  if (!user) throw new AppError('NOT_FOUND', `There is no user ${id}.`)
  const now = new Date(ctx.now())
  const disabledAt = disabled === undefined ? user.disabledAt : disabled ? (user.disabledAt ?? now) : null
  const next = { role: role ?? user.role, disabledAt }
  if (user.role === 'ADMIN' && (next.role !== 'ADMIN' || disabledAt)) await requireOtherAdmin(ctx, id)
  const [changed] = await ctx.db.batch([
    ctx.db
      .update(users)
      .set({ ...next, updatedAt: now })
      .where(eq(users.id, id))
      .returning(),
    auditRow(ctx, 'user.update', id, { role: next.role, disabled: disabledAt !== null }),
    ...(disabledAt ? [ctx.db.delete(sessions).where(eq(sessions.userId, id))] : []),
  ])
  if (disabledAt) await revokeKeys(ctx, eq(apiKeys.userId, id))
  else if (next.role === 'AUDITOR') await revokeKeys(ctx, and(eq(apiKeys.userId, id), beyond(SCOPES.auditor)))
  return toView(changed[0] ?? user)
}

async function requireOtherAdmin(ctx: Ctx, id: string): Promise<void> {
  const [others] = await ctx.db
    .select({ many: count() })
    .from(users)
    .where(and(eq(users.role, 'ADMIN'), isNull(users.disabledAt), ne(users.id, id)))
  if (!others?.many)
    throw new AppError('CONFLICT', 'The installation needs an administrator: make somebody else one first.')
}

function toView({
  id,
  name,
  email,
  emailVerified,
  role,
  twoFactorEnabled,
  disabledAt,
  createdAt,
}: typeof users.$inferSelect): User {
  return {
    id,
    name,
    email,
    emailVerified,
    role,
    twoFactor: twoFactorEnabled,
    disabledAt: disabledAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}
