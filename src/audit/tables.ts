import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Who did what, when, from where. Rows are only ever added. */
export const auditLog = sqliteTable(
  'audit_log',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    actorKind: text({ enum: ['session', 'key', 'system'] }).notNull(),
    actorId: text().notNull(),
    userId: text().notNull(),
    action: text().notNull(),
    resource: text().notNull(),
    requestId: text().notNull(),
    details: text({ mode: 'json' }),
    at: text().notNull(),
  },
  (table) => [index('audit_log_workspace').on(table.workspaceId, table.id)],
)
