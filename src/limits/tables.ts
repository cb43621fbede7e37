import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * What a workspace may use; one without a row is on the tier "free". The three numbers stand in place of the tier's.
 * `revision` is raised with every change to this row or to a key of the workspace: the workspace's limiter holds it
 * against the copies of keys that isolates have.
 */
export const workspaceLimits = sqliteTable('workspace_limits', {
  workspaceId: text().primaryKey(),
  tier: text({ enum: ['free', 'pro', 'enterprise'] }).notNull(),
  requestsPerMinute: integer(),
  requestsPerDay: integer(),
  /** The quota of a calendar month (UTC). */
  requestsPerMonth: integer(),
  revision: integer().notNull(),
})

/** What was used by day (UTC) and source: a key's id, or `people` for whoever signed in. Totals, written over. */
export const usageDays = sqliteTable(
  'usage_days',
  {
    workspaceId: text().notNull(),
    day: text().notNull(),
    source: text().notNull(),
    requests: integer().notNull(),
    /** Requests by the weight of their routes. */
    units: integer().notNull(),
    lastUsedAt: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.source, table.day] })],
)
