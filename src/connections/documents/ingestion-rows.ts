import { and, desc, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Ctx } from '../../context.ts'
import type { Db } from '../../platform/db.ts'
import type { Ingestion } from '../schema.ts'
import { ingestions } from '../tables.ts'

const { workspaceId: _workspace, source: _source, input: _input, ...rest } = getTableColumns(ingestions)
const { requestedBy: _requestedBy, requestId: _requestId, ...view } = rest

/** How far the latest reading of a connection's document on the queue is; null where there was none. */
export async function latestIngestion(ctx: Ctx, connectionId: string): Promise<Ingestion | null> {
  return readLatestIngestion(ctx.db, ctx.actor.workspaceId, connectionId)
}

/** As `latestIngestion`, for the object of a connection, which has no context. */
export async function readLatestIngestion(
  db: Db,
  workspaceId: string,
  connectionId: string,
): Promise<Ingestion | null> {
  const [row] = await db
    .select(view)
    .from(ingestions)
    .where(and(eq(ingestions.workspaceId, workspaceId), eq(ingestions.connectionId, connectionId)))
    .orderBy(desc(ingestions.id))
    .limit(1)
  return row ? toIngestion(row) : null
}

/** One reading with where its document is; null where there is none of it in the workspace. */
export async function findIngestion(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select()
    .from(ingestions)
    .where(and(eq(ingestions.workspaceId, ctx.actor.workspaceId), eq(ingestions.id, id)))
  return row ?? null
}

/** The statement that notes how far a reading is. */
export function updateIngestion(ctx: Ctx, id: string, change: Partial<typeof ingestions.$inferInsert>) {
  return ctx.db
    .update(ingestions)
    .set(change)
    .where(and(eq(ingestions.workspaceId, ctx.actor.workspaceId), eq(ingestions.id, id)))
}

/** Notes how far a reading is, and tells those who watch unless a later one has begun. */
export async function reportIngestion(
  ctx: Ctx,
  row: { id: string; connectionId: string },
  change: Partial<typeof ingestions.$inferInsert>,
): Promise<void> {
  const isLatest = sql`${ingestions.id} = (select max(one.id) from ${ingestions} one
    where one.workspace_id = ${ctx.actor.workspaceId} and one.connection_id = ${row.connectionId})`
  const [noted] = await updateIngestion(ctx, row.id, change).returning({ ...view, latest: isLatest.mapWith(Boolean) })
  if (!noted?.latest) return
  const { latest: _, ...ingestion } = noted
  await ctx.env.API_CONNECTION.getByName(row.connectionId).ingestionChanged(toIngestion(ingestion))
}

/** A live view of a reading as server-sent events: `progress`, and at the end `done` or `failed`. */
export async function watchIngestion(ctx: Ctx, connectionId: string): Promise<ReadableStream> {
  return ctx.env.API_CONNECTION.getByName(connectionId).watchIngestion(ctx.actor.workspaceId, connectionId)
}

function toIngestion({ error, ...row }: Pick<typeof ingestions.$inferSelect, keyof typeof view>): Ingestion {
  return { ...row, error: error && { ...error, errors: error.errors?.slice() } }
}
