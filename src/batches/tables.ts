import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** Many runs of one workflow, asked for together. A version is pinned when it is accepted. */
export const batches = sqliteTable(
  'batches',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    workflowId: text().notNull(),
    workflowVersion: integer().notNull(),
    /** The batch whose runs it takes back. */
    undoes: text(),
    name: text().notNull(),
    status: text({ enum: ['accepting', 'running', 'cancelling', 'completed', 'cancelled'] }).notNull(),
    /** Runs at the same time. */
    concurrency: integer().notNull(),
    total: integer().notNull(),
    createdBy: text().notNull(),
    createdAt: text().notNull(),
    finishedAt: text(),
  },
  (table) => [
    index('batches_workspace').on(table.workspaceId, table.id),
    index('batches_status').on(table.status, table.id),
    // A batch is undone once; an undo that was cancelled may be begun anew.
    uniqueIndex('batches_undone_once')
      .on(table.undoes)
      .where(sql`${table.undoes} is not null and ${table.status} <> 'cancelled'`),
  ],
)

/** One input of a batch, and how far it is. */
export const batchItems = sqliteTable(
  'batch_items',
  {
    batchId: text()
      .notNull()
      .references(() => batches.id, { onDelete: 'cascade' }),
    index: integer().notNull(),
    workspaceId: text().notNull(),
    /** Of the source, counted from 1. */
    line: integer().notNull(),
    /** Null for what was malformed. */
    input: text({ mode: 'json' }).$type<Record<string, unknown>>(),
    /** Follows from batch and index, so that starting twice is starting once. */
    runId: text().notNull(),
    status: text({
      enum: ['invalid', 'pending', 'starting', 'running', 'succeeded', 'failed', 'cancelled'],
    }).notNull(),
    /** How often its run could not be started. */
    tries: integer().notNull(),
    /** When it was last taken up, in milliseconds since 1970. */
    claimedAt: integer(),
    /** When its run ended, as far as the batch has taken note. */
    endedAt: text(),
    /** Why it has no run. */
    error: text({ mode: 'json' }).$type<{ code: string; message: string }>(),
  },
  (table) => [
    primaryKey({ columns: [table.batchId, table.index] }),
    index('batch_items_status').on(table.batchId, table.status, table.index),
    uniqueIndex('batch_items_run').on(table.runId),
  ],
)
