import { index, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Which operations the vector index holds, and as what: tells what is new there and what has been left behind. */
export const embeddings = sqliteTable(
  'embeddings',
  {
    endpointId: text().primaryKey(),
    workspaceId: text().notNull(),
    connectionId: text().notNull(),
    /** That of the operation when it was embedded; empty until the index has it. */
    hash: text().notNull(),
    /** What made the vector: vectors of different models cannot be compared. */
    model: text().notNull(),
  },
  (table) => [index('embeddings_connection').on(table.workspaceId, table.connectionId)],
)
