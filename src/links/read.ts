import { and, asc, eq, ne, or, sql } from 'drizzle-orm'
import { endpoints } from '../catalog/tables.ts'
import { requireScope, type Ctx } from '../context.ts'
import type { ValueKind } from './answers.ts'
import { RULES } from './graph.ts'
import type { Need, Reason } from './outputs.ts'
import { KEPT } from './producers.ts'
import { ofConnection } from './store.ts'
import { linkConsumers, linkGraphs, linkProducers } from './tables.ts'

/** A field of an answer that fills a need, as it is stored. */
export type StoredProducer = ValueKind & {
  connectionId: string
  endpointId: string
  path: string
  reason: Reason
  cost: number
}

const columns = {
  connectionId: linkProducers.connectionId,
  endpointId: linkProducers.endpointId,
  path: linkProducers.path,
  types: linkProducers.types,
  format: linkProducers.format,
  reason: linkProducers.reason,
  cost: linkProducers.cost,
}

// Ids are given by chance: of what costs the same, the names tell which comes first, the same each time a document is connected.
const CHEAPEST_FIRST = [
  asc(linkProducers.cost),
  asc(endpoints.path),
  asc(endpoints.method),
  asc(linkProducers.endpointId),
] as const

/**
 * What fills a need within one API, the cheapest first. Null where its graph does not tell: it is not made yet, or nothing
 * in the API has the need.
 */
export async function readProducers(ctx: Ctx, connectionId: string, need: Need): Promise<StoredProducer[] | null> {
  requireScope(ctx, 'read')
  const asks = and(
    ofConnection(ctx, connectionId, linkConsumers),
    eq(linkConsumers.noun, need.noun),
    eq(linkConsumers.key, need.key),
  )
  const rows = await ctx.db
    .select({ ...columns, isAsked: sql<number>`exists (select 1 from ${linkConsumers} where ${asks})` })
    .from(linkGraphs)
    .leftJoin(
      linkProducers,
      and(
        ofConnection(ctx, connectionId, linkProducers),
        eq(linkProducers.noun, need.noun),
        eq(linkProducers.key, need.key),
      ),
    )
    .leftJoin(endpoints, eq(endpoints.id, linkProducers.endpointId))
    .where(and(ofConnection(ctx, connectionId, linkGraphs), eq(linkGraphs.rules, RULES)))
    .orderBy(...CHEAPEST_FIRST)
  const found = rows.flatMap((row) => (isProducer(row) ? [row] : []))
  return found.length > 0 || rows.some(({ isAsked }) => isAsked === 1) ? found : null
}

/**
 * What fills a need in the other APIs of the workspace that are in use, the cheapest first: each by the field that the need
 * names, or by the id of the thing.
 */
export async function readProducersElsewhere(
  ctx: Ctx,
  connectionId: string,
  { noun, key }: Need,
): Promise<StoredProducer[]> {
  requireScope(ctx, 'read')
  const rows = await ctx.db
    .select({ ...columns, key: linkProducers.key })
    .from(linkProducers)
    .innerJoin(
      linkGraphs,
      and(
        eq(linkGraphs.workspaceId, linkProducers.workspaceId),
        eq(linkGraphs.connectionId, linkProducers.connectionId),
        eq(linkGraphs.rules, RULES),
      ),
    )
    .innerJoin(endpoints, eq(endpoints.id, linkProducers.endpointId))
    .where(
      and(
        eq(linkProducers.workspaceId, ctx.actor.workspaceId),
        ne(linkProducers.connectionId, connectionId),
        eq(endpoints.active, true),
        eq(endpoints.effect, 'read'),
        eq(linkProducers.noun, noun),
        or(eq(linkProducers.key, key), eq(linkProducers.key, 'id')),
      ),
    )
    .orderBy(...CHEAPEST_FIRST)
    .limit(2 * KEPT)
  const named = rows.filter((row) => row.key === key)
  const others = rows.filter(({ endpointId }) => named.every((row) => row.endpointId !== endpointId))
  return [...named, ...others]
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, KEPT)
    .map(({ key: _key, ...producer }) => producer)
}

function isProducer(row: { [Name in keyof StoredProducer]: StoredProducer[Name] | null }): row is StoredProducer {
  return row.endpointId !== null
}
