import { and, eq, ne, or, sql } from 'drizzle-orm'
import { endpointColumns, ofConnection as ofCatalog } from '../catalog/queries.ts'
import { endpoints } from '../catalog/tables.ts'
import { requireScope, type Ctx } from '../context.ts'
import { notFound } from '../errors.ts'
import { consumersOf, RULES, type Consumer } from './graph.ts'
import { canTake } from './outputs.ts'
import { KEPT } from './producers.ts'
import type { EndpointLinks, Link } from './schema.ts'
import { readGraphState } from './store.ts'
import { linkConsumers, linkGraphs, linkProducers } from './tables.ts'

// That things of one name are the same in two APIs is less sure than anything within one.
const ELSEWHERE = 4
const MAX_OUTPUTS = 100
// Before those that are not likely, or do not fit, are left out.
const READ = 1000

/**
 * What can fill the slots of an operation, and which slots of others its answer can fill, within its API and across those
 * that are in use. @throws AppError NOT_FOUND
 */
export async function listLinks(ctx: Ctx, connectionId: string, endpointId: string): Promise<EndpointLinks> {
  requireScope(ctx, 'read')
  const [endpoint] = await ctx.db
    .select(endpointColumns)
    .from(endpoints)
    .where(and(ofCatalog(ctx, connectionId), eq(endpoints.id, endpointId)))
  if (!endpoint) throw notFound('operation', endpointId)
  const consumers = consumersOf(endpointId, endpoint)
  const [state, givers, outputs] = await Promise.all([
    readGraphState(ctx, connectionId),
    readGivers(ctx, connectionId, endpointId, consumers),
    endpoint.effect === 'read' ? readTakers(ctx, connectionId, endpointId) : [],
  ])
  return {
    status: state?.isThere ? 'ready' : 'pending',
    inputs: consumers.flatMap((consumer) => {
      const { slot, required, need, types, format } = consumer
      const links = givers
        .filter((giver) => giver.identifies === need.noun && isSameKey(giver, consumer, connectionId))
        .filter((giver) => canTake({ types, format }, giver))
        .map((giver): Link => ({ ...toLink(giver), slot, required }))
      // An Idempotency-Key identifies nothing that anybody could give.
      if (links.length === 0 && !required && isBeside(slot)) return []
      return [{ slot, required, identifies: need.noun, links: likeliest(links, KEPT) }]
    }),
    outputs: likeliest(outputs, MAX_OUTPUTS),
  }
}

const farther = (connectionId: string, other: typeof linkProducers.connectionId | typeof linkConsumers.connectionId) =>
  sql<number>`${linkProducers.cost} + case when ${other} = ${connectionId} then 0 else ${ELSEWHERE} end`

const linkColumns = {
  field: linkProducers.path,
  identifies: linkProducers.noun,
  reason: linkProducers.reason,
  method: endpoints.method,
  path: endpoints.path,
  summary: endpoints.summary,
}

/** What gives any of what some slots need. */
function readGivers(ctx: Ctx, connectionId: string, endpointId: string, consumers: readonly Consumer[]) {
  const nouns = JSON.stringify([...new Set(consumers.map(({ need }) => need.noun))])
  return ctx.db
    .select({
      ...linkColumns,
      connectionId: linkProducers.connectionId,
      endpointId: linkProducers.endpointId,
      key: linkProducers.key,
      types: linkProducers.types,
      format: linkProducers.format,
      cost: farther(connectionId, linkProducers.connectionId),
    })
    .from(linkProducers)
    .innerJoin(linkGraphs, isThere(linkProducers))
    .innerJoin(endpoints, and(eq(endpoints.id, linkProducers.endpointId), eq(endpoints.effect, 'read')))
    .where(
      and(
        eq(linkProducers.workspaceId, ctx.actor.workspaceId),
        sql`${linkProducers.noun} in (select value from json_each(${nouns}))`,
        ne(linkProducers.endpointId, endpointId),
        inUse(connectionId),
      ),
    )
    .limit(READ)
}

type Giver = Awaited<ReturnType<typeof readGivers>>[number]

/** The slots that an operation's answer can fill, as far as they take what it holds. */
async function readTakers(ctx: Ctx, connectionId: string, endpointId: string): Promise<Link[]> {
  const { workspaceId } = ctx.actor
  const rows = await ctx.db
    .select({
      ...linkColumns,
      connectionId: linkConsumers.connectionId,
      endpointId: linkConsumers.endpointId,
      slot: linkConsumers.slot,
      required: linkConsumers.required,
      given: { types: linkProducers.types, format: linkProducers.format },
      taken: { types: linkConsumers.types, format: linkConsumers.format },
      cost: farther(connectionId, linkConsumers.connectionId),
    })
    .from(linkProducers)
    .innerJoin(
      linkConsumers,
      and(
        eq(linkConsumers.workspaceId, workspaceId),
        eq(linkConsumers.noun, linkProducers.noun),
        or(
          eq(linkConsumers.key, linkProducers.key),
          and(ne(linkConsumers.connectionId, connectionId), eq(linkProducers.key, 'id')),
        ),
      ),
    )
    .innerJoin(linkGraphs, isThere(linkConsumers))
    .innerJoin(endpoints, eq(endpoints.id, linkConsumers.endpointId))
    .where(
      and(
        eq(linkProducers.workspaceId, workspaceId),
        eq(linkProducers.connectionId, connectionId),
        eq(linkProducers.endpointId, endpointId),
        ne(linkConsumers.endpointId, endpointId),
        inUse(connectionId),
        sql`exists (select 1 from ${linkGraphs} own where own.workspace_id = ${workspaceId}
          and own.connection_id = ${connectionId} and own.rules = ${RULES})`,
      ),
    )
    .limit(READ)
  return rows.flatMap(({ given, taken, ...link }) => (canTake(taken, given) ? [link] : []))
}

/** Whether a slot is in a header or a cookie. */
function isBeside(slot: string): boolean {
  return slot.startsWith('header.') || slot.startsWith('cookie.')
}

/** Whether what is given is what the slot names, or from another API the id of the thing. */
function isSameKey({ key, connectionId }: Giver, { need }: Consumer, own: string): boolean {
  return key === need.key || (connectionId !== own && key === 'id')
}

function toLink({ key: _key, types: _types, format: _format, ...link }: Giver) {
  return link
}

/** The joined graph, where it is there. */
function isThere(table: typeof linkProducers | typeof linkConsumers) {
  return and(
    eq(linkGraphs.workspaceId, table.workspaceId),
    eq(linkGraphs.connectionId, table.connectionId),
    eq(linkGraphs.rules, RULES),
  )
}

/** Operations of other APIs count only while these are in use. */
function inUse(connectionId: string) {
  return or(eq(endpoints.connectionId, connectionId), eq(endpoints.active, true))
}

/** The likeliest, each operation once for a slot. */
function likeliest(links: readonly Link[], most: number): Link[] {
  const sorted = links.toSorted((a, b) => a.cost - b.cost || compare(nameOf(a), nameOf(b)))
  const seen = new Map(sorted.toReversed().map((link) => [`${link.endpointId} ${link.slot}`, link]))
  return sorted.filter((link) => seen.get(`${link.endpointId} ${link.slot}`) === link).slice(0, most)
}

const nameOf = ({ method, path, slot }: Link) => `${method} ${path} ${slot}`
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
