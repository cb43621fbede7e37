import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { auditRow, recordAudit } from '../audit/audit.ts'
import { mailLater, pageLink } from '../auth/mails.ts'
import { invitations, members, users, workspaces } from '../auth/tables.ts'
import { type Ctx, requireOversight, requireScope } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { sha256 } from '../lib/hash.ts'
import { newId } from '../lib/ids.ts'
import { requirePerson } from '../people/proof.ts'
import { randomProof } from '../people/random-proof.ts'
import { keysetOf } from '../platform/keyset.ts'
import type { Invitation, InvitationQuery, NewInvitation, Workspace } from './schema.ts'
import { switchWorkspace } from './service.ts'

const INVITATION_MS = 7 * 24 * 3_600_000

/** Invites somebody by mail; an earlier invitation of the same address is withdrawn. */
export async function inviteMember(ctx: Ctx, { email, part }: NewInvitation): Promise<Invitation> {
  requireScope(ctx, 'admin')
  const { workspaceId, userId } = ctx.actor
  const to = email.toLowerCase()
  const [[workspace], [inviter], [already]] = await ctx.db.batch([
    ctx.db.select({ name: workspaces.name }).from(workspaces).where(eq(workspaces.id, workspaceId)),
    ctx.db.select({ name: users.name }).from(users).where(eq(users.id, userId)),
    ctx.db
      .select({ id: members.id })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(members.workspaceId, workspaceId), eq(users.email, to))),
  ])
  if (already) throw new AppError('CONFLICT', 'They belong to the workspace already.')
  if (!workspace || !inviter) throw new AppError('CONFLICT', 'Nobody invites to a workspace that has no members.')
  const proof = randomProof()
  const now = ctx.now()
  const row = {
    id: newId('inv', now),
    workspaceId,
    email: to,
    role: part,
    proofHash: await sha256(proof),
    inviterId: userId,
    expiresAt: new Date(now + INVITATION_MS),
    createdAt: new Date(now),
  }
  await ctx.db.batch([
    ctx.db
      .update(invitations)
      .set({ status: 'withdrawn' })
      .where(
        and(eq(invitations.workspaceId, workspaceId), eq(invitations.email, to), eq(invitations.status, 'pending')),
      ),
    ctx.db.insert(invitations).values(row),
    auditRow(ctx, 'member.invite', row.id, { email: to, part }),
  ])
  const link = pageLink(ctx, '/invitation', { proof })
  const text = `Hello,\n\n${inviter.name} invites you to the workspace "${workspace.name}" at APIQ. Open this link within a week to join:\n\n${link}\n\nIf you do not know them, ignore this mail.\n`
  mailLater(ctx, { to, subject: 'You are invited to a workspace', text, link })
  return toView(row)
}

/** Invitations that are still open. */
export async function listInvitations(
  ctx: Ctx,
  { limit, part, ...place }: InvitationQuery,
): Promise<{ items: Invitation[]; nextCursor: string | null }> {
  requireOversight(ctx)
  const { after, order } = keysetOf(invitations.id, place)
  const rows = await ctx.db
    .select()
    .from(invitations)
    .where(and(open(ctx), after, part === undefined ? undefined : eq(invitations.role, part)))
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  return { items: items.map(toView), nextCursor }
}

/** Takes an invitation back. */
export async function withdrawInvitation(ctx: Ctx, id: string): Promise<void> {
  requireScope(ctx, 'admin')
  const [gone] = await ctx.db.batch([
    ctx.db
      .update(invitations)
      .set({ status: 'withdrawn' })
      .where(and(open(ctx), eq(invitations.id, id)))
      .returning({ id: invitations.id }),
    auditRow(ctx, 'member.invitation_withdrawn', id),
  ])
  if (gone.length === 0) throw notFound('invitation', id)
}

/**
 * Joins a workspace by the link of a mail, and goes to work in it. The link is for the address it was sent to: whoever
 * is signed in must have that one, which the link also confirms.
 * @throws AppError LINK_INVALID, FORBIDDEN
 */
export async function acceptInvitation(ctx: Ctx, proof: string): Promise<Workspace> {
  requirePerson(ctx)
  const { userId } = ctx.actor
  const now = new Date(ctx.now())
  const pending = and(
    eq(invitations.proofHash, await sha256(proof)),
    eq(invitations.status, 'pending'),
    gt(invitations.expiresAt, now),
  )
  const [[found], [me]] = await ctx.db.batch([
    ctx.db.select().from(invitations).where(pending).orderBy(asc(invitations.id)).limit(1),
    ctx.db.select({ email: users.email }).from(users).where(eq(users.id, userId)),
  ])
  if (!found) throw new AppError('LINK_INVALID', 'The invitation has expired, was taken back, or was accepted already.')
  if (me?.email !== found.email)
    throw new AppError('FORBIDDEN', `The invitation is for ${found.email}; sign in with that address.`)
  const { id, workspaceId, role } = found
  const [taken] = await ctx.db.batch([
    ctx.db.update(invitations).set({ status: 'accepted' }).where(pending).returning({ id: invitations.id }),
    // Only where the invitation was still good: it may have been taken back just now.
    ctx.db
      .insert(members)
      .select(
        sql`select ${newId('mem', ctx.now())}, ${workspaceId}, ${userId}, ${role}, ${now.getTime()} where changes() > 0`,
      )
      .onConflictDoNothing(),
    ctx.db.update(users).set({ emailVerified: true }).where(eq(users.id, userId)),
  ])
  if (taken.length === 0) throw new AppError('LINK_INVALID', 'The invitation was accepted or taken back just now.')
  await recordAudit({ ...ctx, actor: { ...ctx.actor, workspaceId } }, 'member.join', userId, {
    invitation: id,
    part: role,
  })
  return switchWorkspace(ctx, workspaceId)
}

const open = (ctx: Ctx) =>
  and(
    eq(invitations.workspaceId, ctx.actor.workspaceId),
    eq(invitations.status, 'pending'),
    gt(invitations.expiresAt, new Date(ctx.now())),
  )

type Row = Pick<typeof invitations.$inferSelect, 'id' | 'email' | 'role' | 'expiresAt' | 'createdAt'>

function toView({ id, email, role, expiresAt, createdAt }: Row): Invitation {
  return { id, email, part: role, expiresAt: expiresAt.toISOString(), createdAt: createdAt.toISOString() }
}
