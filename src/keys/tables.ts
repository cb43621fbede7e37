import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Scope } from '../context.ts'

/** API keys. The token itself is never stored, only its SHA-256. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text().primaryKey(),
    workspaceId: text().notNull(),
    userId: text().notNull(),
    name: text().notNull(),
    hash: text().notNull().unique(),
    prefix: text().notNull(),
    lastFour: text().notNull(),
    scopes: text({ mode: 'json' }).$type<Scope[]>().notNull(),
    requestsPerMinute: integer().notNull(),
    /** Null is no limit of its own. */
    requestsPerDay: integer(),
    /** Addresses and networks in CIDR notation; null is from anywhere. */
    allowedIps: text({ mode: 'json' }).$type<string[]>(),
    /** The SHA-256 of the token before the last rotation, and until when it still works. */
    previousHash: text(),
    previousUntil: text(),
    expiresAt: text(),
    revokedAt: text(),
    createdAt: text().notNull(),
  },
  (table) => [
    index('api_keys_workspace').on(table.workspaceId, table.id),
    index('api_keys_previous').on(table.previousHash),
  ],
)
