import { and, eq } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { requireScope, type Ctx } from '../context.ts'
import { notFound } from '../errors.ts'
import { endpointColumns, ofConnection, type Endpoint } from './queries.ts'
import type { EndpointChange } from './schema.ts'
import { endpoints } from './tables.ts'

/** Corrects what calling an operation does to the world; new versions of the document leave it as corrected. */
export async function editEndpoint(
  ctx: Ctx,
  connectionId: string,
  id: string,
  { effect }: EndpointChange,
): Promise<Endpoint> {
  requireScope(ctx, 'write')
  const one = and(ofConnection(ctx, connectionId), eq(endpoints.id, id))
  await ctx.db.batch([
    ctx.db.update(endpoints).set({ effect, effectEdited: true }).where(one),
    auditRow(ctx, 'endpoint.update', id, { effect }),
  ])
  const [row] = await ctx.db.select(endpointColumns).from(endpoints).where(one)
  if (!row) throw notFound('operation', id)
  return row
}
