import { and, eq, sql } from 'drizzle-orm'
import { type Endpoint, endpointColumns } from '../catalog/queries.ts'
import { endpoints } from '../catalog/tables.ts'
import type { Ctx } from '../context.ts'
import { type Compensation, compensationOf, mayCompensate } from './compensation.ts'
import type { Irreversible } from './created-id.ts'

/** What takes back what an operation does; null for one that only reads. */
export type Compensations = (endpoint: Endpoint) => Compensation<Endpoint> | Irreversible | null

/** Reads what may take back what some operations do, each out of the catalogue of its own API. */
export async function findCompensations(ctx: Ctx, calls: readonly Endpoint[]): Promise<Compensations> {
  const creating = calls.filter(({ method, effect }) => effect !== 'read' && (method === 'POST' || method === 'PUT'))
  const found = new Map<string, Compensation<Endpoint> | Irreversible>()
  const deletes = await readDeletes(ctx, creating)
  return (endpoint) => {
    if (endpoint.effect === 'read') return null
    let known = found.get(endpoint.id)
    if (!known) {
      const own = deletes.filter(({ connectionId }) => connectionId === endpoint.connectionId)
      found.set(endpoint.id, (known = compensationOf(endpoint, own)))
    }
    return known
  }
}

/** Those with the method DELETE at a path that one of the calls would be taken back at; most APIs have many others. */
async function readDeletes(ctx: Ctx, calls: readonly Endpoint[]): Promise<Endpoint[]> {
  if (calls.length === 0) return []
  const ids = JSON.stringify([...new Set(calls.map(({ connectionId }) => connectionId))])
  const all = await ctx.db
    .select({ id: endpoints.id, connectionId: endpoints.connectionId, path: endpoints.path })
    .from(endpoints)
    .where(and(ofWorkspace(ctx), isIn(endpoints.connectionId, ids), eq(endpoints.method, 'DELETE'), isActive))
  const near = all.filter(({ connectionId, path }) =>
    calls.some((call) => call.connectionId === connectionId && mayCompensate(call, path)),
  )
  if (near.length === 0) return []
  const wanted = JSON.stringify(near.map(({ id }) => id))
  return ctx.db
    .select(endpointColumns)
    .from(endpoints)
    .where(and(ofWorkspace(ctx), isIn(endpoints.id, wanted)))
}

const isActive = eq(endpoints.active, true)

function ofWorkspace(ctx: Ctx) {
  return eq(endpoints.workspaceId, ctx.actor.workspaceId)
}

/** A list of any length is one value of the statement. */
function isIn(column: typeof endpoints.id | typeof endpoints.connectionId, json: string) {
  return sql`${column} in (select value from json_each(${json}))`
}
