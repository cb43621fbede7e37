import { and, asc, eq, gt, ne, or } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { systemCtx, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { KmsError } from '../platform/kms.ts'
import { errorFields } from '../platform/log.ts'
import { currentKek, rewrapDataKey, type KekName, type WrappedKey } from './key-wrap.ts'
import { dataKeys } from './tables.ts'

const PAGE = 50
// Each takes up to three calls of KMS and one of D1; a Worker may make a thousand.
const MAX_A_NIGHT = 200

/**
 * Re-wraps data keys of all workspaces that are not wrapped by the current key-encryption key, as many as fit into one
 * night: what `keys:rotate` was not there to see. A key that does not open is told in the log and left.
 * @throws AppError VAULT_UNAVAILABLE when the current key cannot be used.
 */
export async function rewrapDataKeys(world: World): Promise<void> {
  const kek = await currentKek(world)
  const counts = { rewrapped: 0, failed: 0 }
  let after = ''
  while (counts.rewrapped + counts.failed < MAX_A_NIGHT) {
    const rows = await world.db
      .select()
      .from(dataKeys)
      .where(and(gt(dataKeys.id, after), or(ne(dataKeys.provider, kek.provider), ne(dataKeys.kekId, kek.kekId))))
      .orderBy(asc(dataKeys.id))
      .limit(PAGE)
    for (const row of rows) counts[(await rewrap(world, row)) ? 'rewrapped' : 'failed']++
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) break
    after = last.id
  }
  if (counts.rewrapped + counts.failed > 0) world.log.info('data keys re-wrapped', counts)
}

async function rewrap(world: World, row: WrappedKey): Promise<boolean> {
  try {
    await storeRewrapped(world, row, await rewrapDataKey(world, row))
    return true
  } catch (error) {
    if (!(error instanceof AppError) || (error.cause instanceof KmsError && error.cause.reason === 'unreachable'))
      throw error
    world.log.error('data key not re-wrapped', { dataKey: row.id, workspaceId: row.workspaceId, ...errorFields(error) })
    return false
  }
}

/** Only where the row is still what was read: of two at once, one writes. */
async function storeRewrapped(world: World, from: WrappedKey, to: WrappedKey): Promise<void> {
  const { id, workspaceId, provider, kekId, wrapped } = to
  const name = ({ provider, kekId }: KekName) => `${provider}:${kekId}`
  const ctx = systemCtx(world, workspaceId, 'system')
  await world.db.batch([
    world.db
      .update(dataKeys)
      .set({ provider, kekId, wrapped, rewrappedAt: new Date(world.now()).toISOString() })
      .where(and(eq(dataKeys.id, id), eq(dataKeys.workspaceId, workspaceId), eq(dataKeys.wrapped, from.wrapped))),
    auditRow(ctx, 'data_key.rewrap', id, { from: name(from), to: name(to) }),
  ])
}
