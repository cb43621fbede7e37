import { and, eq, gte, sql } from 'drizzle-orm'
import { members, users, workspaces } from '../auth/tables.ts'
import type { Ctx } from '../context.ts'
import { toPage } from '../http/router.ts'
import { firstOfMonth } from '../lib/days.ts'
import { usageDays, workspaceLimits } from '../limits/tables.ts'
import { termsOf } from '../limits/terms.ts'
import { containsText } from '../platform/contains-text.ts'
import { keysetOf } from '../platform/keyset.ts'
import { requireInstallation } from './installation.ts'
import type { AdminWorkspace, WorkspaceQuery } from './schema.ts'

/**
 * Every workspace of the installation, or those whose name, id or owner's address has a text in it: who owns it, what it may
 * use and what it used this month, as far as that is written down; for the installation's administrators and auditors.
 */
export async function listAllWorkspaces(
  ctx: Ctx,
  { limit, q, tier, ...place }: WorkspaceQuery,
): Promise<{ items: AdminWorkspace[]; nextCursor: string | null }> {
  await requireInstallation(ctx)
  const { after, order } = keysetOf(workspaces.id, place)
  const owner = ctx.db
    .select({ email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.workspaceId, workspaces.id), eq(members.role, 'owner')))
    .orderBy(members.id)
    .limit(1)
  const first = firstOfMonth(new Date(ctx.now()).toISOString().slice(0, 10))
  const used = ctx.db
    .select({ units: sql`coalesce(sum(${usageDays.units}), 0)` })
    .from(usageDays)
    .where(and(eq(usageDays.workspaceId, workspaces.id), gte(usageDays.day, first)))
  const rows = await ctx.db
    .select({
      id: workspaces.id,
      name: workspaces.name,
      createdAt: workspaces.createdAt,
      owner: sql<string | null>`(${owner})`,
      members: sql<number>`(select count(*) from ${members} where ${members.workspaceId} = ${workspaces.id})`,
      usedThisMonth: sql<number>`(${used})`,
      limits: workspaceLimits,
    })
    .from(workspaces)
    .leftJoin(workspaceLimits, eq(workspaceLimits.workspaceId, workspaces.id))
    .where(
      and(
        after,
        q
          ? containsText(sql`${workspaces.name} || ' ' || ${workspaces.id} || ' ' || coalesce((${owner}), '')`, q)
          : undefined,
        tier === undefined ? undefined : sql`coalesce(${workspaceLimits.tier}, 'free') = ${tier}`,
      ),
    )
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  return { items: items.map(toView), nextCursor }
}

type Row = Omit<AdminWorkspace, 'createdAt' | 'tier' | 'agreed'> & {
  createdAt: Date
  limits: typeof workspaceLimits.$inferSelect | null
}

function toView({ limits, createdAt, ...row }: Row): AdminWorkspace {
  const { tier } = termsOf(limits)
  const agreed = {
    requestsPerMinute: limits?.requestsPerMinute ?? null,
    requestsPerDay: limits?.requestsPerDay ?? null,
    requestsPerMonth: limits?.requestsPerMonth ?? null,
  }
  return { ...row, createdAt: createdAt.toISOString(), tier, agreed }
}
