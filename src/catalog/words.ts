import { and, eq, sql, type SQL } from 'drizzle-orm'
import { requireScope, type Ctx } from '../context.ts'
import type { Effect } from '../specs/operation.ts'
import { once } from './once.ts'
import { endpointColumns, scopeTerms, type Endpoint } from './queries.ts'
import { endpoints } from './tables.ts'

/** What is read of an operation to rank it: few columns, and words rather than schemas. */
export type EndpointWords = {
  id: string
  connectionId: string
  method: string
  path: string
  operationId: string | null
  summary: string
  effect: Effect
  deprecated: boolean
  /** As the index holds them: the start of the description, tags, names of parameters and of response fields. */
  description: string
  tags: string
  parameters: string
  response: string
}

const COLUMNS = '{path name summary description parameters response tags}'
const WEIGHTS = sql.raw('0.0, 4.0, 4.0, 5.0, 1.5, 2.0, 1.0, 2.0')
const MAX_TERMS = 64
// A statement takes at most 100 values in D1, and a list two of them.
const MAX_LISTS = 44
const SHORT = '{path summary}'
// How documents speak of whoever calls.
const CALLING = ['authenticated', 'current', 'me', 'my', 'your']
  .map((word) => `{path summary} : "${word}"`)
  .join(' OR ')
// With no more operations than this all of them are worth a look, also those that share no word with the message.
const FEW = 300
const DESCRIPTION_CHARS = 600
const RESPONSE_CHARS = 2500

/**
 * Words to find operations by: the `limit` best by BM25, of those that have them in the path the ones with the shortest, or the
 * same of those that summaries say are about whoever calls, or do what `deed` says.
 */
export type Wanted = { terms: readonly string[]; limit: number } & (
  | { by?: 'words' | 'path' | 'caller' }
  | { by: 'deed'; deed: string }
)

/**
 * The operations of the workspace that share a word with any of the lists of words, of very many the first; with `orFew` all
 * operations where there are few. In the order in which they were stored.
 */
export async function findWords(
  ctx: Ctx,
  lists: readonly Wanted[],
  { connectionId, orFew = true }: { connectionId?: string; orFew?: boolean } = {},
): Promise<EndpointWords[]> {
  requireScope(ctx, 'read')
  const { workspaceId } = ctx.actor
  const searches = lists.slice(0, MAX_LISTS).flatMap((wished) => {
    const { terms, limit, by = 'words' } = wished
    const wanted = [...new Set(terms)].slice(0, MAX_TERMS)
    if (wanted.length === 0) return []
    // Words are letters and digits only, so quoting them is all it takes to keep FTS5 syntax out.
    const columns = { words: COLUMNS, path: 'path', caller: SHORT, deed: SHORT }[by]
    const words = wanted.map((term) => `${columns} : "${term}"`).join(' OR ')
    const deed = wished.by === 'deed' ? ` AND summary : "${wished.deed}"` : ''
    const also = by === 'caller' ? ` AND (${CALLING})` : deed
    const match = `scope : (${scopeTerms(workspaceId, connectionId).split(' ').join(' AND ')}) AND (${words})${also}`
    const order =
      by !== 'words' ? sql`length(${endpoints.path}), ${endpoints.rowid}` : sql`bm25(endpoints_fts, ${WEIGHTS})`
    return [
      sql`${endpoints.rowid} in (select endpoints_fts.rowid from endpoints_fts
        join ${endpoints} on ${endpoints.rowid} = endpoints_fts.rowid
        where endpoints_fts match ${match} and ${endpoints.workspaceId} = ${workspaceId} and ${endpoints.active} = 1
        order by ${order} limit ${sql.raw(String(limit))})`,
    ]
  })
  const few = sql`(select count(*) from (select 1 from ${endpoints}
        where ${endpoints.workspaceId} = ${workspaceId} and ${endpoints.active} = 1 limit ${FEW + 1})) <= ${FEW}`
  const tests = orFew ? [few, ...searches] : searches
  return tests.length === 0 ? [] : readWords(ctx, sql`(${sql.join(tests, sql` or `)})`)
}

/** Active operations of the workspace by their ids, as `findWords` gives them. */
export async function findWordsOf(ctx: Ctx, ids: readonly string[]): Promise<EndpointWords[]> {
  requireScope(ctx, 'read')
  return ids.length === 0 ? [] : readWords(ctx, among(ids))
}

async function readWords(ctx: Ctx, test: SQL): Promise<EndpointWords[]> {
  const { workspaceId } = ctx.actor
  const { id, method, path, operationId, summary, effect, deprecated } = endpoints
  return ctx.db
    .select({
      id,
      connectionId: endpoints.connectionId,
      method,
      path,
      operationId,
      summary,
      effect,
      deprecated,
      description: sql<string>`substr(words.description, 1, ${DESCRIPTION_CHARS})`.as('words_description'),
      tags: sql<string>`words.tags`.as('words_tags'),
      parameters: sql<string>`words.parameters`.as('words_parameters'),
      response: sql<string>`substr(words.response, 1, ${RESPONSE_CHARS})`.as('words_response'),
    })
    .from(endpoints)
    .innerJoin(sql`endpoints_fts as words`, sql`words.rowid = ${endpoints.rowid}`)
    .where(and(eq(endpoints.workspaceId, workspaceId), eq(endpoints.active, true), test))
    .orderBy(endpoints.rowid)
}

/** Operations of the workspace by their ids, whole, in the order of the ids. */
export async function loadInOrder(ctx: Ctx, ids: readonly string[]): Promise<Endpoint[]> {
  const loaded = once(ctx, 'endpoints', () => new Map<string, Promise<Map<string, Endpoint>>>())
  const unread = ids.filter((id) => !loaded.has(id))
  if (unread.length > 0) {
    const rows = load(ctx, unread)
    for (const id of unread) loaded.set(id, rows)
    // What could not be read may be there for whoever asks next.
    rows.catch(() => unread.forEach((id) => loaded.delete(id)))
  }
  const found = await Promise.all(ids.map(async (id) => (await loaded.get(id))?.get(id)))
  return found.flatMap((endpoint) => endpoint ?? [])
}

async function load(ctx: Ctx, ids: readonly string[]): Promise<Map<string, Endpoint>> {
  const rows = await ctx.db
    .select(endpointColumns)
    .from(endpoints)
    .where(and(eq(endpoints.workspaceId, ctx.actor.workspaceId), among(ids)))
  return new Map(rows.map((row) => [row.id, row]))
}

function among(ids: readonly string[]): SQL {
  return sql`${endpoints.id} in (select value from json_each(${JSON.stringify(ids)}))`
}
