import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Sealed } from '../platform/vault.ts'
import { workflows } from '../workflows/tables.ts'
import type { SignatureMode } from './schema.ts'

const workflowId = () =>
  text()
    .notNull()
    .references(() => workflows.id, { onDelete: 'cascade' })

/** When a workflow is to be run by itself. Times are milliseconds since 1970. */
export const schedules = sqliteTable(
  'schedules',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    workflowId: workflowId(),
    name: text(),
    cron: text().notNull(),
    timeZone: text().notNull(),
    input: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull(),
    enabled: integer({ mode: 'boolean' }).notNull(),
    /** Whoever moves it on has the run; null while the schedule is off. */
    nextRunAt: integer(),
    lastDueAt: integer(),
    /** Null also when the last due time could not be run: see `lastError`. */
    lastRunId: text(),
    lastError: text({ mode: 'json' }).$type<{ code: string; message: string }>(),
    createdBy: text().notNull(),
    createdAt: text().notNull(),
    updatedAt: text().notNull(),
  },
  (table) => [
    index('schedules_workflow').on(table.workspaceId, table.workflowId, table.id),
    index('schedules_due').on(table.enabled, table.nextRunAt),
  ],
)

/** Where others may tell of an event that runs a workflow. */
export const hooks = sqliteTable(
  'hooks',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    workflowId: workflowId(),
    name: text(),
    signature: text({ mode: 'json' }).$type<SignatureMode>().notNull(),
    secret: text().$type<Sealed>().notNull(),
    /** The secret before the last rotation, which still verifies for a while. */
    previousSecret: text().$type<Sealed>(),
    previousUntil: text(),
    /** A template over body, headers and query; null passes all three on. */
    input: text({ mode: 'json' }).$type<unknown>(),
    headers: text({ mode: 'json' }).$type<string[]>().notNull(),
    requestsPerMinute: integer().notNull(),
    enabled: integer({ mode: 'boolean' }).notNull(),
    lastEventAt: text(),
    /** Null also when the workflow could not be run with the last event: see `lastError`. */
    lastRunId: text(),
    lastError: text({ mode: 'json' }).$type<{ code: string; message: string }>(),
    createdBy: text().notNull(),
    createdAt: text().notNull(),
    updatedAt: text().notNull(),
  },
  (table) => [index('hooks_workflow').on(table.workspaceId, table.workflowId, table.id)],
)

/** Events that a hook has taken: the key refuses a second run of one. Kept 30 days. */
export const hookDeliveries = sqliteTable(
  'hook_deliveries',
  {
    hookId: text()
      .notNull()
      .references(() => hooks.id, { onDelete: 'cascade' }),
    messageId: text().notNull(),
    workspaceId: text().notNull(),
    runId: text().notNull(),
    receivedAt: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.hookId, table.messageId] }),
    index('hook_deliveries_age').on(table.receivedAt),
  ],
)
