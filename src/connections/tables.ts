import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Sealed } from '../platform/vault.ts'
import type { Finding } from '../specs/operation.ts'
import type { AuthSettings } from './schema.ts'

/** Connected APIs. The credential is sealed; how it is sent is not a secret and stays readable. */
export const connections = sqliteTable(
  'connections',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    name: text().notNull(),
    slug: text().notNull(),
    description: text().notNull(),
    baseUrl: text().notNull(),
    status: text({ enum: ['ACTIVE', 'INACTIVE', 'DRAFT'] }).notNull(),
    auth: text({ mode: 'json' }).$type<AuthSettings>().notNull(),
    credential: text().$type<Sealed>(),
    specUrl: text(),
    specVersionId: text().notNull(),
    specHash: text().notNull(),
    endpointCount: integer().notNull(),
    lastUsedAt: text(),
    createdBy: text().notNull(),
    createdAt: text().notNull(),
    updatedAt: text().notNull(),
  },
  (table) => [
    index('connections_workspace').on(table.workspaceId, table.id),
    uniqueIndex('connections_slug').on(table.workspaceId, table.slug),
  ],
)

/** Every specification a connection has had. */
export const specVersions = sqliteTable(
  'spec_versions',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    connectionId: text()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    hash: text().notNull(),
    title: text().notNull(),
    version: text().notNull(),
    openapi: text().notNull(),
    bytes: integer().notNull(),
    endpointCount: integer().notNull(),
    findings: text({ mode: 'json' }).$type<Finding[]>().notNull(),
    createdAt: text().notNull(),
  },
  (table) => [uniqueIndex('spec_versions_number').on(table.connectionId, table.number)],
)
