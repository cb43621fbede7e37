import { and, eq, inArray, isNull, sql, type SQL } from 'drizzle-orm'
import { auditRows } from '../audit/audit.ts'
import type { Ctx, Scope } from '../context.ts'
import { apiKeys } from '../keys/tables.ts'
import { changeFor } from '../limits/change.ts'
import { raiseRevision } from '../limits/terms.ts'

/**
 * Revokes the keys that a condition picks, of whatever workspace: somebody who made them no longer may. Copies of keys
 * may be cached for a while; that their workspace's revision has risen is what every isolate learns on the next request.
 * Until then one of them may have made another, so it looks again until there is none.
 */
export async function revokeKeys(ctx: Ctx, condition: SQL | undefined): Promise<void> {
  const picked = and(condition, isNull(apiKeys.revokedAt))
  for (;;) {
    const keys = await ctx.db.select({ id: apiKeys.id, workspaceId: apiKeys.workspaceId }).from(apiKeys).where(picked)
    if (keys.length === 0) return
    for (const [workspaceId, ofWorkspace] of Map.groupBy(keys, (key) => key.workspaceId))
      await revokeAll(
        { ...ctx, actor: { ...ctx.actor, workspaceId } },
        ofWorkspace.map(({ id }) => id),
      )
  }
}

async function revokeAll(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const { workspaceId } = ctx.actor
  const revokedAt = new Date(ctx.now()).toISOString()
  const entries = ids.map((id) => ({ action: 'key.revoke', resource: id, details: { because: 'owner' } }))
  await changeFor(ctx, workspaceId, () =>
    ctx.db.batch([
      ctx.db
        .update(apiKeys)
        .set({ revokedAt })
        .where(and(eq(apiKeys.workspaceId, workspaceId), inArray(apiKeys.id, ids), isNull(apiKeys.revokedAt))),
      auditRows(ctx, entries),
      raiseRevision(ctx.db, workspaceId),
    ]),
  )
}

/** Picks keys that have a scope besides these: what their maker may not do any more, no key of theirs shall. */
export function beyond(scopes: readonly Scope[]): SQL {
  const list = sql.join(
    scopes.map((scope) => sql`${scope}`),
    sql`, `,
  )
  return sql`exists (select 1 from json_each(${apiKeys.scopes}) where value not in (${list}))`
}
