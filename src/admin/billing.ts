import { and, asc, eq, gte, lte, sql } from 'drizzle-orm'
import { workspaces } from '../auth/tables.ts'
import type { Ctx } from '../context.ts'
import { apiKeys } from '../keys/tables.ts'
import { guardFormula, writeCsvRecord } from '../lib/csv.ts'
import { firstOfMonth } from '../lib/days.ts'
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
const EXPORT_PAGE = 500

/**
 * What every workspace used in a time, for a billing system to read: a line for each workspace, source and day, read a page at
 * a time as it is sent. Counts are written down every few seconds: a month that is over is whole.
 */
export async function exportBilling(ctx: Ctx, query: BillingQuery): Promise<ReadableStream<Uint8Array>> {
  await requireInstallation(ctx)
  return toStream(query.format === 'csv' ? csvOf(ctx, query) : jsonOf(ctx, query))
}

async function* csvOf(ctx: Ctx, query: BillingQuery): AsyncGenerator<string> {
  yield writeCsvRecord(COLUMNS)
  const write = (line: BillingLine) => writeCsvRecord(COLUMNS.map((column) => guardFormula(String(line[column] ?? ''))))
  for await (const page of pagesOf(ctx, query)) yield page.map(write).join('')
}

async function* jsonOf(ctx: Ctx, query: BillingQuery): AsyncGenerator<string> {
  let before = '['
  for await (const page of pagesOf(ctx, query)) {
    yield before + page.map((line) => JSON.stringify(line)).join(',')
    before = ','
  }
  yield before === '[' ? '[]' : ']'
}

async function* pagesOf(ctx: Ctx, { from, to }: BillingQuery): AsyncGenerator<BillingLine[]> {
  const last = to ?? new Date(ctx.now()).toISOString().slice(0, 10)
  const first = from ?? firstOfMonth(last)
  const { workspaceId, source, day, requests, units, lastUsedAt } = usageDays
  for (let end: BillingLine | undefined; ;) {
    const after = end && sql`(${workspaceId}, ${source}, ${day}) > (${end.workspaceId}, ${end.source}, ${end.day})`
    const page: BillingLine[] = await ctx.db
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
    if (page.length > 0) yield page
    if (page.length < EXPORT_PAGE) return
    end = page.at(-1)
  }
}
