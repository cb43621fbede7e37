import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { FieldError } from '../errors.ts'
import type { Sealed } from '../platform/vault.ts'
import type { Change } from '../specs/diff.ts'
import type { Finding, SecurityScheme, Skipped } from '../specs/operation.ts'
import type { AuthSettings } from './auth-schema.ts'
import type { Account, Policy } from './schema.ts'

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
    /** `not_connected`: nobody has consented yet; `needs_reconnect`: the grant is gone, see `authProblem`. */
    authStatus: text({ enum: ['ready', 'not_connected', 'needs_reconnect'] })
      .notNull()
      .default('ready'),
    authProblem: text(),
    /** Whose account is connected by OAuth, with what. */
    account: text({ mode: 'json' }).$type<Account>(),
    /** What calls with an effect need; null: nothing. */
    policy: text({ mode: 'json' }).$type<Policy>(),
    /** Origins besides the base URL's that the document's operations are served from. */
    origins: text({ mode: 'json' }).$type<string[]>().notNull().default([]),
    source: text({ enum: ['url', 'document', 'endpoints'] })
      .notNull()
      .default('url'),
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
    skipped: text({ mode: 'json' }).$type<Skipped[]>().notNull().default([]),
    securitySchemes: text({ mode: 'json' }).$type<SecurityScheme[]>().notNull().default([]),
    /** What this version changed of the one before. */
    changes: text({ mode: 'json' }).$type<Change[]>().notNull().default([]),
    breaking: integer({ mode: 'boolean' }).notNull().default(false),
    createdAt: text().notNull(),
  },
  (table) => [uniqueIndex('spec_versions_number').on(table.connectionId, table.number)],
)

/** Documents being read, and those that were: one row each time a connection's document is taken in on the queue. */
export const ingestions = sqliteTable(
  'ingestions',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    connectionId: text()
      .notNull()
      .references(() => connections.id, { onDelete: 'cascade' }),
    status: text({ enum: ['queued', 'running', 'done', 'failed'] }).notNull(),
    /** Where the document is: a URL, or the key of an upload in KV. */
    source: text({ mode: 'json' }).$type<{ specUrl: string } | { upload: string }>().notNull(),
    /** What the connection shall be once its document is read, sealed; null for one that is there already. */
    input: text().$type<Sealed>(),
    requestedBy: text().notNull(),
    requestId: text().notNull(),
    bytes: integer(),
    operations: integer(),
    indexed: integer().notNull().default(0),
    error: text({ mode: 'json' }).$type<{ code: string; detail: string; errors?: readonly FieldError[] }>(),
    createdAt: text().notNull(),
    endedAt: text(),
  },
  (table) => [index('ingestions_connection').on(table.workspaceId, table.connectionId, table.id)],
)
