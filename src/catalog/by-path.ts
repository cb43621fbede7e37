import { and, eq } from 'drizzle-orm'
import { requireScope, type Ctx } from '../context.ts'
import { endpointColumns, ofConnection, type Endpoint } from './queries.ts'
import { endpoints } from './tables.ts'

/** The operation of a connection by its method and its path as the document writes it; null where there is none. */
export async function findByPath(
  ctx: Ctx,
  connectionId: string,
  method: string,
  path: string,
): Promise<Endpoint | null> {
  requireScope(ctx, 'read')
  const [found] = await ctx.db
    .select(endpointColumns)
    .from(endpoints)
    .where(
      and(
        ofConnection(ctx, connectionId),
        eq(endpoints.method, method),
        eq(endpoints.path, path),
        eq(endpoints.active, true),
      ),
    )
  return found ?? null
}
