import { and, asc, eq, gte, lte, sql } from 'drizzle-orm'
import { workspaces } from '../auth/tables.ts'
import type { Ctx } from '../context.ts'
import { apiKeys } from '../keys/tables.ts'
import { firstOfMonth } from '../lib/days.ts'
import { csvOf, EXPORT_PAGE, jsonOf, readPages } from '../lib/export.ts'
import { toStream } from '../lib/text-stream.ts'
import { usageDays, workspaceLimits } from '../limits/tables.ts'
import { requireInstallation } from './installation.ts'
import type { BillingLine, BillingQuery } from './schema.ts'

const COLUMNS = [
  'workspaceId',
  'workspace',
  'tier',
  'day',
  'source',
  'name',
  'requests',
  'units',
  'lastUsedAt',
] as const

/**
 * What every workspace used in a time, for a billing system to read: a line for each workspace, source and day, read a page at
 * a time as it is sent. Counts are written down every few seconds: a month that is over is whole.
 */
export async function exportBilling(ctx: Ctx, query: BillingQuery): Promise<ReadableStream<Uint8Array>> {
  await requireInstallation(ctx)
  const lines = readPages<BillingLine>((last) => readLines(ctx, query, last))
  return toStream(query.format === 'csv' ? csvOf(COLUMNS, lines) : jsonOf(lines))
}

function readLines(ctx: Ctx, { from, to }: BillingQuery, end: BillingLine | undefined): Promise<BillingLine[]> {
  const last = to ?? new Date(ctx.now()).toISOString().slice(0, 10)
  const first = from ?? firstOfMonth(last)
  const { workspaceId, source, day, requests, units, lastUsedAt } = usageDays
  const after = end && sql`(${workspaceId}, ${source}, ${day}) > (${end.workspaceId}, ${end.source}, ${end.day})`
  return ctx.db
    .select({
      workspaceId,
      workspace: workspaces.name,
      tier: sql<BillingLine['tier']>`coalesce(${workspaceLimits.tier}, 'free')`,
      day,
      source,
      name: sql<string | null>`${apiKeys.name}`.as('key_name'),
      requests,
      units,
      lastUsedAt,
    })
    .from(usageDays)
    .leftJoin(workspaces, eq(workspaces.id, workspaceId))
    .leftJoin(workspaceLimits, eq(workspaceLimits.workspaceId, workspaceId))
    .leftJoin(apiKeys, and(eq(apiKeys.id, source), eq(apiKeys.workspaceId, workspaceId)))
    .where(and(gte(day, first), lte(day, last), after))
    .orderBy(asc(workspaceId), asc(source), asc(day))
    .limit(EXPORT_PAGE)
}
