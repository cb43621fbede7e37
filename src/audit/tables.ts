import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Who did what, when, from where. Rows are only ever added: triggers refuse to change or remove one. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    /** The order in which rows were committed, over all workspaces. */
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    workspaceId: text().notNull(),
    actorKind: text({ enum: ['session', 'key', 'system'] }).notNull(),
    actorId: text().notNull(),
    userId: text().notNull(),
    action: text().notNull(),
    resource: text().notNull(),
    outcome: text({ enum: ['success', 'failure', 'denied'] })
      .notNull()
      .default('success'),
    ip: text(),
    userAgent: text(),
    requestId: text().notNull(),
    details: text({ mode: 'json' }),
    at: text().notNull(),
  },
  (table) => [index('audit_log_workspace').on(table.workspaceId, table.seq)],
)

/**
 * The hash chain over the rows of each workspace, added a little after them: `hash` is over the row and the hash before
 * it in the same workspace.
 */
export const auditChain = sqliteTable(
  'audit_chain',
  { seq: integer().primaryKey(), workspaceId: text().notNull(), hash: text().notNull() },
  (table) => [index('audit_chain_workspace').on(table.workspaceId, table.seq)],
)
