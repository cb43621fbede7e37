import { and, asc, desc, eq, gte, lte, sql } from 'drizzle-orm'
import { requireScope, type Ctx } from '../context.ts'
import { findKey } from '../keys/queries.ts'
import { apiKeys } from '../keys/tables.ts'
import { firstOfMonth } from '../lib/days.ts'
import { csvOf, jsonOf } from '../lib/export.ts'
import { toStream } from '../lib/text-stream.ts'
import { limiterOf } from '../limits/admit.ts'
import { usageDays } from '../limits/tables.ts'
import { loadTerms } from '../limits/terms.ts'
import type { ExportQuery, Usage, UsageDay, UsageQuery } from './usage-schema.ts'

const COLUMNS = ['day', 'source', 'name', 'requests', 'units', 'lastUsedAt'] as const

/** What the workspace used, this request included; of one key alone where an id is given. @throws AppError NOT_FOUND */
export async function getUsage(ctx: Ctx, query: UsageQuery, keyId?: string): Promise<Usage> {
  requireScope(ctx, 'read')
  if (keyId !== undefined) await findKey(ctx, keyId)
  const { workspaceId } = ctx.actor
  await limiterOf(ctx.env, workspaceId).flush()
  const today = new Date(ctx.now()).toISOString().slice(0, 10)
  const { to = today } = query
  const { from = firstOfMonth(to) } = query
  const [days, [month], { perMonth }] = await Promise.all([
    selectDays(ctx, from, to, keyId),
    ctx.db
      .select({ units: sql<number>`coalesce(sum(${usageDays.units}), 0)` })
      .from(usageDays)
      .where(and(eq(usageDays.workspaceId, workspaceId), gte(usageDays.day, firstOfMonth(today)))),
    loadTerms(ctx.db, workspaceId),
  ])
  const sum = (of: 'requests' | 'units') => days.reduce((total, day) => total + day[of], 0)
  return {
    from,
    to,
    total: { requests: sum('requests'), units: sum('units') },
    month: { units: month?.units ?? 0, quota: perMonth },
    days,
  }
}

/** What was used, a line for each day and source, for a billing system to read. */
export async function exportUsage(ctx: Ctx, { format, ...query }: ExportQuery): Promise<ReadableStream<Uint8Array>> {
  const { days } = await getUsage(ctx, query)
  return toStream(format === 'csv' ? csvOf(COLUMNS, [days]) : jsonOf([days]))
}

function selectDays(ctx: Ctx, from: string, to: string, keyId: string | undefined): Promise<UsageDay[]> {
  const { workspaceId } = ctx.actor
  const isAsked = and(
    eq(usageDays.workspaceId, workspaceId),
    gte(usageDays.day, from),
    lte(usageDays.day, to),
    keyId === undefined ? undefined : eq(usageDays.source, keyId),
  )
  return ctx.db
    .select({
      day: usageDays.day,
      source: usageDays.source,
      name: apiKeys.name,
      requests: usageDays.requests,
      units: usageDays.units,
      lastUsedAt: usageDays.lastUsedAt,
    })
    .from(usageDays)
    .leftJoin(apiKeys, and(eq(apiKeys.id, usageDays.source), eq(apiKeys.workspaceId, workspaceId)))
    .where(isAsked)
    .orderBy(desc(usageDays.day), asc(usageDays.source))
}
