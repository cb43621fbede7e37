import { and, desc, eq, lt, sql, type SQL } from 'drizzle-orm'
import { requireScope, type Ctx } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { words } from '../lib/words.ts'
import { toPage, type PageQuery } from '../http/router.ts'
import type { Operation } from '../specs/operation.ts'
import { endpointsFts } from './fts.ts'
import { indexWords } from './index-words.ts'
import { endpoints } from './tables.ts'

/** An operation in the catalogue, with the connection it belongs to. */
export type Endpoint = Operation & { id: string; connectionId: string }

/** An endpoint a search found; the higher the score, the better it fits. */
export type Hit = { endpoint: Endpoint; score: number }

// D1 takes values of at most 2 MB; a chunk stays well under it.
const CHUNK_CHARS = 800_000

/** The columns that make an `Endpoint`, for selects that join others. */
export const endpointColumns = {
  id: endpoints.id,
  connectionId: endpoints.connectionId,
  method: endpoints.method,
  path: endpoints.path,
  operationId: endpoints.operationId,
  summary: endpoints.summary,
  description: endpoints.description,
  tags: endpoints.tags,
  deprecated: endpoints.deprecated,
  effect: endpoints.effect,
  parameters: endpoints.parameters,
  requestBody: endpoints.requestBody,
  response: endpoints.response,
}

/** The statements that add a connection's operations and their index entries, for the caller's batch. */
export function insertEndpoints(ctx: Ctx, connectionId: string, operations: readonly Operation[]) {
  const { workspaceId } = ctx.actor
  const scope = scopeTerms(workspaceId, connectionId)
  const rows = operations.map((operation) => ({
    ...operation,
    id: newId('end', ctx.now()),
    index: indexWords(operation),
  }))
  return chunk(rows).flatMap((json) => [
    ctx.db.insert(endpoints).select(
      sql`select null, value ->> 'id', ${workspaceId}, ${connectionId}, value ->> 'method', value ->> 'path',
        value ->> 'operationId', value ->> 'summary', value ->> 'description', value -> 'tags', value ->> 'deprecated',
        value ->> 'effect', value -> 'parameters', nullif(value -> 'requestBody', 'null'), nullif(value -> 'response', 'null')
        from json_each(${json})`,
    ),
    ctx.db.insert(endpointsFts).select(
      sql`select e.rowid, ${scope}, value ->> '$.index.path', value ->> '$.index.name', value ->> '$.index.summary',
        value ->> '$.index.description', value ->> '$.index.parameters', value ->> '$.index.response', value ->> '$.index.tags'
        from json_each(${json}) join ${endpoints} e on e.id = value ->> 'id'`,
    ),
  ])
}

/** The statement that removes a connection's operations; their index entries go with them. */
export function deleteEndpoints(ctx: Ctx, connectionId: string) {
  return ctx.db.delete(endpoints).where(ofConnection(ctx, connectionId))
}

/** The operations of one connection, newest first; with a query, the best matches instead, on one page. */
export async function listEndpoints(ctx: Ctx, connectionId: string, input: PageQuery & { query?: string | undefined }) {
  requireScope(ctx, 'read')
  if (input.query) {
    const hits = await searchEndpoints(ctx, words(input.query), { connectionId, limit: input.limit })
    return { items: hits.map((hit) => hit.endpoint), nextCursor: null }
  }
  const rows = await ctx.db
    .select(endpointColumns)
    .from(endpoints)
    .where(and(ofConnection(ctx, connectionId), input.cursor ? lt(endpoints.id, input.cursor) : undefined))
    .orderBy(desc(endpoints.id))
    .limit(input.limit + 1)
  return toPage(rows, input.limit)
}

/**
 * The endpoints whose words fit best, by BM25 with weighted columns. Any one word may match; more and rarer ones rank
 * higher. No words find nothing.
 */
export async function searchEndpoints(
  ctx: Ctx,
  terms: readonly string[],
  options: { connectionId?: string; limit: number },
): Promise<Hit[]> {
  const distinct = [...new Set(terms)].slice(0, 64)
  if (distinct.length === 0) return []
  const scope = scopeTerms(ctx.actor.workspaceId, options.connectionId)
  // Words are letters and digits only, so quoting them is all it takes to keep FTS5 syntax out.
  const match = `scope : (${scope.split(' ').join(' AND ')}) AND {path name summary description parameters response tags} : (${distinct
    .map((term) => `"${term}"`)
    .join(' OR ')})`
  const rank: SQL<number> = sql`bm25(endpoints_fts, 0.0, 4.0, 4.0, 5.0, 1.5, 2.0, 1.0, 2.0)`
  const rows = await ctx.db
    .select({ ...endpointColumns, rank })
    .from(sql`endpoints_fts`)
    .innerJoin(endpoints, sql`${endpoints.rowid} = endpoints_fts.rowid`)
    .where(and(sql`endpoints_fts match ${match}`, eq(endpoints.workspaceId, ctx.actor.workspaceId)))
    .orderBy(rank)
    .limit(options.limit)
  return rows.map(({ rank, ...endpoint }) => ({ endpoint, score: -rank }))
}

function ofConnection(ctx: Ctx, connectionId: string) {
  return and(eq(endpoints.workspaceId, ctx.actor.workspaceId), eq(endpoints.connectionId, connectionId))
}

/** Ids as index terms: the tokenizer splits at the underscore, so it goes. */
function scopeTerms(workspaceId: string, connectionId?: string): string {
  return [workspaceId, connectionId].flatMap((id) => id?.replace('_', '') ?? []).join(' ')
}

function chunk(rows: readonly object[]): string[] {
  const chunks: string[] = []
  let open: string[] = []
  let size = 0
  for (const row of rows) {
    const json = JSON.stringify(row)
    if (size + json.length > CHUNK_CHARS && open.length > 0) {
      chunks.push(`[${open.join(',')}]`)
      open = []
      size = 0
    }
    open.push(json)
    size += json.length
  }
  if (open.length > 0) chunks.push(`[${open.join(',')}]`)
  return chunks
}
