import { and, eq } from 'drizzle-orm'
import { auditRow } from '../../audit/audit.ts'
import type { Ctx, World } from '../../context.ts'
import { noticeRow } from '../../notices/service.ts'
import type { Sealed } from '../../platform/vault.ts'
import { openSecret } from '../../vault/service.ts'
import { usesTokens, type TokenAuth } from '../auth-schema.ts'
import { connections } from '../tables.ts'

/** A connection whose token is obtained and renewed, as it is stored. */
export type TokenRow = Omit<typeof connections.$inferSelect, 'auth' | 'credential'> & {
  auth: TokenAuth
  credential: Sealed
}

/** A renewed credential, and the one that it came from. */
export type Renewal = { workspaceId: string; base: Sealed; credential: Sealed; expiresAt: number | null }

const MAX_TRIES = 3

/** The connection, or null where it is gone or authenticates in another way by now. */
export async function readTokenRow(world: World, workspaceId: string, id: string): Promise<TokenRow | null> {
  const [row] = await world.db
    .select()
    .from(connections)
    .where(and(eq(connections.workspaceId, workspaceId), eq(connections.id, id)))
  if (!row || row.credential === null || !usesTokens(row.auth)) return null
  return { ...row, auth: row.auth, credential: row.credential }
}

/**
 * Stores a renewed credential over the one it came from, also where that has only been sealed anew meanwhile. False
 * where another credential stands there by now: then the renewed one is worth nothing.
 */
export async function writeRenewal(ctx: Ctx, id: string, renewal: Renewal): Promise<boolean> {
  let { base } = renewal
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const row = await readTokenRow(ctx, renewal.workspaceId, id)
    if (!row) return false
    if (row.credential !== base && !(await holdsSame(ctx, row, base))) return false
    base = row.credential
    if (await write(ctx, row, renewal)) return true
  }
  return false
}

async function holdsSame(ctx: Ctx, { workspaceId, id, credential }: TokenRow, other: Sealed): Promise<boolean> {
  const [one, two] = await Promise.all([
    openSecret(ctx, workspaceId, id, credential),
    openSecret(ctx, workspaceId, id, other),
  ])
  return one === two
}

async function write(ctx: Ctx, row: TokenRow, { credential, expiresAt }: Renewal): Promise<boolean> {
  const until = expiresAt === null ? null : new Date(expiresAt).toISOString()
  const account = row.account && { ...row.account, expiresAt: until }
  const [written] = await ctx.db.batch([
    ctx.db.update(connections).set({ credential, account }).where(same(row)).returning({ id: connections.id }),
    auditRow(ctx, 'connection.token_refreshed', row.id, { expiresAt: until }),
  ])
  return written.length > 0
}

/** The grant is gone: says so in the connection, and tells who made it. */
export async function markNeedsReconnect(ctx: Ctx, row: TokenRow, problem: string): Promise<void> {
  await ctx.db.batch([
    ctx.db.update(connections).set({ authStatus: 'needs_reconnect', authProblem: problem }).where(same(row)),
    auditRow(ctx, 'connection.needs_reconnect', row.id, { reason: problem }, 'failure'),
    noticeRow(ctx, {
      workspaceId: row.workspaceId,
      userId: row.createdBy,
      kind: 'needs_reconnect',
      resource: row.id,
      message: `${row.name} needs you. ${problem}`,
    }),
  ])
}

function same({ id, workspaceId, credential }: TokenRow) {
  return and(eq(connections.workspaceId, workspaceId), eq(connections.id, id), eq(connections.credential, credential))
}
