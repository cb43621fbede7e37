import { and, eq, inArray, sql, type SQL } from 'drizzle-orm'
import { endpoints } from '../catalog/tables.ts'
import type { Ctx, World } from '../context.ts'
import { errorFields } from '../platform/log.ts'
import { embedderOf, TEXTS_AT_ONCE, within, type Embedder } from './embedder.ts'
import { embeddings } from './tables.ts'
import { textColumns, textOf } from './text.ts'

/** Says on the ingest queue that operations of a connection may have changed. */
export type EmbedMessage = Place & { kind: 'embed'; requestId: string }

type Place = { workspaceId: string; connectionId: string }

/** Of one message, so that it stays within the subrequests and minutes that a consumer has; the next one goes on. */
const OPERATIONS_AT_ONCE = 1000
const EMBED_MS = 20_000
const INDEX_MS = 10_000
const MESSAGES_AT_ONCE = 100
const CONNECTIONS_A_NIGHT = 1000

/** Has the vector index brought in step with the operations of a connection: on the queue, and missed, at night. Never fails. */
export function noteOperations(ctx: Ctx, connectionId: string): void {
  const { workspaceId } = ctx.actor
  note(ctx, async () => [{ workspaceId, connectionId }])
}

/** The same for all that the index holds of workspaces. */
export function noteWorkspaces(ctx: Ctx, workspaceIds: readonly string[]): void {
  const { workspaceId, connectionId } = embeddings
  note(ctx, () =>
    ctx.db
      .selectDistinct({ workspaceId, connectionId })
      .from(embeddings)
      .where(inArray(workspaceId, [...workspaceIds])),
  )
}

function note(ctx: Ctx, find: () => Promise<Place[]>): void {
  if (!embedderOf(ctx)) return
  const sent = find().then((places) => sendAll(ctx, places))
  ctx.defer(sent.catch((error: unknown) => ctx.log.warn('not embedded until the night', errorFields(error))))
}

/**
 * Brings the vector index in step with the active operations of a connection: what is new or changed is embedded, what
 * is left behind is removed. What has not changed costs nothing.
 * @throws when Workers AI or Vectorize fails, so that the queue tries again
 */
export async function handleEmbed(world: World, message: EmbedMessage): Promise<void> {
  const embedder = embedderOf(world)
  if (!embedder) return
  const embedded = await embedNew(world, message, embedder)
  // Last, for an operation may have gone while it was embedded.
  const removed = await removeLeftBehind(world, message, embedder)
  if (embedded === OPERATIONS_AT_ONCE || removed === OPERATIONS_AT_ONCE) await sendAll(world, [message])
}

/** Finds connections whose operations the index does not hold as they are, of every workspace. Run every night. */
export async function tendEmbeddings(world: World): Promise<void> {
  const embedder = embedderOf(world)
  if (!embedder) return
  const { workspaceId, connectionId } = embeddings
  const rows = await world.db
    .select({ workspaceId: endpoints.workspaceId, connectionId: endpoints.connectionId })
    .from(endpoints)
    .leftJoin(embeddings, eq(embeddings.endpointId, endpoints.id))
    .where(isNew(embedder))
    .union(
      world.db
        .select({ workspaceId, connectionId })
        .from(embeddings)
        .leftJoin(endpoints, eq(endpoints.id, embeddings.endpointId))
        .where(IS_LEFT_BEHIND),
    )
    .limit(CONNECTIONS_A_NIGHT)
  await sendAll(world, rows)
}

async function sendAll({ env, requestId }: World, places: readonly Place[]): Promise<void> {
  const messages = places.map(({ workspaceId, connectionId }) => ({
    body: { kind: 'embed', workspaceId, connectionId, requestId } satisfies EmbedMessage,
  }))
  for (let at = 0; at < messages.length; at += MESSAGES_AT_ONCE)
    await env.INGEST.sendBatch(messages.slice(at, at + MESSAGES_AT_ONCE))
}

const isNew = ({ model }: Embedder) =>
  sql`${endpoints.active} = 1 and (${embeddings.hash} is null or ${embeddings.hash} <> ${endpoints.hash} or ${embeddings.model} <> ${model})`

const IS_LEFT_BEHIND = sql`${endpoints.id} is null or ${endpoints.active} = 0`

async function embedNew(world: World, message: EmbedMessage, embedder: Embedder): Promise<number> {
  const { workspaceId, connectionId } = message
  const rows = await world.db
    .select({ id: endpoints.id, hash: endpoints.hash, ...textColumns })
    .from(endpoints)
    .leftJoin(embeddings, eq(embeddings.endpointId, endpoints.id))
    .where(and(eq(endpoints.workspaceId, workspaceId), eq(endpoints.connectionId, connectionId), isNew(embedder)))
    .limit(OPERATIONS_AT_ONCE)
  for (let at = 0; at < rows.length; at += TEXTS_AT_ONCE) {
    const some = rows.slice(at, at + TEXTS_AT_ONCE)
    const vectors = await embedder.embed(some.map(textOf), EMBED_MS)
    // Before the index has them, so that whatever it holds is known here.
    await store(
      world,
      message,
      embedder,
      some.map(({ id }) => ({ id, hash: '' })),
    )
    const entries = some.map(({ id }, index) => ({ id, namespace: workspaceId, values: vectors[index] ?? [] }))
    await within(world, INDEX_MS, () => embedder.index.upsert(entries))
    await store(world, message, embedder, some)
  }
  return rows.length
}

async function store(
  { db }: World,
  { workspaceId, connectionId }: EmbedMessage,
  { model }: Embedder,
  rows: readonly { id: string; hash: string }[],
): Promise<void> {
  const entries = JSON.stringify(rows.map(({ id, hash }) => ({ id, hash })))
  await db.batch([
    db.delete(embeddings).where(among(workspaceId, rows)),
    db
      .insert(embeddings)
      .select(
        sql`select value ->> 'id', ${workspaceId}, ${connectionId}, value ->> 'hash', ${model} from json_each(${entries})`,
      ),
  ])
}

async function removeLeftBehind(world: World, message: EmbedMessage, { index }: Embedder): Promise<number> {
  const { workspaceId, connectionId } = message
  const rows = await world.db
    .select({ id: embeddings.endpointId })
    .from(embeddings)
    .leftJoin(endpoints, and(eq(endpoints.id, embeddings.endpointId), eq(endpoints.workspaceId, workspaceId)))
    .where(
      and(eq(embeddings.workspaceId, workspaceId), eq(embeddings.connectionId, connectionId), sql`(${IS_LEFT_BEHIND})`),
    )
    .limit(OPERATIONS_AT_ONCE)
  for (let at = 0; at < rows.length; at += TEXTS_AT_ONCE) {
    const some = rows.slice(at, at + TEXTS_AT_ONCE)
    await within(world, INDEX_MS, () => index.deleteByIds(some.map(({ id }) => id)))
    await world.db.delete(embeddings).where(among(workspaceId, some))
  }
  return rows.length
}

function among(workspaceId: string, rows: readonly { id: string }[]): SQL | undefined {
  const ids = JSON.stringify(rows.map(({ id }) => id))
  return and(
    eq(embeddings.workspaceId, workspaceId),
    sql`${embeddings.endpointId} in (select value from json_each(${ids}))`,
  )
}
