import { and, inArray, isNull, sql, type SQL } from 'drizzle-orm'
import { auditRows } from '../audit/audit.ts'
import type { Ctx, Scope } from '../context.ts'
import { apiKeys } from '../keys/tables.ts'
import { changeFor } from '../limits/change.ts'
import { raiseRevision } from '../limits/terms.ts'

/**
 * Revokes the keys that a condition picks, of whatever workspace: somebody who made them no longer may. Copies of keys
 * may be cached for a while; that their workspace's revision has risen is what every isolate learns on the next request.
 */
export async function revokeKeys(ctx: Ctx, condition: SQL | undefined): Promise<void> {
  const revokedAt = new Date(ctx.now()).toISOString()
  const picked = and(condition, isNull(apiKeys.revokedAt))
  const keys = await ctx.db.select({ id: apiKeys.id, workspaceId: apiKeys.workspaceId }).from(apiKeys).where(picked)
  for (const [workspaceId, ofWorkspace] of Map.groupBy(keys, (key) => key.workspaceId)) {
    const ids = ofWorkspace.map(({ id }) => id)
    const owner = { ...ctx, actor: { ...ctx.actor, workspaceId } }
    const entries = ids.map((id) => ({ action: 'key.revoke', resource: id, details: { because: 'owner' } }))
    await changeFor(ctx, workspaceId, () =>
      ctx.db.batch([
        ctx.db
          .update(apiKeys)
          .set({ revokedAt })
          .where(and(inArray(apiKeys.id, ids), picked)),
        auditRows(owner, entries),
        raiseRevision(ctx.db, workspaceId),
      ]),
    )
  }
}

/** Picks keys that have a scope besides these: what their maker may not do any more, no key of theirs shall. */
export function beyond(scopes: readonly Scope[]): SQL {
  const list = sql.join(
    scopes.map((scope) => sql`${scope}`),
    sql`, `,
  )
  return sql`exists (select 1 from json_each(${apiKeys.scopes}) where value not in (${list}))`
}
