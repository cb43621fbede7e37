import { and, asc, eq, gt, inArray } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { runs } from '../runs/tables.ts'
import type { BatchItem, BatchResult, ItemQuery } from './schema.ts'
import { getBatch } from './service.ts'
import { batchItems } from './tables.ts'

/** The inputs of a batch in their order, each with how far it is; outputs are left to `streamResults`. */
export async function listBatchItems(
  ctx: Ctx,
  id: string,
  { limit, cursor, status }: ItemQuery,
): Promise<{ items: BatchItem[]; nextCursor: string | null }> {
  await getBatch(ctx, id)
  const found = await readItems(ctx, id, { after: Number(cursor ?? -1), limit: limit + 1, status })
  const items = found.slice(0, limit).map(({ output: _output, ...item }) => item)
  const last = items.at(-1)
  return { items, nextCursor: last && found.length > limit ? String(last.index) : null }
}

/** Up to `limit` items behind the index `after`, each with what became of it. The batch is known to be the caller's. */
export async function readItems(
  ctx: Ctx,
  batchId: string,
  { after, limit, status }: { after: number; limit: number; status?: BatchItem['status'] | undefined },
): Promise<BatchResult[]> {
  const { workspaceId } = ctx.actor
  const rows = await ctx.db
    .select({
      index: batchItems.index,
      line: batchItems.line,
      status: batchItems.status,
      problem: batchItems.error,
      executionId: runs.id,
      output: runs.output,
      error: runs.error,
    })
    .from(batchItems)
    .leftJoin(runs, and(eq(runs.id, batchItems.runId), eq(runs.workspaceId, workspaceId)))
    .where(
      and(
        eq(batchItems.batchId, batchId),
        eq(batchItems.workspaceId, workspaceId),
        gt(batchItems.index, after),
        // An item whose run is being started is shown as running.
        status && inArray(batchItems.status, status === 'running' ? ['starting', 'running'] : [status]),
      ),
    )
    .orderBy(asc(batchItems.index))
    .limit(limit)
  return rows.map(({ problem, status: stored, ...row }) => ({
    ...row,
    status: stored === 'starting' ? ('running' as const) : stored,
    error: problem ? { ...problem, step: null } : row.error && { code: null, ...row.error },
  }))
}
