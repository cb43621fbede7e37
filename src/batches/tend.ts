import { and, asc, eq, gt, inArray, isNotNull, lt, or } from 'drizzle-orm'
import type { World } from '../context.ts'
import { batches } from './tables.ts'
import type { BatchMessage } from './work.ts'

// As many messages as one call sends.
const PAGE = 100
// An upload may take its time.
const ABANDONED_MS = 3_600_000
// Nobody sends the items of an undo: more than any request takes to find and store them.
const UNDO_ABANDONED_MS = 300_000

/**
 * Puts every open batch on the queue, of every workspace, so that none stands still because a message was lost or
 * whoever had taken it died, and removes those whose sender broke off or whose Worker died while it accepted them; of an
 * undo soon, as no other is begun while it is there. Run every minute; a batch that goes its way is only looked at.
 */
export async function tendBatches(world: World): Promise<void> {
  const before = (ms: number) => lt(batches.createdAt, new Date(world.now() - ms).toISOString())
  const isAbandoned = or(before(ABANDONED_MS), and(isNotNull(batches.undoes), before(UNDO_ABANDONED_MS)))
  await world.db.delete(batches).where(and(eq(batches.status, 'accepting'), isAbandoned))
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
