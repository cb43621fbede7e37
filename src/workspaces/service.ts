import { and, asc, desc, eq } from 'drizzle-orm'
import { auditRow, recordAudit } from '../audit/audit.ts'
import { SCOPES } from '../auth/session.ts'
import { members, sessions, users, workspaces } from '../auth/tables.ts'
import { createWorkspace } from '../auth/workspace.ts'
import { requireOversight, requireScope, type Ctx } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { apiKeys } from '../keys/tables.ts'
import { requirePerson } from '../people/proof.ts'
import { beyond, revokeKeys } from '../people/revoke-keys.ts'
import type { Member, NewWorkspace, PartChange, Workspace } from './schema.ts'

/** The workspaces that a person belongs to, the newest first. */
export async function listWorkspaces(ctx: Ctx): Promise<Workspace[]> {
  requirePerson(ctx)
  const rows = await ctx.db
    .select({ id: workspaces.id, name: workspaces.name, part: members.role, createdAt: workspaces.createdAt })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .where(eq(members.userId, ctx.actor.userId))
    .orderBy(desc(members.id))
  return rows.map((row) => ({
    ...row,
    current: row.id === ctx.actor.workspaceId,
    createdAt: row.createdAt.toISOString(),
  }))
}

/** Makes another workspace, and goes to work in it. */
export async function addWorkspace(ctx: Ctx, { name }: NewWorkspace): Promise<Workspace> {
  requirePerson(ctx)
  requireScope(ctx, 'write')
  const id = await createWorkspace(ctx, ctx.actor.userId, name)
  await recordAudit({ ...ctx, actor: { ...ctx.actor, workspaceId: id } }, 'workspace.create', id, { name })
  return switchWorkspace(ctx, id)
}

/** Goes to work in another workspace, in this session. @throws AppError NOT_FOUND */
export async function switchWorkspace(ctx: Ctx, id: string): Promise<Workspace> {
  requirePerson(ctx)
  const all = await listWorkspaces(ctx)
  const chosen = all.find((workspace) => workspace.id === id)
  if (!chosen) throw notFound('workspace', id)
  await ctx.db
    .update(sessions)
    .set({ activeWorkspaceId: id })
    .where(and(eq(sessions.id, ctx.actor.id), eq(sessions.userId, ctx.actor.userId)))
  return { ...chosen, current: true }
}

/** Renames the workspace. */
export async function renameWorkspace(ctx: Ctx, { name }: NewWorkspace): Promise<{ id: string; name: string }> {
  requireScope(ctx, 'admin')
  const { workspaceId: id } = ctx.actor
  await ctx.db.batch([
    ctx.db.update(workspaces).set({ name }).where(eq(workspaces.id, id)),
    auditRow(ctx, 'workspace.rename', id, { name }),
  ])
  return { id, name }
}

/** Who belongs to the workspace, whoever came first at the top. */
export async function listMembers(ctx: Ctx): Promise<Member[]> {
  requireOversight(ctx)
  const rows = await ctx.db
    .select({ userId: users.id, name: users.name, email: users.email, part: members.role, since: members.createdAt })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(eq(members.workspaceId, ctx.actor.workspaceId))
    .orderBy(asc(members.id))
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }))
}

/**
 * Gives a member another part, and revokes keys of theirs that could do more than they may from now on.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT for the last owner
 */
export async function changePart(ctx: Ctx, userId: string, { part }: PartChange): Promise<Member> {
  requireScope(ctx, 'admin')
  const member = await requireMayChange(ctx, userId, part)
  await ctx.db.batch([
    ctx.db.update(members).set({ role: part }).where(membership(ctx, userId)),
    auditRow(ctx, 'member.update', userId, { from: member.part, to: part }),
  ])
  await revokeKeys(ctx, and(keysOf(ctx, userId), beyond(SCOPES[part])))
  return { ...member, part }
}

/** Takes somebody out of the workspace, and revokes the keys that they made; people may take themselves out. */
export async function removeMember(ctx: Ctx, userId: string): Promise<void> {
  if (ctx.actor.kind === 'session' && userId === ctx.actor.userId) await requireOwnerLeft(ctx, userId)
  else {
    requireScope(ctx, 'admin')
    await requireMayChange(ctx, userId, null)
  }
  await ctx.db.batch([ctx.db.delete(members).where(membership(ctx, userId)), auditRow(ctx, 'member.remove', userId)])
  await revokeKeys(ctx, keysOf(ctx, userId))
}

const membership = (ctx: Ctx, userId: string) =>
  and(eq(members.workspaceId, ctx.actor.workspaceId), eq(members.userId, userId))

const keysOf = (ctx: Ctx, userId: string) =>
  and(eq(apiKeys.workspaceId, ctx.actor.workspaceId), eq(apiKeys.userId, userId))

/** Owners are made and unmade by owners. */
async function requireMayChange(ctx: Ctx, userId: string, to: Member['part'] | null): Promise<Member> {
  const all = await membersFor(ctx)
  const member = all.find((each) => each.userId === userId)
  if (!member) throw notFound('member', userId)
  const mine = all.find((each) => each.userId === ctx.actor.userId)
  if ((member.part === 'owner' || to === 'owner') && mine?.part !== 'owner')
    throw new AppError('FORBIDDEN', 'Only an owner decides over owners.')
  if (member.part === 'owner' && to !== 'owner') requireOther(all, userId)
  return member
}

async function requireOwnerLeft(ctx: Ctx, userId: string): Promise<void> {
  const all = await membersFor(ctx)
  if (all.find((each) => each.userId === userId)?.part === 'owner') requireOther(all, userId)
}

function requireOther(all: Member[], userId: string): void {
  if (all.some((each) => each.part === 'owner' && each.userId !== userId)) return
  throw new AppError('CONFLICT', 'The workspace needs an owner: make somebody else one first.')
}

async function membersFor(ctx: Ctx): Promise<Member[]> {
  return listMembers({ ...ctx, actor: { ...ctx.actor, role: 'AUDITOR' } })
}
