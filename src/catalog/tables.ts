import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Effect, JsonSchema, Pagination, Parameter, RequestBody, SecurityRequirement } from '../specs/operation.ts'

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
    security: text({ mode: 'json' }).$type<SecurityRequirement[]>(),
    server: text(),
    pagination: text({ mode: 'json' }).$type<Pagination>(),
    /** SHA-256 of what the document says of the operation; two versions of a document are compared by it. */
    hash: text().notNull().default(''),
    /** Whether its connection is in use: only then searches find it. */
    active: integer({ mode: 'boolean' }).notNull().default(true),
    /** Written by hand, so that no document takes it away. */
    manual: integer({ mode: 'boolean' }).notNull().default(false),
    /** Set where somebody corrected the effect: a new version of the document leaves it. */
    effectEdited: integer({ mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    index('endpoints_connection').on(table.workspaceId, table.connectionId, table.id),
    uniqueIndex('endpoints_operation').on(table.connectionId, table.method, table.path),
  ],
)
