import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { auditRow } from '../../audit/audit.ts'
import { systemCtx, type World } from '../../context.ts'
import { errorFields } from '../../platform/log.ts'
import type { Sealed } from '../../platform/vault.ts'
import { resealSecret } from '../../vault/service.ts'
import { connections } from '../tables.ts'

const PAGE = 50
const MAX_A_NIGHT = 200

// A workspace without a data key yet has none that is newest: such a credential is of the envelope's version 1.
const isBehind = sql`${connections.credential} not like 'v2.' || coalesce((select max(id) from data_keys where data_keys.workspace_id = ${connections.workspaceId}), '') || '.%'`

/**
 * Seals credentials anew that are not sealed with their workspace's newest data key, as many as fit into one night:
 * after `rotateDataKey`, and those of the envelope's version 1, which hold on to a key-encryption key. One that does
 * not open is told in the log and left.
 */
export async function resealCredentials(world: World): Promise<void> {
  const counts = { resealed: 0, failed: 0 }
  let after = ''
  while (counts.resealed + counts.failed < MAX_A_NIGHT) {
    const rows = await world.db
      .select({ id: connections.id, workspaceId: connections.workspaceId, credential: connections.credential })
      .from(connections)
      .where(and(gt(connections.id, after), isBehind))
      .orderBy(asc(connections.id))
      .limit(PAGE)
    for (const { id, workspaceId, credential } of rows)
      if (credential !== null) counts[(await reseal(world, workspaceId, id, credential)) ? 'resealed' : 'failed']++
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    after = last.id
  }
  if (counts.resealed + counts.failed > 0) world.log.info('credentials sealed anew', counts)
}

/** Only where the row still holds what was read: a credential may be replaced or renewed meanwhile. */
async function reseal(world: World, workspaceId: string, id: string, credential: Sealed): Promise<boolean> {
  try {
    const resealed = await resealSecret(world, workspaceId, id, credential)
    await world.db.batch([
      world.db
        .update(connections)
        .set({ credential: resealed })
        .where(
          and(eq(connections.id, id), eq(connections.workspaceId, workspaceId), eq(connections.credential, credential)),
        ),
      auditRow(systemCtx(world, workspaceId, 'system'), 'credential.reseal', id),
    ])
    return true
  } catch (error) {
    world.log.error('credential not sealed anew', { connectionId: id, workspaceId, ...errorFields(error) })
    return false
  }
}
