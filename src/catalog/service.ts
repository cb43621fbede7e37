import { and, desc, eq, lt, sql, type SQL } from 'drizzle-orm'
import { type Ctx, requireScope } from '../context.ts'
import { type PageQuery, toPage } from '../http/router.ts'
import { words } from '../lib/words.ts'
import { type Endpoint, endpointColumns, ofConnection, scopeTerms } from './queries.ts'
import type { CatalogQuery } from './schema.ts'
import { endpoints } from './tables.ts'

export type { Endpoint } from './queries.ts'

/** An endpoint a search found; the higher the score, the better it fits. */
export type Hit = { endpoint: Endpoint; score: number }

const MAX_TERMS = 64
// Of the index's columns, `scope` first, which says nothing of how well an operation fits.
const WEIGHTS = sql.raw('0.0, 4.0, 4.0, 5.0, 1.5, 2.0, 1.0, 2.0')
const COLUMNS = '{path name summary description parameters response tags}'

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
  // Those with all the words first; of one word both are the same.
  const operators = terms.length > 1 ? (['AND', 'OR'] as const) : (['OR'] as const)
  const rows = await ranked(ctx, terms, operators, connectionId, limit, filter)
  return rows.map((row) => toHit(row).endpoint)
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
  const rows = await ranked(ctx, wanted, ['OR'], options.connectionId, options.limit)
  return rows.map(toHit)
}

function toHit({ rank, ...endpoint }: Endpoint & { rank: number }): Hit {
  return { endpoint, score: -rank }
}

/**
 * The best matches: those of the first operator, and where they are too few those of the second behind them. They are
 * ranked by their ids alone and read afterwards: SQLite would carry whole operations, schemas and all, through the
 * sorting of everything that matches.
 */
function ranked(
  ctx: Ctx,
  terms: readonly string[],
  operators: readonly ('AND' | 'OR')[],
  connectionId: string | undefined,
  limit: number,
  filter?: SQL,
) {
  const scope = scopeTerms(ctx.actor.workspaceId, connectionId).split(' ').join(' AND ')
  const where = and(
    eq(endpoints.workspaceId, ctx.actor.workspaceId),
    connectionId ? undefined : eq(endpoints.active, true),
    filter,
  )
  const [first, second] = operators.map((operator, turn) => {
    // Words are letters and digits only, so quoting them is all it takes to keep FTS5 syntax out.
    const wanted = terms.map((term) => `${COLUMNS} : "${term}"`).join(` ${operator} `)
    const match = `scope : (${scope}) AND (${wanted})`
    const room = turn === 0 ? undefined : sql`(select count(*) from first) < ${limit}`
    return sql`select endpoints_fts.rowid as found, ${turn} as turn, bm25(endpoints_fts, ${WEIGHTS}) as rank
      from endpoints_fts join ${endpoints} on ${endpoints.rowid} = endpoints_fts.rowid
      where ${and(sql`endpoints_fts match ${match}`, where, room)} order by rank limit ${limit}`
  })
  const others = second ? sql` union all select * from (${second})` : sql``
  const rank: SQL<number> = sql`best.rank`
  return ctx.db
    .select({ ...endpointColumns, rank })
    .from(
      sql`(with first as materialized (${first})
        select found, min(turn) as turn, min(rank) as rank from (select * from first${others})
        group by found order by turn, rank limit ${limit}) as best`,
    )
    .innerJoin(endpoints, sql`${endpoints.rowid} = best.found`)
    .where(eq(endpoints.workspaceId, ctx.actor.workspaceId))
    .orderBy(sql`best.turn`, rank)
}

function distinct(terms: readonly string[]): string[] {
  return [...new Set(terms)].slice(0, MAX_TERMS)
}
