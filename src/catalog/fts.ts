import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * The FTS5 index over the endpoints, made by hand in a migration since drizzle has no virtual tables. `scope` holds the
 * ids of the workspace and the connection as terms, so that the index itself cuts a search down to one tenant.
 * A trigger removes an entry with its endpoint.
 */
export const endpointsFts = sqliteTable('endpoints_fts', {
  rowid: integer(),
  scope: text(),
  path: text(),
  name: text(),
  summary: text(),
  description: text(),
  parameters: text(),
  response: text(),
  tags: text(),
})
