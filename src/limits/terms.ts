import { eq, sql } from 'drizzle-orm'
import type { Tier } from '../context.ts'
import type { Db } from '../platform/db.ts'
import type { Rate } from './ledger.ts'
import { workspaceLimits } from './tables.ts'
import { tiers } from './tiers.ts'

/** What a workspace may use now. */
export type Terms = {
  tier: Tier
  /** The most that one of its keys may be given. */
  keyPerMinute: number
  perMinute: number
  /** Null is no limit. */
  perDay: number | null
  perMonth: number | null
  revision: number
}

/** Reads the terms of a workspace. */
export async function loadTerms(db: Db, workspaceId: string): Promise<Terms> {
  const [row] = await db.select().from(workspaceLimits).where(eq(workspaceLimits.workspaceId, workspaceId))
  return termsOf(row)
}

/** What a row stands for, or none. */
export function termsOf(row: typeof workspaceLimits.$inferSelect | null | undefined): Terms {
  const tier = row?.tier ?? 'free'
  const { keyPerMinute, workspacePerMinute, workspacePerDay } = tiers[tier]
  return {
    tier,
    keyPerMinute: Math.max(keyPerMinute, row?.requestsPerMinute ?? 0),
    perMinute: row?.requestsPerMinute ?? workspacePerMinute,
    perDay: row?.requestsPerDay ?? workspacePerDay,
    perMonth: row?.requestsPerMonth ?? null,
    revision: row?.revision ?? 0,
  }
}

/** The rates that all of a workspace share. Those without a limit are counted, so that one may be set at any time. */
export function ratesOf({ perMinute, perDay, perMonth }: Terms): Rate[] {
  return [
    { of: 'workspace', limit: perMinute, span: 60 },
    { of: 'workspace', limit: perDay ?? Infinity, span: 86_400 },
    { of: 'workspace', limit: perMonth ?? Infinity, span: 'month' },
  ]
}

/** The statement that tells of a change to keys or terms of a workspace, to stand in the same batch. */
export function raiseRevision(db: Db, workspaceId: string) {
  return db
    .insert(workspaceLimits)
    .values({ workspaceId, tier: 'free', revision: 1 })
    .onConflictDoUpdate({
      target: workspaceLimits.workspaceId,
      set: { revision: sql`${workspaceLimits.revision} + 1` },
    })
}
