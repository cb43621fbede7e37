import { createHash } from 'node:crypto'
import { asc, desc, eq, getTableColumns, gt, max, sql } from 'drizzle-orm'
import type { World } from '../context.ts'
import { auditChain, auditLog } from './tables.ts'

// A statement binds up to a hundred values, so a chunk of links goes in as one JSON text.
const CHUNK = 500
const MAX_CHUNKS = 100

/** A row of the audit log with its details as the text that is stored: what is hashed must not depend on how it is read. */
export type LoggedRow = Omit<typeof auditLog.$inferSelect, 'details'> & { details: string | null }

/** The columns of a `LoggedRow`. */
export const loggedColumns = { ...getTableColumns(auditLog), details: sql<string | null>`${auditLog.details}` }

/** What stands before the first row of every workspace. */
export const GENESIS = '0'.repeat(64)

/** The link of a row: SHA-256 over the link before it in the workspace and every column, as a JSON array. */
export function linkOf(previous: string, row: LoggedRow): string {
  const { seq, id, workspaceId, actorKind, actorId, userId, action, resource } = row
  const { outcome, ip, userAgent, requestId, details, at } = row
  const who = [actorKind, actorId, userId]
  const where = [ip, userAgent, requestId]
  const parts = [previous, seq, id, workspaceId, ...who, action, resource, outcome, ...where, details, at]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/**
 * Puts the rows that were written since the last time into the chains of their workspaces. A row is written within the
 * batch of the change it tells of and knows nothing of others, since SQLite has no hash and reading first would cost
 * every change a round trip; it is linked here, every minute and whenever the log is verified.
 *
 * Rows are taken in the order in which they were committed, which D1, with its one writer, numbers without gaps of time:
 * no row can come to stand before one that is linked. Two who do this at once compute the same and write it once.
 */
export async function sealAudit(world: World): Promise<void> {
  for (let chunk = 0; chunk < MAX_CHUNKS; chunk++) if ((await sealChunk(world)) < CHUNK) return
}

async function sealChunk({ db, log }: World): Promise<number> {
  const sealed = db.select({ seq: max(auditChain.seq) }).from(auditChain)
  const before = db
    .select({ hash: auditChain.hash })
    .from(auditChain)
    .where(sql`${auditChain.workspaceId} = ${auditLog.workspaceId}`)
    .orderBy(desc(auditChain.seq))
    .limit(1)
  const rows = await db
    .select({ ...loggedColumns, previous: sql<string | null>`(${before})` })
    .from(auditLog)
    .where(gt(auditLog.seq, sql`coalesce((${sealed}), 0)`))
    .orderBy(asc(auditLog.seq))
    .limit(CHUNK)
  if (rows.length === 0) return 0
  const heads = new Map<string, string>()
  const links = rows.map(({ previous, ...row }) => {
    const hash = linkOf(heads.get(row.workspaceId) ?? previous ?? GENESIS, row)
    heads.set(row.workspaceId, hash)
    return [row.seq, row.workspaceId, hash]
  })
  const each = sql`select value ->> 0, value ->> 1, value ->> 2 from json_each(${JSON.stringify(links)}) where true`
  await db.insert(auditChain).select(each).onConflictDoNothing()
  // Outside of the database, so that whoever rewrites all of it is found out.
  log.info('audit log sealed', { rows: rows.length, heads: Object.fromEntries(heads) })
  return rows.length
}

/** How many rows of a workspace wait to be linked. */
export async function countUnsealed({ db }: World, workspaceId: string): Promise<number> {
  const sealed = db.select({ seq: max(auditChain.seq) }).from(auditChain)
  return db.$count(
    auditLog,
    sql`${eq(auditLog.workspaceId, workspaceId)} and ${auditLog.seq} > coalesce((${sealed}), 0)`,
  )
}
