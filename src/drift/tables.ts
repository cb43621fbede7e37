import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Workflows that use an operation which a new version of its document changed or took away. */
export const affectedWorkflows = sqliteTable(
  'affected_workflows',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    connectionId: text().notNull(),
    specVersionId: text().notNull(),
    workflowId: text().notNull(),
    operation: text().notNull(),
    breaking: integer({ mode: 'boolean' }).notNull(),
    message: text().notNull(),
    createdAt: text().notNull(),
  },
  (table) => [index('affected_workflows_workspace').on(table.workspaceId, table.workflowId)],
)
