import { and, asc, count, desc, eq, exists, inArray, isNull, not, or, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { type Ctx, requireScope } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { keysetOf } from '../platform/keyset.ts'
import { isUndone } from '../runs/undo/find-undo.ts'
import type { Batch, BatchList, Progress } from './schema.ts'
import { batches, batchItems } from './tables.ts'
import { sendAdvance } from './work.ts'

const view = {
  id: batches.id,
  workflowId: batches.workflowId,
  workflowVersion: batches.workflowVersion,
  name: batches.name,
  status: batches.status,
  undoes: batches.undoes,
  concurrency: batches.concurrency,
  total: batches.total,
  createdAt: batches.createdAt,
  finishedAt: batches.finishedAt,
}

/** The batches of the workspace, newest first. */
export async function listBatches(ctx: Ctx, { limit, workflowId, ...place }: BatchList) {
  requireScope(ctx, 'read')
  const { after, order } = keysetOf(batches.id, place)
  const rows = await ctx.db
    .select(view)
    .from(batches)
    .where(
      and(
        eq(batches.workspaceId, ctx.actor.workspaceId),
        workflowId ? eq(batches.workflowId, workflowId) : undefined,
        after,
      ),
    )
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  return { items: await withProgress(ctx, items), nextCursor }
}

/** A batch and how far it is. */
export async function getBatch(ctx: Ctx, id: string): Promise<Batch> {
  requireScope(ctx, 'read')
  return showBatch(ctx, id)
}

/** As `getBatch`, for whoever was allowed to change it: they see what they did, also without the scope to read. */
export async function showBatch(ctx: Ctx, id: string): Promise<Batch> {
  const [row] = await ctx.db.select(view).from(batches).where(mine(ctx, id))
  const [batch] = row ? await withProgress(ctx, [row]) : []
  if (!batch) throw notFound('batch', id)
  return batch
}

/**
 * Stops a batch: what has not begun never does, and the runs that are open are cancelled.
 * @throws AppError CONFLICT when it is not running.
 */
export async function cancelBatch(ctx: Ctx, id: string): Promise<Batch> {
  requireScope(ctx, 'execute')
  const isCancelling = ctx.db
    .select({ id: batches.id })
    .from(batches)
    .where(and(mine(ctx, id), eq(batches.status, 'cancelling')))
  const [stopped] = await ctx.db.batch([
    ctx.db
      .update(batches)
      .set({ status: 'cancelling' })
      .where(and(mine(ctx, id), eq(batches.status, 'running')))
      .returning({ id: batches.id }),
    auditRow(ctx, 'batch.cancel', id),
    // One that was to be tried again has failed before, and remains so.
    ctx.db
      .update(batchItems)
      .set({ status: sql`case when ${batchItems.endedAt} is null then 'cancelled' else 'failed' end` })
      .where(and(ofBatch(ctx, id), eq(batchItems.status, 'pending'), exists(isCancelling))),
  ])
  if (stopped.length === 0) throw notIn((await showBatch(ctx, id)).status, id, 'running')
  await sendAdvance(ctx, ctx.actor.workspaceId, id)
  return showBatch(ctx, id)
}

/**
 * Takes a batch that has ended up again: runs that failed go on at the steps that failed, and what was never begun is
 * begun. What is done stays done, a run that was cancelled half-way stays cancelled, and one that is undone as it ended.
 * @throws AppError CONFLICT when it is still open, is undone as a whole, or nothing is left to do.
 */
export async function resumeBatch(ctx: Ctx, id: string): Promise<Batch> {
  requireScope(ctx, 'execute')
  // One that is undone does not go on, nor does an undo that was cancelled and has another in its place.
  const isOver = sql`exists (select 1 from ${batches} as other
    where other.workspace_id = ${batches.workspaceId} and other.status <> 'cancelled'
    and (other.undoes = ${batches.id} or (other.undoes = ${batches.undoes} and other.id <> ${batches.id})))`
  const hasEnded = and(inArray(batches.status, ['completed', 'cancelled']), not(isOver))
  const ended = ctx.db
    .select({ id: batches.id })
    .from(batches)
    .where(and(mine(ctx, id), hasEnded))
  const pending = ctx.db
    .select({ index: batchItems.index })
    .from(batchItems)
    .where(and(ofBatch(ctx, id), eq(batchItems.status, 'pending')))
  // What is undone does not go on.
  const mayGoOn = and(eq(batchItems.status, 'failed'), not(isUndone(batchItems.runId)))
  const neverBegun = and(eq(batchItems.status, 'cancelled'), isNull(batchItems.endedAt))
  const [, resumed] = await ctx.db.batch([
    ctx.db
      .update(batchItems)
      .set({ status: 'pending', tries: 0, claimedAt: null, error: null })
      .where(and(ofBatch(ctx, id), or(mayGoOn, neverBegun), exists(ended))),
    ctx.db
      .update(batches)
      .set({ status: 'running', finishedAt: null })
      .where(and(mine(ctx, id), hasEnded, exists(pending)))
      .returning({ id: batches.id }),
    auditRow(ctx, 'batch.resume', id),
  ])
  if (resumed.length === 0) {
    const { status, undoneBy } = await showBatch(ctx, id)
    const stands = undoneBy && undoneBy.status !== 'cancelled' ? `undone by ${undoneBy.id}` : status
    throw notIn(stands, id, 'ended with something left to do')
  }
  await sendAdvance(ctx, ctx.actor.workspaceId, id)
  return showBatch(ctx, id)
}

/** The batch that takes back what each of some did: the one that stands, else the last that was cancelled. */
async function undosOf(ctx: Ctx, ids: readonly string[]): Promise<Map<string | null, Batch['undoneBy']>> {
  const { id, status, undoes, workspaceId } = batches
  const wanted = sql`${undoes} in (select value from json_each(${JSON.stringify(ids)}))`
  const found = await ctx.db
    .select({ id, status, undoes })
    .from(batches)
    .where(and(eq(workspaceId, ctx.actor.workspaceId), wanted))
    .orderBy(desc(eq(status, 'cancelled')), asc(id))
  return new Map(found.map(({ undoes, ...undoneBy }) => [undoes, undoneBy]))
}

async function withProgress(ctx: Ctx, rows: Omit<Batch, 'progress' | 'undoneBy'>[]): Promise<Batch[]> {
  if (rows.length === 0) return []
  const { batchId, status, workspaceId } = batchItems
  const ids = rows.map((row) => row.id)
  // A page has up to a hundred ids, and D1 takes a hundred values a statement.
  const wanted = sql`${batchId} in (select value from json_each(${JSON.stringify(ids)}))`
  const counted = await ctx.db
    .select({ batchId, status, count: count() })
    .from(batchItems)
    .where(and(eq(workspaceId, ctx.actor.workspaceId), wanted))
    .groupBy(batchId, status)
  const undone = await undosOf(ctx, ids)
  return rows.map((row) => {
    const progress: Progress = { pending: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0, invalid: 0 }
    for (const { batchId: of, status: as, count: many } of counted)
      if (of === row.id) progress[as === 'starting' ? 'running' : as] += many
    return { ...row, undoneBy: undone.get(row.id) ?? null, progress }
  })
}

function notIn(status: string, id: string, wanted: string): AppError {
  return new AppError('CONFLICT', `The batch ${id} is ${status}, not ${wanted}.`)
}

function mine(ctx: Ctx, id: string) {
  return and(eq(batches.id, id), eq(batches.workspaceId, ctx.actor.workspaceId))
}

function ofBatch(ctx: Ctx, id: string) {
  return and(eq(batchItems.batchId, id), eq(batchItems.workspaceId, ctx.actor.workspaceId))
}
