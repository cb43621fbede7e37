import { and, eq, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { indexEndpoints, insertEndpoints, loadEndpoints } from '../catalog/store.ts'
import { endpoints } from '../catalog/tables.ts'
import type { Endpoint } from '../catalog/service.ts'
import { requireScope, type Ctx } from '../context.ts'
import { noteOperations } from '../embeddings/sync.ts'
import { AppError, notFound } from '../errors.ts'
import { outdateGraph } from '../links/store.ts'
import { importEndpoints, type HandWrittenEndpoint } from '../specs/import/index.ts'
import { openSpec } from '../specs/load.ts'
import { operationName } from '../specs/operation.ts'
import { toEndpoint } from './documents/versions.ts'
import { mine } from './queries.ts'
import { relink } from './relink.ts'
import { getConnection } from './service.ts'
import { connections } from './tables.ts'

/**
 * Adds an operation that no document tells of. New versions of a document leave it.
 * @throws AppError CONFLICT when the API has it already, SPEC_INVALID.
 */
export async function addEndpoint(ctx: Ctx, connectionId: string, written: HandWrittenEndpoint): Promise<Endpoint> {
  requireScope(ctx, 'write')
  const { name, baseUrl, status, endpointCount } = await getConnection(ctx, connectionId)
  const spec = await openSpec(ctx, { spec: importEndpoints({ name, baseUrl, endpoints: [written] }) })
  const [operation] = [...spec.operations()]
  if (!operation) throw new AppError('SPEC_INVALID', 'The endpoint cannot be used.')
  if ((await indexEndpoints(ctx, connectionId)).some((one) => operationName(one) === operationName(operation)))
    throw new AppError('CONFLICT', `${name} has ${operationName(operation)} already.`)
  const endpoint = { ...(await toEndpoint(ctx, operation)), manual: true }
  const { id } = endpoint
  const [first, ...rest] = insertEndpoints(ctx, connectionId, [endpoint], status === 'ACTIVE')
  if (!first) throw new Error('an endpoint makes no statement')
  await ctx.db.batch([
    first,
    auditRow(ctx, 'endpoint.create', id, { connectionId, operation: operationName(operation) }),
    ...rest,
    countEndpoints(ctx, connectionId, 1),
    outdateGraph(ctx, connectionId),
  ])
  noteOperations(ctx, connectionId)
  await relink(ctx, connectionId, endpointCount)
  const [stored] = await loadEndpoints(ctx, connectionId, [id])
  if (!stored) throw notFound('operation', id)
  return stored
}

/** Removes an operation that was written by hand. @throws AppError CONFLICT for one that is in the document. */
export async function removeEndpoint(
  ctx: Ctx,
  connectionId: string,
  id: string,
): Promise<{ id: string; deleted: true }> {
  requireScope(ctx, 'write')
  const known = await indexEndpoints(ctx, connectionId)
  const endpoint = known.find((one) => one.id === id)
  if (!endpoint) throw notFound('operation', id)
  if (!endpoint.manual)
    throw new AppError(
      'CONFLICT',
      `${operationName(endpoint)} is in the document of the API, and would come back with it.`,
    )
  const { workspaceId } = ctx.actor
  await ctx.db.batch([
    ctx.db.delete(endpoints).where(and(eq(endpoints.workspaceId, workspaceId), eq(endpoints.id, id))),
    auditRow(ctx, 'endpoint.delete', id, { connectionId }),
    countEndpoints(ctx, connectionId, -1),
    outdateGraph(ctx, connectionId),
  ])
  noteOperations(ctx, connectionId)
  await relink(ctx, connectionId, known.length)
  return { id, deleted: true }
}

function countEndpoints(ctx: Ctx, connectionId: string, by: number) {
  const endpointCount = sql`${connections.endpointCount} + ${by}`
  return ctx.db.update(connections).set({ endpointCount }).where(mine(ctx, connectionId))
}
