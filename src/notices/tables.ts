import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** What people should know although they did not ask: a connection that needs them, an API that changed. */
export const notices = sqliteTable(
  'notices',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    /** Null: for everybody in the workspace. */
    userId: text(),
    kind: text({ enum: ['needs_reconnect', 'api_changed', 'ingestion_failed', 'run_not_written'] }).notNull(),
    /** Id of what it is about. */
    resource: text().notNull(),
    message: text().notNull(),
    createdAt: text().notNull(),
    readAt: text(),
  },
  (table) => [index('notices_workspace').on(table.workspaceId, table.id)],
)
