import { and, isNull, type SQL } from 'drizzle-orm'
import { recordAudit } from '../audit/audit.ts'
import type { Ctx } from '../context.ts'
import { apiKeys } from '../keys/tables.ts'

/**
 * Revokes the keys that a condition picks, of whatever workspace: somebody who made them no longer may. Copies of keys
 * may be cached for a while, so the object of each is told, which is asked on every request.
 */
export async function revokeKeys(ctx: Ctx, condition: SQL | undefined): Promise<void> {
  const { db, env } = ctx
  const revokedAt = new Date(ctx.now()).toISOString()
  const picked = and(condition, isNull(apiKeys.revokedAt))
  const keys = await db
    .update(apiKeys)
    .set({ revokedAt })
    .where(picked)
    .returning({ id: apiKeys.id, hash: apiKeys.hash, workspaceId: apiKeys.workspaceId })
  const { RATE_LIMITER: limiters, API_KEYS: copies } = env
  await Promise.all(
    keys.flatMap(({ id, hash }) => [
      limiters.get(limiters.idFromName(`key:${id}`)).revoke(),
      copies.delete(`key:${hash}`),
    ]),
  )
  for (const { id, workspaceId } of keys)
    await recordAudit({ ...ctx, actor: { ...ctx.actor, workspaceId } }, 'key.revoke', id, { because: 'owner' })
}
