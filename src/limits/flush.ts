import { sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from '../platform/db.ts'
import { usageDays } from './tables.ts'
import type { Use } from './usage.ts'

/** Writes totals of use in one batch. A total never shrinks: one that comes late or twice changes nothing. */
export async function flushUsage(db: Db, workspaceId: string, uses: readonly Use[]): Promise<void> {
  const [first, ...rest] = uses.map((use): BatchItem<'sqlite'> => {
    return db
      .insert(usageDays)
      .values({ workspaceId, ...use })
      .onConflictDoUpdate({
        target: [usageDays.workspaceId, usageDays.source, usageDays.day],
        set: {
          requests: sql`max(${usageDays.requests}, excluded.requests)`,
          units: sql`max(${usageDays.units}, excluded.units)`,
          lastUsedAt: sql`max(${usageDays.lastUsedAt}, excluded.last_used_at)`,
        },
      })
  })
  if (first) await db.batch([first, ...rest])
}
