import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Effect, JsonSchema, Parameter, RequestBody } from '../specs/operation.ts'

/** The operations of every connected API. The full-text index `endpoints_fts` follows it by `rowid`. */
export const endpoints = sqliteTable(
  'endpoints',
  {
    rowid: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    workspaceId: text().notNull(),
    connectionId: text().notNull(),
    method: text().notNull(),
    path: text().notNull(),
    operationId: text(),
    summary: text().notNull(),
    description: text().notNull(),
    tags: text({ mode: 'json' }).$type<string[]>().notNull(),
    deprecated: integer({ mode: 'boolean' }).notNull(),
    effect: text().$type<Effect>().notNull(),
    parameters: text({ mode: 'json' }).$type<Parameter[]>().notNull(),
    requestBody: text({ mode: 'json' }).$type<RequestBody>(),
    response: text({ mode: 'json' }).$type<JsonSchema>(),
  },
  (table) => [
    index('endpoints_connection').on(table.workspaceId, table.connectionId, table.id),
    uniqueIndex('endpoints_operation').on(table.connectionId, table.method, table.path),
  ],
)
