import { and, desc, eq, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { requireScope, systemCtx, type Ctx, type World } from '../context.ts'
import { newId } from '../lib/ids.ts'
import { importAesKey } from '../platform/vault.ts'
import { keepKey, shareKey } from './key-cache.ts'
import { unwrapDataKey, wrapDataKey, type WrappedKey } from './key-wrap.ts'
import { dataKeys } from './tables.ts'

const KEY_BYTES = 32

/**
 * The newest data key of a workspace, which seals; its first use makes it. It is looked up every time, so that a
 * rotation holds in every isolate at once.
 * @throws AppError VAULT_UNAVAILABLE
 */
export async function sealingKey(world: World, workspaceId: string): Promise<{ id: string; key: CryptoKey }> {
  const [newest] = await newestOf(world, workspaceId)
  const row = newest ?? (await makeFirstKey(world, workspaceId))
  return { id: row.id, key: await shareKey(world, nameOf(row), () => unwrap(world, row)) }
}

/**
 * A data key of a workspace by its id. Asks nobody while this isolate holds it unwrapped.
 * @throws AppError VAULT_UNAVAILABLE; Error when the workspace has no such key.
 */
export async function openingKey(world: World, workspaceId: string, id: string): Promise<CryptoKey> {
  return shareKey(world, nameOf({ workspaceId, id }), async () => {
    const [row] = await world.db
      .select()
      .from(dataKeys)
      .where(and(eq(dataKeys.workspaceId, workspaceId), eq(dataKeys.id, id)))
    if (!row) throw new Error(`the workspace ${workspaceId} has no data key ${id}`)
    return unwrap(world, row)
  })
}

/** The id of the data key that a workspace seals with, or null before the first secret. */
export async function newestKeyId(world: World, workspaceId: string): Promise<string | null> {
  const [newest] = await newestOf(world, workspaceId)
  return newest?.id ?? null
}

/**
 * Makes a new data key for the workspace. What is sealed afterwards is sealed with it; what was sealed before stays
 * readable, and moves over when its owner calls `resealSecret`.
 * @throws AppError FORBIDDEN, VAULT_UNAVAILABLE
 */
export async function rotateDataKey(ctx: Ctx): Promise<{ id: string; createdAt: string }> {
  requireScope(ctx, 'admin')
  const { workspaceId } = ctx.actor
  const former = await newestKeyId(ctx, workspaceId)
  const id = idAfter(former, ctx.now())
  const { row, key } = await makeKey(ctx, workspaceId, id)
  const { provider, kekId, createdAt } = row
  await ctx.db.batch([
    ctx.db.insert(dataKeys).values(row),
    auditRow(ctx, 'data_key.rotate', id, { former, provider, kekId }),
  ])
  keepKey(nameOf(row), key, ctx.now())
  return { id, createdAt }
}

/** Of several first uses at once, the first to arrive in the database gives all of them their key. */
async function makeFirstKey(world: World, workspaceId: string): Promise<WrappedKey> {
  const { row, key } = await makeKey(world, workspaceId, newId('dek', world.now()))
  const { id, provider, kekId, wrapped, createdAt } = row
  const [, , [newest]] = await world.db.batch([
    world.db
      .insert(dataKeys)
      .select(
        sql`select ${id}, ${workspaceId}, ${provider}, ${kekId}, ${wrapped}, ${createdAt}, null where not exists (select 1 from data_keys where workspace_id = ${workspaceId})`,
      ),
    auditRow(systemCtx(world, workspaceId, 'system'), 'data_key.create', id, { provider, kekId }),
    newestOf(world, workspaceId),
  ])
  if (!newest) throw new Error(`the first data key of ${workspaceId} was not stored`)
  if (newest.id === id) keepKey(nameOf(row), key, world.now())
  return newest
}

async function makeKey(world: World, workspaceId: string, id: string) {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  const wrapped = await wrapDataKey(world, workspaceId, id, bytes)
  const key = await importAesKey(bytes)
  bytes.fill(0)
  return { row: { ...wrapped, createdAt: new Date(world.now()).toISOString(), rewrappedAt: null }, key }
}

/** An id that sorts behind `former`, even where that one was made by a clock ahead of this one. */
function idAfter(former: string | null, now: number): string {
  for (let ahead = 0; ; ahead = ahead * 2 + 1) {
    const id = newId('dek', now + ahead)
    if (former === null || id > former) return id
  }
}

function newestOf(world: World, workspaceId: string) {
  return world.db
    .select()
    .from(dataKeys)
    .where(eq(dataKeys.workspaceId, workspaceId))
    .orderBy(desc(dataKeys.id))
    .limit(1)
}

async function unwrap(world: World, row: WrappedKey): Promise<CryptoKey> {
  const bytes = await unwrapDataKey(world, row)
  try {
    return await importAesKey(bytes)
  } finally {
    bytes.fill(0)
  }
}

function nameOf({ workspaceId, id }: Pick<WrappedKey, 'workspaceId' | 'id'>): string {
  return `${workspaceId}/${id}`
}
