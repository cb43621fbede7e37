import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { errorFields } from '../platform/log.ts'
import { loadRunnable, type RunnableWorkflow } from '../runs/runnable.ts'
import { prepareRun, retryRun } from '../runs/start.ts'
import { batchItems, type batches } from './tables.ts'
import { undoItem } from './undo/undo-item.ts'

const MAX_TRIES = 5

export type BatchRow = typeof batches.$inferSelect
export type Item = typeof batchItems.$inferSelect

/** What begins an item; whether it is over with that. */
type Start = { item: Item; start: () => Promise<boolean> }

/** Begins items that were taken up, or goes on with their runs; whether any is over already, without a run. */
export async function startItems(ctx: Ctx, batch: BatchRow, items: Item[]): Promise<boolean> {
  const fresh = items.filter((item) => item.endedAt === null)
  const begun = batch.undoes === null ? await prepareItems(ctx, batch, fresh) : undoStarts(ctx, batch, fresh)
  if (!begun) return false
  const starts: Start[] = [
    ...begun,
    ...items.flatMap((item) => {
      const { runId, endedAt } = item
      return endedAt === null ? [] : [{ item, start: () => retryRun(ctx, runId, endedAt).then(() => false) }]
    }),
  ]
  const results = await Promise.allSettled(starts.map(({ start }) => start()))
  const indexes = (status: 'fulfilled' | 'rejected') =>
    starts.flatMap(({ item }, at) => (results[at]?.status === status ? [item.index] : []))
  await ctx.db
    .update(batchItems)
    .set({ status: 'running' })
    .where(starting(ctx, batch, indexes('fulfilled')))
  const failure = results.find((result) => result.status === 'rejected')
  if (!failure) return results.some((result) => result.status === 'fulfilled' && result.value)
  await giveBack(ctx, batch, indexes('rejected'))
  throw failure.reason
}

/** Has the runs of items taken down, to be started; null where the workflow can no longer be run. */
async function prepareItems(ctx: Ctx, batch: BatchRow, items: Item[]): Promise<Start[] | null> {
  const workflow = await loadOrFail(ctx, batch)
  if (!workflow) return null
  const fresh = items.map((item) => {
    const { runId, input } = item
    return { item, run: prepareRun(ctx, workflow, { runId, input: input ?? {}, trigger: 'batch', source: batch.id }) }
  })
  const [first, ...rest] = fresh.flatMap(({ run }) => run.insert)
  if (first) await ctx.db.batch([first, ...rest])
  return fresh.map(({ item, run }) => ({ item, start: () => run.start().then(() => false) }))
}

/** An item of an undo is a run of another batch; what cannot be undone is told at its item, and has no run. */
function undoStarts(ctx: Ctx, batch: BatchRow, items: Item[]): Start[] {
  return items.map((item) => ({
    item,
    start: async () => {
      const settled = await undoItem(ctx, item)
      if (!settled) return false
      await ctx.db
        .update(batchItems)
        .set(settled)
        .where(starting(ctx, batch, [item.index]))
      return true
    },
  }))
}

/** For the next attempt, until there were enough of them. */
async function giveBack(ctx: Ctx, batch: BatchRow, indexes: number[]): Promise<void> {
  const error = { code: 'INTERNAL', message: `The run could not be started ${MAX_TRIES} times on our side.` }
  const { tries } = batchItems
  await ctx.db.batch([
    ctx.db
      .update(batchItems)
      .set({ claimedAt: 0, tries: sql`${tries} + 1` })
      .where(starting(ctx, batch, indexes)),
    ctx.db
      .update(batchItems)
      .set({ status: 'failed', error })
      .where(and(starting(ctx, batch, indexes), sql`${tries} >= ${MAX_TRIES}`)),
  ])
}

/** The workflow as it was when the batch was accepted; when it can no longer be run, what is left of the batch fails. */
async function loadOrFail(ctx: Ctx, batch: BatchRow): Promise<RunnableWorkflow | null> {
  try {
    return await loadRunnable(ctx, batch.workflowId, batch.workflowVersion)
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    ctx.log.warn('batch cannot be run', { batchId: batch.id, ...errorFields(error) })
    await ctx.db
      .update(batchItems)
      .set({ status: 'failed', error: { code: error.code, message: error.message } })
      .where(and(ofBatch(ctx, batch.id), inArray(batchItems.status, ['pending', 'starting'])))
    return null
  }
}

function starting(ctx: Ctx, batch: BatchRow, indexes: number[]) {
  return and(ofBatch(ctx, batch.id), eq(batchItems.status, 'starting'), inArray(batchItems.index, indexes))
}

function ofBatch(ctx: Ctx, batchId: string) {
  return and(eq(batchItems.batchId, batchId), eq(batchItems.workspaceId, ctx.actor.workspaceId))
}
