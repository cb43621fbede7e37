import { and, asc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { World } from '../context.ts'
import { batches } from './tables.ts'
import type { BatchMessage } from './work.ts'

// As many messages as one call sends.
const PAGE = 100
const ABANDONED_MS = 3_600_000

/**
 * Puts every open batch on the queue, of every workspace, so that none stands still because a message was lost or
 * whoever had taken it died, and removes those whose sender broke off. Run every minute; a batch that goes its way is
 * only looked at.
 */
export async function tendBatches(world: World): Promise<void> {
  const before = new Date(world.now() - ABANDONED_MS).toISOString()
  await world.db.delete(batches).where(and(eq(batches.status, 'accepting'), lt(batches.createdAt, before)))
  const { id, workspaceId } = batches
  const { requestId } = world
  for (let after = ''; ;) {
    const open = await world.db
      .select({ id, workspaceId })
      .from(batches)
      .where(and(inArray(batches.status, ['running', 'cancelling']), gt(id, after)))
      .orderBy(asc(id))
      .limit(PAGE)
    const last = open.at(-1)
    if (!last) return
    await world.env.STEPS_LOW.sendBatch(
      open.map((batch) => ({
        body: {
          kind: 'batch.advance' as const,
          workspaceId: batch.workspaceId,
          batchId: batch.id,
          requestId,
        } satisfies BatchMessage,
      })),
    )
    after = last.id
  }
}
