import { and, asc, eq, gt, isNotNull } from 'drizzle-orm'
import { failIngestion, runIngestion, type IngestMessage } from '../connections/documents/ingestion.ts'
import { findIngestion } from '../connections/documents/ingestion-rows.ts'
import { refreshDocument } from '../connections/documents/refresh.ts'
import type { RefreshRequest } from '../connections/schema.ts'
import { getConnection } from '../connections/service.ts'
import { connections } from '../connections/tables.ts'
import { systemCtx, type Ctx, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { rebuildGraph } from '../links/rebuild.ts'
import { noteAffected } from './affected.ts'
import type { Refreshed } from './schema.ts'

const PAGE = 100
const MAX_SHOWN = 500

/** Fetches the document of an API again, stores what changed, and says which workflows use a changed operation. */
export async function refreshApi(ctx: Ctx, id: string, input: RefreshRequest): Promise<Refreshed> {
  const next = await refreshDocument(ctx, id, input)
  const affected = next ? await noteAffected(ctx, id, next) : []
  return {
    connection: await getConnection(ctx, id),
    changes: (next?.changes ?? []).slice(0, MAX_SHOWN),
    breaking: next?.breaking ?? false,
    affectedWorkflows: affected,
    warning: next?.warning ?? null,
  }
}

/** What a message of the ingest queue asks for. A problem of the document ends it; anything else is thrown, to be tried again. */
export async function handleIngest(world: World, message: IngestMessage): Promise<void> {
  const ctx = systemCtx(world, message.workspaceId, message.userId)
  if (message.kind === 'ingest') {
    const result = await runIngestion(ctx, message.ingestionId)
    if (result) await noteAffected(ctx, result.connectionId, result.next)
    return
  }
  if (message.kind === 'link') {
    // Where it is false the operations have changed again, and whoever changed them has it made anew.
    await rebuildGraph(ctx, message.connectionId)
    return
  }
  try {
    await refreshApi(ctx, message.connectionId, {})
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    world.log.warn('refresh failed', { connectionId: message.connectionId, code: error.code })
  }
}

/** Gives up a message that failed every time. */
export async function giveUpIngest(world: World, message: IngestMessage): Promise<void> {
  // Both are sent again by themselves.
  if (message.kind !== 'ingest') return
  const ctx = systemCtx(world, message.workspaceId, message.userId)
  const row = await findIngestion(ctx, message.ingestionId)
  if (!row || row.status === 'done' || row.status === 'failed') return
  await failIngestion(ctx, row, new AppError('INTERNAL', 'Reading the document failed several times on our side.'))
}

/** Puts every API that has a document at a URL on the queue, to be held against what is stored. Run every night. */
export async function watchDrift(world: World): Promise<void> {
  const { id, workspaceId, createdBy } = connections
  for (let after = ''; ;) {
    const rows = await world.db
      .select({ id, workspaceId, createdBy })
      .from(connections)
      .where(and(gt(id, after), eq(connections.status, 'ACTIVE'), isNotNull(connections.specUrl)))
      .orderBy(asc(id))
      .limit(PAGE)
    const last = rows.at(-1)
    if (!last) return
    const { requestId } = world
    await world.env.INGEST.sendBatch(
      rows.map((row) => ({
        body: {
          kind: 'refresh' as const,
          workspaceId: row.workspaceId,
          userId: row.createdBy,
          connectionId: row.id,
          requestId,
        } satisfies IngestMessage,
      })),
    )
    after = last.id
  }
}
