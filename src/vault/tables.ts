import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Data keys, each wrapped by a key-encryption key; a workspace seals with its newest and opens with all. */
export const dataKeys = sqliteTable(
  'data_keys',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    provider: text({ enum: ['local', 'aws-kms'] }).notNull(),
    /** Which key-encryption key wrapped it: a fingerprint of the local one, or the id that KMS gave. */
    kekId: text().notNull(),
    wrapped: text().notNull(),
    createdAt: text().notNull(),
    rewrappedAt: text(),
  },
  (table) => [index('data_keys_workspace').on(table.workspaceId, table.id)],
)
