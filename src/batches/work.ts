import { and, eq, exists, inArray, lt, ne, notExists, or, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { systemCtx, type Ctx, type World } from '../context.ts'
import { errorFields } from '../platform/log.ts'
import type { RunEnded } from '../runs/projection.ts'
import { cancelRun } from '../runs/start.ts'
import { runs } from '../runs/tables.ts'
import { isUndone } from '../runs/undo/find-undo.ts'
import { startItems, type BatchRow, type Item } from './start-items.ts'
import { batches, batchItems } from './tables.ts'

/** What the queue carries about batches: ids only. */
export type BatchMessage = { kind: 'batch.advance'; workspaceId: string; batchId: string; requestId: string }

const LEASE_MS = 60_000

/** Has the queue look after a batch. Should it be out of reach, `tendBatches` does so within a minute. */
export async function sendAdvance(world: World, workspaceId: string, batchId: string): Promise<void> {
  const { requestId } = world
  try {
    await world.env.STEPS_LOW.send({ kind: 'batch.advance', workspaceId, batchId, requestId } satisfies BatchMessage)
  } catch (error) {
    world.log.error('message about a batch not sent', { batchId, ...errorFields(error) })
  }
}

/** What a message about a batch asks for. A run that belongs to none is passed over. */
export async function handleBatchMessage(world: World, message: BatchMessage | RunEnded): Promise<void> {
  const { workspaceId } = message
  if (message.kind === 'batch.advance') return advanceBatch(world, workspaceId, message.batchId)
  const [item] = await world.db
    .select({ batchId: batchItems.batchId })
    .from(batchItems)
    .where(and(eq(batchItems.runId, message.runId), eq(batchItems.workspaceId, workspaceId)))
  if (item) await advanceBatch(world, workspaceId, item.batchId, message.runId)
}

/**
 * Takes a batch one step on from wherever it stands: takes note of runs that have ended, starts as many as there is room
 * for, ends the batch when nothing is left. Messages may come twice, late, out of order or at the same time: an item is
 * taken up by one statement that also counts the room, its run's id follows from batch and index so that starting twice
 * is starting once, and what somebody took up and died over is taken up again after a minute.
 */
async function advanceBatch(world: World, workspaceId: string, batchId: string, endedRun?: string): Promise<void> {
  await settle(world, workspaceId, batchId, endedRun)
  const batch = await findBatch(world, workspaceId, batchId)
  if (batch?.status !== 'running' && batch?.status !== 'cancelling') return
  const ctx = systemCtx(world, workspaceId, batch.createdBy)
  try {
    const items = await claim(ctx, batch)
    // What ended without a run sends no message about its end.
    if (items.length > 0 && (await startItems(ctx, batch, items))) await sendAdvance(ctx, workspaceId, batchId)
  } finally {
    // Asked again: who cancels meanwhile does not see what is just being started.
    if ((await findBatch(ctx, workspaceId, batchId))?.status === 'cancelling') await stopItems(ctx, batch)
    await finish(ctx, batch)
  }
}

/** Items whose run has ended, or has ended anew since they were last looked at. */
async function settle(world: World, workspaceId: string, batchId: string, endedRun?: string): Promise<void> {
  const of = (column: typeof runs.status | typeof runs.finishedAt) =>
    sql`(select ${column} from ${runs} where ${runs.id} = ${batchItems.runId})`
  const open = inArray(batchItems.status, ['starting', 'running'])
  const resumed =
    endedRun === undefined ? undefined : and(eq(batchItems.runId, endedRun), eq(batchItems.status, 'failed'))
  await world.db
    .update(batchItems)
    .set({ status: of(runs.status), endedAt: of(runs.finishedAt), error: null })
    .where(
      and(
        eq(batchItems.batchId, batchId),
        eq(batchItems.workspaceId, workspaceId),
        or(open, resumed),
        exists(
          world.db
            .select({ id: runs.id })
            .from(runs)
            .where(
              and(
                eq(runs.id, batchItems.runId),
                eq(runs.workspaceId, workspaceId),
                inArray(runs.status, ['succeeded', 'failed', 'cancelled']),
                // One that is undone is not taken up again: how it ended stays.
                or(sql`${runs.finishedAt} is not ${batchItems.endedAt}`, isUndone(runs.id)),
              ),
            ),
        ),
      ),
    )
}

/** Pending items as far as there is room, and those that were taken up and not seen since. */
async function claim(ctx: Ctx, batch: BatchRow): Promise<Item[]> {
  const now = ctx.now()
  const room = sql`max(0, ${batch.concurrency} - (select count(*) from batch_items where batch_id = ${batch.id} and status in ('starting', 'running')))`
  const first = sql`(select "index" from batch_items where batch_id = ${batch.id} and status = 'pending' order by "index" limit ${room})`
  return ctx.db
    .update(batchItems)
    .set({ status: 'starting', claimedAt: now })
    .where(
      and(
        ofBatch(ctx, batch.id),
        or(
          and(eq(batchItems.status, 'pending'), sql`${batchItems.index} in ${first}`),
          and(eq(batchItems.status, 'starting'), lt(batchItems.claimedAt, now - LEASE_MS)),
        ),
      ),
    )
    .returning()
}

async function stopItems(ctx: Ctx, batch: BatchRow): Promise<void> {
  const open = await ctx.db
    .select({ runId: batchItems.runId })
    .from(batchItems)
    .where(and(ofBatch(ctx, batch.id), eq(batchItems.status, 'running')))
  await Promise.all(open.map(({ runId }) => cancelRun(ctx, runId)))
}

async function finish(ctx: Ctx, batch: BatchRow): Promise<void> {
  const left = ctx.db
    .select({ index: batchItems.index })
    .from(batchItems)
    .where(and(ofBatch(ctx, batch.id), inArray(batchItems.status, ['pending', 'starting', 'running'])))
  await ctx.db.batch([
    ctx.db
      .update(batches)
      .set({
        status: sql`case ${batches.status} when 'cancelling' then 'cancelled' else 'completed' end`,
        finishedAt: new Date(ctx.now()).toISOString(),
      })
      .where(
        and(
          eq(batches.id, batch.id),
          eq(batches.workspaceId, batch.workspaceId),
          inArray(batches.status, ['running', 'cancelling']),
          notExists(left),
        ),
      ),
    auditRow(ctx, 'batch.end', batch.id),
  ])
}

async function findBatch(world: World, workspaceId: string, id: string): Promise<BatchRow | undefined> {
  const [batch] = await world.db
    .select()
    .from(batches)
    .where(and(eq(batches.id, id), eq(batches.workspaceId, workspaceId), ne(batches.status, 'accepting')))
  return batch
}

function ofBatch(ctx: Ctx, batchId: string) {
  return and(eq(batchItems.batchId, batchId), eq(batchItems.workspaceId, ctx.actor.workspaceId))
}
