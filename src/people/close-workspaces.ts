import { inArray } from 'drizzle-orm'
import { endpoints } from '../catalog/tables.ts'
import { connections } from '../connections/tables.ts'
import type { Ctx } from '../context.ts'
import { noteWorkspaces } from '../embeddings/sync.ts'
import { apiKeys } from '../keys/tables.ts'
import { linkConsumers, linkGraphs, linkProducers } from '../links/tables.ts'
import { hooks, schedules } from '../triggers/tables.ts'
import { dataKeys } from '../vault/tables.ts'
import { revokeKeys } from './revoke-keys.ts'

/**
 * Makes workspaces that nobody belongs to any more harmless: nothing starts by itself, no key opens them, and with their
 * data keys every secret they sealed is gone for good. Their records of what happened stay.
 */
export async function closeWorkspaces(ctx: Ctx, ids: string[]): Promise<void> {
  if (ids.length === 0) return
  const { db } = ctx
  await revokeKeys(ctx, inArray(apiKeys.workspaceId, ids))
  await db.batch([
    db.delete(apiKeys).where(inArray(apiKeys.workspaceId, ids)),
    db.delete(schedules).where(inArray(schedules.workspaceId, ids)),
    db.delete(hooks).where(inArray(hooks.workspaceId, ids)),
    db.delete(connections).where(inArray(connections.workspaceId, ids)),
    db.delete(endpoints).where(inArray(endpoints.workspaceId, ids)),
    ...[linkGraphs, linkProducers, linkConsumers].map((table) =>
      db.delete(table).where(inArray(table.workspaceId, ids)),
    ),
    db.delete(dataKeys).where(inArray(dataKeys.workspaceId, ids)),
  ])
  noteWorkspaces(ctx, ids)
}
