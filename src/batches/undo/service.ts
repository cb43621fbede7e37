import { and, desc, eq, gt, sql } from 'drizzle-orm'
import { auditRow } from '../../audit/audit.ts'
import { requireScope, type Ctx } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { idOfPart, newId } from '../../lib/ids.ts'
import { writtenRuns } from '../../runs/register/register.ts'
import { runs } from '../../runs/tables.ts'
import { getUndo } from '../../runs/undo/service.ts'
import { CHUNK_ITEMS, insertItems, type Stored } from '../accept.ts'
import type { Batch } from '../schema.ts'
import { getBatch, showBatch } from '../service.ts'
import { batches, batchItems } from '../tables.ts'
import { sendAdvance } from '../work.ts'
import type { BatchUndo, BatchUndoOptions, BatchUndoQuery } from './schema.ts'
import type { UndoInput } from './undo-item.ts'

/** What undoing the executions of a batch comes to, in the order of its inputs. @throws AppError NOT_FOUND */
export async function listBatchUndo(
  ctx: Ctx,
  id: string,
  { limit, cursor }: BatchUndoQuery,
): Promise<{ items: BatchUndo[]; nextCursor: string | null }> {
  await getBatch(ctx, id)
  const found = await ctx.db
    .select({ index: batchItems.index, executionId: runs.id })
    .from(batchItems)
    .innerJoin(runs, isRunOf(ctx))
    .where(and(ofBatch(ctx, id), gt(batchItems.index, Number(cursor ?? -1))))
    .orderBy(batchItems.index)
    .limit(limit + 1)
  const items = await Promise.all(found.slice(0, limit).map((item) => planOf(ctx, item)))
  const last = items.at(-1)
  return { items, nextCursor: last && found.length > limit ? String(last.index) : null }
}

async function planOf(ctx: Ctx, item: Pick<BatchUndo, 'index' | 'executionId'>): Promise<BatchUndo> {
  try {
    const { calls, remaining, undoneBy } = await getUndo(ctx, item.executionId)
    return { ...item, calls: calls.length, remaining: remaining.length, undoneBy, problem: null }
  } catch (error) {
    if (!(error instanceof AppError) || error.status >= 500) throw error
    return { ...item, calls: 0, remaining: 0, undoneBy: null, problem: error.message }
  }
}

/**
 * Takes back what the executions of a batch did, each by an undo of its own, in a batch of these: the last first. Those
 * that are undone already are left out. A batch is undone once: who asks again gets the undo there is.
 * @throws AppError NOT_FOUND; CONFLICT while it is open, or where it is an undo itself; NOTHING_TO_UNDO
 */
export async function undoBatch(ctx: Ctx, id: string, { concurrency }: BatchUndoOptions): Promise<Batch> {
  requireScope(ctx, 'execute')
  const source = await showBatch(ctx, id)
  if (source.undoes !== null)
    throw new AppError('CONFLICT', `The batch ${id} undoes ${source.undoes}, which is done once.`)
  const before = standingOf(source)
  if (before !== null) return showBatch(ctx, before)
  requireEnded(source)
  const undoId = newId('bat', ctx.now())
  try {
    await ctx.db.insert(batches).values(rowOf(ctx, source, undoId, concurrency))
  } catch (error) {
    // Two at once: the unique index lets one through.
    const other = standingOf(await showBatch(ctx, id))
    if (other === null) throw error
    return showBatch(ctx, other)
  }
  await fill(ctx, id, undoId)
  await sendAdvance(ctx, ctx.actor.workspaceId, undoId)
  return showBatch(ctx, undoId)
}

function requireEnded({ id, status }: Batch): void {
  if (status !== 'completed' && status !== 'cancelled')
    throw new AppError('CONFLICT', `The batch ${id} is ${status}: cancel it, or wait for its end.`)
}

function standingOf({ undoneBy }: Batch): string | null {
  return undoneBy && undoneBy.status !== 'cancelled' ? undoneBy.id : null
}

function rowOf(ctx: Ctx, source: Batch, id: string, concurrency: number): typeof batches.$inferInsert {
  const { workflowId, workflowVersion, name } = source
  const { workspaceId, userId } = ctx.actor
  return {
    id,
    workspaceId,
    workflowId,
    workflowVersion,
    undoes: source.id,
    name: `Undo: ${name}`,
    status: 'accepting',
    concurrency,
    total: 0,
    createdBy: userId,
    createdAt: new Date(ctx.now()).toISOString(),
  }
}

type Made = { line: number; executionId: string }

/** The runs of a batch that nobody undoes, the last first; one that goes on by itself says so when its turn comes. */
async function findMade(ctx: Ctx, id: string): Promise<Made[]> {
  const isLeft = sql`not exists (select 1 from ${runs} as undoing
    where undoing.workspace_id = ${runs.workspaceId} and undoing.undoes = ${runs.id} and undoing.status <> 'cancelled')`
  return ctx.db
    .select({ line: batchItems.line, executionId: runs.id })
    .from(batchItems)
    .innerJoin(runs, isRunOf(ctx))
    .where(and(ofBatch(ctx, id), isLeft))
    .orderBy(desc(batchItems.index))
}

/** Stores the items of an undo, and has it begin. */
async function fill(ctx: Ctx, id: string, undoId: string): Promise<void> {
  const mine = and(eq(batches.id, undoId), eq(batches.workspaceId, ctx.actor.workspaceId))
  try {
    // From here on nobody takes it up again; somebody may have just before.
    requireEnded(await showBatch(ctx, id))
    await writtenRuns(ctx)
    const made = await findMade(ctx, id)
    if (made.length === 0) throw new AppError('NOTHING_TO_UNDO', `The batch ${id} has no execution to undo.`)
    const items = made.map(({ line, executionId }, index): Stored => {
      const input = JSON.stringify({ executionId } satisfies UndoInput)
      return [index, line, idOfPart('run', undoId, index), 'pending', input, null]
    })
    for (let at = 0; at < items.length; at += CHUNK_ITEMS)
      await insertItems(ctx, undoId, items.slice(at, at + CHUNK_ITEMS))
    const details = { undoneBy: undoId, total: made.length }
    await ctx.db.batch([
      ctx.db.update(batches).set({ status: 'running', total: made.length }).where(mine),
      auditRow(ctx, 'batch.undo', id, details),
    ])
  } catch (error) {
    await ctx.db.delete(batches).where(and(mine, eq(batches.status, 'accepting')))
    throw error
  }
}

function isRunOf(ctx: Ctx) {
  return and(eq(runs.id, batchItems.runId), eq(runs.workspaceId, ctx.actor.workspaceId))
}

function ofBatch(ctx: Ctx, id: string) {
  return and(eq(batchItems.batchId, id), eq(batchItems.workspaceId, ctx.actor.workspaceId))
}
