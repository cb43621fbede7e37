import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Sealed } from '../platform/vault.ts'

/** Consents on their way: somebody went to the provider and has not come back yet. A row is used once. */
export const oauthFlows = sqliteTable(
  'oauth_flows',
  {
    /** SHA-256 of `state` (RFC 6749, section 4.1.1). */
    stateHash: text().primaryKey(),
    workspaceId: text().notNull(),
    connectionId: text().notNull(),
    userId: text().notNull(),
    /** Set when a signed-in browser began: then the same person must come back. */
    sessionBound: integer({ mode: 'boolean' }).notNull(),
    /** PKCE verifier (RFC 7636), nonce and what else must match, sealed. */
    secrets: text().$type<Sealed>().notNull(),
    redirectUri: text().notNull(),
    expiresAt: text().notNull(),
  },
  (table) => [index('oauth_flows_expiry').on(table.expiresAt)],
)
