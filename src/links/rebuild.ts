import { and, asc, gt } from 'drizzle-orm'
import { endpointColumns, ofConnection } from '../catalog/queries.ts'
import { endpoints } from '../catalog/tables.ts'
import type { Ctx } from '../context.ts'
import { GraphBuilder } from './graph.ts'
import { readGraphState, replaceGraph } from './store.ts'

// Operations come whole, schemas and all.
const READ_AT_ONCE = 100

/**
 * Makes the graph of an API anew out of its stored operations, unless it is there. Where they change meanwhile nothing is
 * stored, and it is false.
 */
export async function rebuildGraph(ctx: Ctx, connectionId: string): Promise<boolean> {
  const state = await readGraphState(ctx, connectionId)
  if (state?.isThere) return true
  const builder = new GraphBuilder()
  for (let after = ''; ;) {
    const rows = await ctx.db
      .select(endpointColumns)
      .from(endpoints)
      .where(and(ofConnection(ctx, connectionId), gt(endpoints.id, after)))
      .orderBy(asc(endpoints.id))
      .limit(READ_AT_ONCE)
    for (const endpoint of rows) builder.add(endpoint.id, endpoint)
    const last = rows.at(-1)
    if (!last) break
    after = last.id
  }
  const [first, ...rest] = replaceGraph(ctx, connectionId, builder.build(), state?.revision ?? 0)
  await ctx.db.batch([first, ...rest])
  return (await readGraphState(ctx, connectionId))?.isThere ?? false
}
