import { and, count, eq, inArray, ne } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { callAuth } from '../auth/call.ts'
import { members, users, workspaces } from '../auth/tables.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { apiKeys } from '../keys/tables.ts'
import { closeWorkspaces } from './close-workspaces.ts'
import { requireProof } from './proof.ts'
import { revokeKeys } from './revoke-keys.ts'
import type { CurrentPassword } from './schema.ts'

/**
 * Deletes the account of whoever is signed in, with its sessions, sign-in ways and memberships, and revokes the keys they
 * made, in whichever workspace. Workspaces that nobody else belongs to are closed. Returns the cookies that clear the session.
 * @throws AppError CONFLICT where others would be left without an owner, or the installation without an administrator.
 */
export async function deleteAccount(
  ctx: Ctx,
  { currentPassword }: CurrentPassword,
  headers: Headers,
): Promise<string[]> {
  await requireProof(ctx, currentPassword)
  const { userId } = ctx.actor
  const own = await requireNobodyLeftBehind(ctx)
  await revokeKeys(ctx, eq(apiKeys.userId, userId))
  await closeWorkspaces(ctx, own)
  const { headers: sent } = await callAuth(ctx, (auth) => auth.api.signOut({ headers, returnHeaders: true }))
  await ctx.db.batch([
    ctx.db.delete(users).where(eq(users.id, userId)),
    auditRow(ctx, 'account.delete', userId),
    ctx.db.delete(workspaces).where(inArray(workspaces.id, own)),
  ])
  return sent.getSetCookie()
}

/** The workspaces that only this person belongs to. */
async function requireNobodyLeftBehind(ctx: Ctx): Promise<string[]> {
  const { userId } = ctx.actor
  const mine = ctx.db.select({ id: members.workspaceId }).from(members).where(eq(members.userId, userId))
  const [rows, [me], [otherAdmins]] = await ctx.db.batch([
    ctx.db.select().from(members).where(inArray(members.workspaceId, mine)),
    ctx.db.select({ role: users.role }).from(users).where(eq(users.id, userId)),
    ctx.db
      .select({ many: count() })
      .from(users)
      .where(and(eq(users.role, 'ADMIN'), ne(users.id, userId))),
  ])
  if (me?.role === 'ADMIN' && otherAdmins?.many === 0 && (await countOthers(ctx)) > 0)
    throw new AppError('CONFLICT', 'You are the only administrator of this installation: make somebody else one first.')
  const byWorkspace = Object.groupBy(rows, (row) => row.workspaceId)
  const alone = Object.entries(byWorkspace).filter(([, all]) => all?.length === 1)
  const ownerless = Object.entries(byWorkspace).find(
    ([, all = []]) => all.length > 1 && !all.some((row) => row.role === 'owner' && row.userId !== userId),
  )
  if (ownerless)
    throw new AppError(
      'CONFLICT',
      `You are the only owner of the workspace ${ownerless[0]}: make somebody else one first.`,
    )
  return alone.map(([id]) => id)
}

async function countOthers(ctx: Ctx): Promise<number> {
  const [others] = await ctx.db.select({ many: count() }).from(users).where(ne(users.id, ctx.actor.userId))
  return others?.many ?? 0
}
