import { and, eq, exists, inArray, ne, or, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { auditRow, recordAudit } from '../audit/audit.ts'
import { SCOPES } from '../auth/session.ts'
import { members, sessions, users, workspaces } from '../auth/tables.ts'
import { createWorkspace } from '../auth/workspace.ts'
import { type Ctx, requireOversight, requireScope } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { apiKeys } from '../keys/tables.ts'
import { requirePerson } from '../people/proof.ts'
import { beyond, revokeKeys } from '../people/revoke-keys.ts'
import { keysetOf } from '../platform/keyset.ts'
import type { Member, MemberQuery, NewWorkspace, OwnWorkspaceQuery, PartChange, Workspace } from './schema.ts'

type Page<T> = { items: T[]; nextCursor: string | null }

/** The workspaces that a person belongs to, by when they joined. */
export async function listWorkspaces(ctx: Ctx, { limit, part, ...place }: OwnWorkspaceQuery): Promise<Page<Workspace>> {
  requirePerson(ctx)
  const { after, order } = keysetOf(members.id, place)
  const rows = await selectWorkspaces(ctx)
    .where(and(eq(members.userId, ctx.actor.userId), part === undefined ? undefined : eq(members.role, part), after))
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  return { items: items.map((row) => toWorkspace(ctx, row)), nextCursor }
}

function selectWorkspaces(ctx: Ctx) {
  const { name, createdAt } = workspaces
  return ctx.db
    .select({ id: members.id, workspaceId: members.workspaceId, name, part: members.role, createdAt })
    .from(members)
    .innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
    .$dynamic()
}

type WorkspaceRow = Pick<Workspace, 'name' | 'part'> & { workspaceId: string; createdAt: Date }

function toWorkspace(ctx: Ctx, { workspaceId: id, name, part, createdAt }: WorkspaceRow): Workspace {
  return { id, name, part, current: id === ctx.actor.workspaceId, createdAt: createdAt.toISOString() }
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
  const [chosen] = await selectWorkspaces(ctx).where(
    and(eq(members.userId, ctx.actor.userId), eq(members.workspaceId, id)),
  )
  if (!chosen) throw notFound('workspace', id)
  await ctx.db
    .update(sessions)
    .set({ activeWorkspaceId: id })
    .where(and(eq(sessions.id, ctx.actor.id), eq(sessions.userId, ctx.actor.userId)))
  return { ...toWorkspace(ctx, chosen), current: true }
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

/** Who belongs to the workspace, by when they joined. */
export async function listMembers(ctx: Ctx, { limit, part, ...place }: MemberQuery): Promise<Page<Member>> {
  requireOversight(ctx)
  const { after, order } = keysetOf(members.id, place)
  const rows = await selectMembers(ctx, and(after, part === undefined ? undefined : eq(members.role, part)))
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  return { items: items.map(toMember), nextCursor }
}

function selectMembers(ctx: Ctx, condition?: SQL) {
  const { name, email } = users
  return ctx.db
    .select({ id: members.id, userId: users.id, name, email, part: members.role, since: members.createdAt })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.workspaceId, ctx.actor.workspaceId), condition))
    .$dynamic()
}

function toMember({ userId, name, email, part, since }: Omit<Member, 'since'> & { since: Date }): Member {
  return { userId, name, email, part, since: since.toISOString() }
}

/**
 * Gives a member another part, and revokes keys of theirs that could do more than they may from now on.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT for the last owner
 */
export async function changePart(ctx: Ctx, userId: string, { part }: PartChange): Promise<Member> {
  requireScope(ctx, 'admin')
  const member = await requireMayChange(ctx, userId, part)
  const [changed] = await ctx.db.batch([
    ctx.db
      .update(members)
      .set({ role: part })
      .where(and(membership(ctx, userId), part === 'owner' ? undefined : leavesAnOwner(ctx, userId)))
      .returning({ id: members.id }),
    auditRow(ctx, 'member.update', userId, { from: member.part, to: part }),
  ])
  if (changed.length === 0) throw lastOwner()
  await revokeKeys(ctx, and(keysOf(ctx, userId), beyond(SCOPES[part])))
  return { ...member, part }
}

/** Takes somebody out of the workspace, and revokes the keys that they made; people may take themselves out. */
export async function removeMember(ctx: Ctx, userId: string): Promise<void> {
  if (ctx.actor.kind !== 'session' || userId !== ctx.actor.userId) {
    requireScope(ctx, 'admin')
    await requireMayChange(ctx, userId, null)
  }
  const [gone] = await ctx.db.batch([
    ctx.db
      .delete(members)
      .where(and(membership(ctx, userId), leavesAnOwner(ctx, userId)))
      .returning({ id: members.id }),
    auditRow(ctx, 'member.remove', userId),
  ])
  if (gone.length === 0) throw lastOwner()
  await revokeKeys(ctx, keysOf(ctx, userId))
}

const membership = (ctx: Ctx, userId: string) =>
  and(eq(members.workspaceId, ctx.actor.workspaceId), eq(members.userId, userId))

const keysOf = (ctx: Ctx, userId: string) =>
  and(eq(apiKeys.workspaceId, ctx.actor.workspaceId), eq(apiKeys.userId, userId))

/** Owners are made and unmade by owners. */
async function requireMayChange(ctx: Ctx, userId: string, to: Member['part'] | null): Promise<Member> {
  const two = (await selectMembers(ctx, inArray(members.userId, [userId, ctx.actor.userId]))).map(toMember)
  const member = two.find((each) => each.userId === userId)
  if (!member) throw notFound('member', userId)
  const mine = two.find((each) => each.userId === ctx.actor.userId)
  if ((member.part === 'owner' || to === 'owner') && mine?.part !== 'owner')
    throw new AppError('FORBIDDEN', 'Only an owner decides over owners.')
  return member
}

/** Whether the workspace has an owner without this member, in the statement that would take one away. */
function leavesAnOwner(ctx: Ctx, userId: string): SQL | undefined {
  const other = alias(members, 'other')
  const { workspaceId } = ctx.actor
  const another = and(eq(other.workspaceId, workspaceId), eq(other.role, 'owner'), ne(other.userId, userId))
  return or(ne(members.role, 'owner'), exists(ctx.db.select({ id: other.id }).from(other).where(another)))
}

function lastOwner(): AppError {
  return new AppError('CONFLICT', 'The workspace needs an owner: make somebody else one first.')
}
