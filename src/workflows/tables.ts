import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { WorkflowDefinition } from '../steps/schema.ts'

/** Workflows by name; what one does is in its versions. */
export const workflows = sqliteTable(
  'workflows',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    name: text().notNull(),
    currentVersion: integer().notNull(),
    tags: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    // What a question made is kept for its run alone, until somebody takes it up.
    listed: integer({ mode: 'boolean' }).notNull().default(true),
    createdBy: text().notNull(),
    createdAt: text().notNull(),
    updatedAt: text().notNull(),
  },
  (table) => [
    index('workflows_workspace').on(table.workspaceId, table.id),
    // Those in the list are few among those that questions made.
    index('workflows_list').on(table.workspaceId, table.listed, table.id),
  ],
)

/** Definitions, never changed once written; a run pins one. */
export const workflowVersions = sqliteTable(
  'workflow_versions',
  {
    workflowId: text()
      .notNull()
      .references(() => workflows.id, { onDelete: 'cascade' }),
    version: integer().notNull(),
    workspaceId: text().notNull(),
    definition: text({ mode: 'json' }).$type<WorkflowDefinition>().notNull(),
    createdBy: text().notNull(),
    createdAt: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workflowId, table.version] })],
)
