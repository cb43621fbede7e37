import { and, asc, eq, gt, gte, like, lt, sql, type SQL } from 'drizzle-orm'
import { auditChain, auditLog } from '../audit/tables.ts'
import { requireOversight, type Ctx } from '../context.ts'
import { csvOf, EXPORT_PAGE, ndjsonOf, readPages } from '../lib/export.ts'
import { toStream } from '../lib/text-stream.ts'
import { keysetOf } from '../platform/keyset.ts'
import { writtenRuns } from '../runs/register/register.ts'
import type { LogEntry, LogExportQuery, LogFilter, LogQuery } from './schema.ts'

/** What was done in the workspace. */
export async function listLogs(
  ctx: Ctx,
  { limit, cursor, sort, ...filter }: LogQuery,
): Promise<{ items: LogEntry[]; nextCursor: string | null }> {
  requireOversight(ctx)
  await writtenRuns(ctx)
  const { after, order } = keysetOf(auditLog.seq, { sort, cursor: cursor && Number(cursor) })
  const rows = await entries(ctx, filter, after)
    .orderBy(order)
    .limit(limit + 1)
  const items = rows.slice(0, limit).map(toEntry)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last ? String(last.seq) : null }
}

const COLUMNS = [
  'seq',
  'id',
  'at',
  'actorKind',
  'actorId',
  'userId',
  'action',
  'resource',
  'outcome',
  'ip',
  'userAgent',
  'requestId',
  'details',
  'hash',
] as const

/** All of it as NDJSON or CSV, oldest first, read a page at a time as it is sent. */
export function exportLogs(ctx: Ctx, { format, ...filter }: LogExportQuery): ReadableStream<Uint8Array> {
  requireOversight(ctx)
  const pages = readPages<LogEntry>((last) => readEntries(ctx, filter, last))
  return toStream(format === 'csv' ? csvOf(COLUMNS, flattened(pages)) : ndjsonOf(pages))
}

async function readEntries(ctx: Ctx, filter: LogFilter, last: LogEntry | undefined): Promise<LogEntry[]> {
  if (!last) await writtenRuns(ctx)
  const after = gt(auditLog.seq, last?.seq ?? 0)
  return (await entries(ctx, filter, after).orderBy(asc(auditLog.seq)).limit(EXPORT_PAGE)).map(toEntry)
}

/** Entries as the columns of a table. */
async function* flattened(pages: AsyncIterable<LogEntry[]>) {
  for await (const page of pages)
    yield page.map(({ actor, details, ...entry }) => {
      const { kind: actorKind, id: actorId, userId } = actor
      return { ...entry, actorKind, actorId, userId, details: JSON.stringify(details) }
    })
}

function entries({ db, actor }: Ctx, filter: LogFilter, page: SQL | undefined) {
  const { action, resource, actorId, userId, outcome, requestId, since, until } = filter
  return db
    .select({ row: auditLog, hash: auditChain.hash })
    .from(auditLog)
    .leftJoin(auditChain, eq(auditChain.seq, auditLog.seq))
    .where(
      and(
        eq(auditLog.workspaceId, actor.workspaceId),
        page,
        action === undefined ? undefined : isAction(action),
        resource === undefined ? undefined : eq(auditLog.resource, resource),
        actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
        userId === undefined ? undefined : eq(auditLog.userId, userId),
        outcome === undefined ? undefined : eq(auditLog.outcome, outcome),
        requestId === undefined ? undefined : eq(auditLog.requestId, requestId),
        since === undefined ? undefined : gte(auditLog.at, since),
        until === undefined ? undefined : lt(auditLog.at, until),
      ),
    )
    .$dynamic()
}

function isAction(action: string): SQL {
  if (!action.endsWith('*')) return eq(auditLog.action, action)
  const start = action.slice(0, -1).replaceAll(/[\\%_]/g, '\\$&')
  return sql`${like(auditLog.action, `${start}%`)} escape '\\'`
}

function toEntry({ row, hash }: { row: typeof auditLog.$inferSelect; hash: string | null }): LogEntry {
  const { workspaceId: _workspace, actorKind, actorId, userId, details, ...rest } = row
  return { ...rest, actor: { kind: actorKind, id: actorId, userId }, details: details ?? {}, hash }
}
