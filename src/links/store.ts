import { and, eq, sql } from 'drizzle-orm'
import { endpoints } from '../catalog/tables.ts'
import type { Ctx } from '../context.ts'
import { RULES, type Graph } from './graph.ts'
import { linkConsumers, linkGraphs, linkProducers } from './tables.ts'

// D1 takes values of at most 2 MB.
const CHUNK_CHARS = 800_000

/** How many times the operations of an API have changed since its first graph; 0 where it has none. */
export async function graphRevision(ctx: Ctx, connectionId: string): Promise<number> {
  return (await readGraphState(ctx, connectionId))?.revision ?? 0
}

/** The revision of an API's graph, and whether it is there; undefined before the first. */
export async function readGraphState(ctx: Ctx, connectionId: string) {
  const [row] = await ctx.db
    .select({ revision: linkGraphs.revision, rules: linkGraphs.rules })
    .from(linkGraphs)
    .where(ofConnection(ctx, connectionId, linkGraphs))
  return row && { revision: row.revision, isThere: row.rules === RULES }
}

/**
 * The statement that sets the graph of an API aside, for the batch that changes its operations: whoever asks is told that
 * there is none until it is made anew.
 */
export function outdateGraph(ctx: Ctx, connectionId: string) {
  const { workspaceId } = ctx.actor
  return ctx.db
    .insert(linkGraphs)
    .values({ workspaceId, connectionId, revision: 1, rules: 0 })
    .onConflictDoUpdate({
      target: [linkGraphs.workspaceId, linkGraphs.connectionId],
      set: { revision: sql`${linkGraphs.revision} + 1`, rules: 0 },
    })
}

/**
 * The statements that put a graph in the place of the one there was, for one batch. They change nothing where the operations
 * are no longer at the revision that the graph was made of, or are gone.
 */
export function replaceGraph(ctx: Ctx, connectionId: string, graph: Graph, revision: number) {
  const { workspaceId } = ctx.actor
  const isCurrent = sql`(select ${linkGraphs.revision} from ${linkGraphs}
    where ${ofConnection(ctx, connectionId, linkGraphs)}) = ${revision}`
  const producers = graph.productions.flatMap(({ need, producers: found }) =>
    found.map(({ giver, output: { path, types, format, reason }, cost }) =>
      JSON.stringify({ ...need, id: giver.endpointId, path, types: JSON.stringify(types), format, reason, cost }),
    ),
  )
  const consumers = graph.consumers.map(({ need, endpointId, slot, types, format, required }) =>
    JSON.stringify({ ...need, id: endpointId, slot, types: JSON.stringify(types), format, required }),
  )
  return [
    ctx.db
      .insert(linkGraphs)
      .select(
        sql`select ${workspaceId}, ${connectionId}, 0, 0 where exists (select 1 from ${endpoints}
          where ${endpoints.workspaceId} = ${workspaceId} and ${endpoints.connectionId} = ${connectionId})`,
      )
      .onConflictDoNothing(),
    ctx.db.delete(linkProducers).where(and(ofConnection(ctx, connectionId, linkProducers), isCurrent)),
    ctx.db.delete(linkConsumers).where(and(ofConnection(ctx, connectionId, linkConsumers), isCurrent)),
    ...inChunks(producers).map((rows) =>
      ctx.db.insert(linkProducers).select(
        sql`select ${workspaceId}, value ->> 'noun', value ->> 'key', ${connectionId}, value ->> 'id', value ->> 'path',
          value ->> 'types', value ->> 'format', value ->> 'reason', value ->> 'cost'
          from json_each(${rows}) where ${isCurrent}`,
      ),
    ),
    ...inChunks(consumers).map((rows) =>
      ctx.db.insert(linkConsumers).select(
        sql`select ${workspaceId}, value ->> 'noun', value ->> 'key', ${connectionId}, value ->> 'id', value ->> 'slot',
          value ->> 'types', value ->> 'format', value ->> 'required' from json_each(${rows}) where ${isCurrent}`,
      ),
    ),
    ctx.db
      .update(linkGraphs)
      .set({ rules: RULES })
      .where(and(ofConnection(ctx, connectionId, linkGraphs), eq(linkGraphs.revision, revision))),
  ] as const
}

/** The statements that remove the graph of an API, for the batch that removes its operations. */
export function deleteGraph(ctx: Ctx, connectionId: string) {
  return [linkGraphs, linkProducers, linkConsumers].map((table) =>
    ctx.db.delete(table).where(ofConnection(ctx, connectionId, table)),
  )
}

type LinkTable = typeof linkGraphs | typeof linkProducers | typeof linkConsumers

/** Limits a query to the graph of one connection of the workspace. */
export function ofConnection(ctx: Ctx, connectionId: string, table: LinkTable) {
  return and(eq(table.workspaceId, ctx.actor.workspaceId), eq(table.connectionId, connectionId))
}

function inChunks(rows: readonly string[]): string[] {
  const chunks: string[][] = []
  let size = Infinity
  for (const row of rows) {
    size += row.length
    if (size > CHUNK_CHARS) {
      chunks.push([])
      size = row.length
    }
    chunks.at(-1)?.push(row)
  }
  return chunks.map((chunk) => `[${chunk.join(',')}]`)
}
