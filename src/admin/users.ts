import { and, eq, exists, isNotNull, isNull, ne, or, sql, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { auditRow } from '../audit/audit.ts'
import { SCOPES } from '../auth/session.ts'
import { sessions, users } from '../auth/tables.ts'
import { type Ctx, requireRole } from '../context.ts'
import { AppError } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { apiKeys } from '../keys/tables.ts'
import { requirePerson } from '../people/proof.ts'
import { beyond, revokeKeys } from '../people/revoke-keys.ts'
import { containsText } from '../platform/contains-text.ts'
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
  const rows = await ctx.db
    .select()
    .from(users)
    .where(
      and(
        after,
        q ? containsText(sql`${users.name} || ' ' || ${users.email}`, q) : undefined,
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
 * Gives somebody another role or another limit, or disables or enables their account. It holds from their next request on;
 * disabling revokes the keys that they made for good, and making them an auditor those that could do more than read.
 * @throws AppError NOT_FOUND, CONFLICT where no administrator would be left
 */
export async function changeUser(ctx: Ctx, id: string, change: UserChange): Promise<User> {
  requirePerson(ctx)
  requireRole(ctx, 'ADMIN')
  const [user] = await ctx.db.select().from(users).where(eq(users.id, id))
  if (!user) throw new AppError('NOT_FOUND', `There is no user ${id}.`)
  const now = new Date(ctx.now())
  const { role = user.role, disabled = user.disabledAt !== null, requestsPerMinute = user.requestsPerMinute } = change
  const disabledAt = disabled ? (user.disabledAt ?? now) : null
  const [changed] = await ctx.db.batch([
    ctx.db
      .update(users)
      .set({ role, disabledAt, requestsPerMinute, updatedAt: now })
      .where(and(eq(users.id, id), role === 'ADMIN' && !disabled ? undefined : leavesAnAdmin(ctx, id)))
      .returning(),
    auditRow(ctx, 'user.update', id, { role, disabled, requestsPerMinute }),
    ...(disabled ? [ctx.db.delete(sessions).where(and(eq(sessions.userId, id), isDisabled(ctx, id)))] : []),
  ])
  if (!changed[0])
    throw new AppError('CONFLICT', 'The installation needs an administrator: make somebody else one first.')
  if (disabled) await revokeKeys(ctx, eq(apiKeys.userId, id))
  else if (role === 'AUDITOR') await revokeKeys(ctx, and(eq(apiKeys.userId, id), beyond(SCOPES.auditor)))
  return toView(changed[0])
}

/** Whether there is an administrator without this user, in the statement that would take one away. */
function leavesAnAdmin(ctx: Ctx, id: string): SQL | undefined {
  const other = alias(users, 'other')
  const another = and(eq(other.role, 'ADMIN'), isNull(other.disabledAt), ne(other.id, id))
  return or(
    ne(users.role, 'ADMIN'),
    isNotNull(users.disabledAt),
    exists(ctx.db.select({ id: other.id }).from(other).where(another)),
  )
}

function isDisabled(ctx: Ctx, id: string): SQL {
  return exists(
    ctx.db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.id, id), isNotNull(users.disabledAt))),
  )
}

function toView({
  id,
  name,
  email,
  emailVerified,
  role,
  twoFactorEnabled,
  disabledAt,
  requestsPerMinute,
  createdAt,
}: typeof users.$inferSelect): User {
  return {
    id,
    name,
    email,
    emailVerified,
    role,
    twoFactor: twoFactorEnabled,
    requestsPerMinute,
    disabledAt: disabledAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}
