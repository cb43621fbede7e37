import { and, desc, eq, lt, sql, type SQL } from 'drizzle-orm'
import { requireScope, type Ctx } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { words } from '../lib/words.ts'
import { toPage, type PageQuery } from '../http/router.ts'
import type { Operation } from '../specs/operation.ts'
import { endpointsFts } from './fts.ts'
import { indexWords } from './index-words.ts'
import type { CatalogQuery } from './schema.ts'
import { endpoints } from './tables.ts'

/** An operation in the catalogue, with the connection it belongs to. */
export type Endpoint = Operation & { id: string; connectionId: string }

/** An endpoint a search found; the higher the score, the better it fits. */
export type Hit = { endpoint: Endpoint; score: number }

// D1 takes values of at most 2 MB; a chunk stays well under it.
const CHUNK_CHARS = 800_000
const MAX_TERMS = 64
const COLUMNS = '{path name summary description parameters response tags}'

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
    return { items: await searchCatalog(ctx, { q: input.query, connectionId, limit: input.limit }), nextCursor: null }
  }
  const rows = await ctx.db
    .select(endpointColumns)
    .from(endpoints)
    .where(and(ofConnection(ctx, connectionId), input.cursor ? lt(endpoints.id, input.cursor) : undefined))
    .orderBy(desc(endpoints.id))
    .limit(input.limit + 1)
  return toPage(rows, input.limit)
}

/** Searches the operations of the workspace by words, those that have all of them first. */
export async function searchCatalog(ctx: Ctx, query: CatalogQuery): Promise<Endpoint[]> {
  requireScope(ctx, 'read')
  const terms = distinct(words(query.q))
  if (terms.length === 0) return []
  const { connectionId, method, tag, effect, deprecated, limit } = query
  const filter = and(
    method === undefined ? undefined : eq(endpoints.method, method),
    effect === undefined ? undefined : eq(endpoints.effect, effect),
    deprecated === undefined ? undefined : eq(endpoints.deprecated, deprecated),
    tag === undefined ? undefined : sql`exists (select 1 from json_each(${endpoints.tags}) where value = ${tag})`,
  )
  const [all, any] = await ctx.db.batch([
    ranked(ctx, terms, 'AND', connectionId, limit, filter),
    ranked(ctx, terms, 'OR', connectionId, limit, filter),
  ])
  const found = new Map([...all, ...any].map(toHit).map(({ endpoint }) => [endpoint.id, endpoint]))
  return [...found.values()].slice(0, limit)
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
  const wanted = distinct(terms)
  if (wanted.length === 0) return []
  const rows = await ranked(ctx, wanted, 'OR', options.connectionId, options.limit)
  return rows.map(toHit)
}

function toHit({ rank, ...endpoint }: Endpoint & { rank: number }): Hit {
  return { endpoint, score: -rank }
}

function ranked(
  ctx: Ctx,
  terms: readonly string[],
  operator: 'AND' | 'OR',
  connectionId: string | undefined,
  limit: number,
  filter?: SQL,
) {
  const scope = scopeTerms(ctx.actor.workspaceId, connectionId).split(' ').join(' AND ')
  // Words are letters and digits only, so quoting them is all it takes to keep FTS5 syntax out.
  const wanted = terms.map((term) => `${COLUMNS} : "${term}"`).join(` ${operator} `)
  const match = `scope : (${scope}) AND (${wanted})`
  const rank: SQL<number> = sql`bm25(endpoints_fts, 0.0, 4.0, 4.0, 5.0, 1.5, 2.0, 1.0, 2.0)`
  return ctx.db
    .select({ ...endpointColumns, rank })
    .from(sql`endpoints_fts`)
    .innerJoin(endpoints, sql`${endpoints.rowid} = endpoints_fts.rowid`)
    .where(and(sql`endpoints_fts match ${match}`, eq(endpoints.workspaceId, ctx.actor.workspaceId), filter))
    .orderBy(rank)
    .limit(limit)
}

function distinct(terms: readonly string[]): string[] {
  return [...new Set(terms)].slice(0, MAX_TERMS)
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
