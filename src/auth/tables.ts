import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

// The columns of people, sessions, accounts and proofs are those better-auth asks for.

/** People. */
export const users = sqliteTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: integer({ mode: 'boolean' }).notNull().default(false),
  image: text(),
  role: text({ enum: ['USER', 'ADMIN', 'AUDITOR'] })
    .notNull()
    .default('USER'),
  twoFactorEnabled: integer({ mode: 'boolean' }).notNull().default(false),
  /** What all of their browsers may ask in a minute; null is what everybody has. */
  requestsPerMinute: integer(),
  /** Since when the account is shut; null while it is open. */
  disabledAt: integer({ mode: 'timestamp_ms' }),
  createdAt: integer({ mode: 'timestamp_ms' }).notNull(),
  updatedAt: integer({ mode: 'timestamp_ms' }).notNull(),
})

/** Signed-in browsers. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    token: text().notNull().unique(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: integer({ mode: 'timestamp_ms' }).notNull(),
    ipAddress: text(),
    userAgent: text(),
    activeWorkspaceId: text(),
    createdAt: integer({ mode: 'timestamp_ms' }).notNull(),
    updatedAt: integer({ mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [index('sessions_user').on(table.userId), index('sessions_expiry').on(table.expiresAt)],
)

/** Ways a person proves who they are; the password hash lives here. */
export const accounts = sqliteTable(
  'accounts',
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: integer({ mode: 'timestamp_ms' }),
    refreshTokenExpiresAt: integer({ mode: 'timestamp_ms' }),
    scope: text(),
    password: text(),
    createdAt: integer({ mode: 'timestamp_ms' }).notNull(),
    updatedAt: integer({ mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [
    uniqueIndex('accounts_identity').on(table.providerId, table.accountId),
    index('accounts_user').on(table.userId),
  ],
)

/** Short-lived proofs: e-mail verification, password reset. */
export const verifications = sqliteTable(
  'verifications',
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: integer({ mode: 'timestamp_ms' }).notNull(),
    createdAt: integer({ mode: 'timestamp_ms' }).notNull(),
    updatedAt: integer({ mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [
    index('verifications_identifier').on(table.identifier),
    index('verifications_expiry').on(table.expiresAt),
  ],
)

/** Second factors: the secret and the recovery codes, encrypted by better-auth. */
export const twoFactors = sqliteTable(
  'two_factors',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    secret: text().notNull(),
    backupCodes: text().notNull(),
    /** Whether a code of it was ever given; before that it asks nobody for one. */
    verified: integer({ mode: 'boolean' }).notNull().default(true),
    failedVerificationCount: integer().notNull().default(0),
    lockedUntil: integer({ mode: 'timestamp_ms' }),
  },
  (table) => [index('two_factors_user').on(table.userId)],
)

/** How often something was tried that can be guessed, by whom or against whom. */
export const guesses = sqliteTable('guesses', {
  name: text().primaryKey(),
  count: integer().notNull(),
  /** When counting began, in milliseconds since 1970. */
  since: integer().notNull(),
})

/** Tenants. */
export const workspaces = sqliteTable('workspaces', {
  id: text().primaryKey(),
  name: text().notNull(),
  slug: text().notNull().unique(),
  logo: text(),
  metadata: text(),
  createdAt: integer({ mode: 'timestamp_ms' }).notNull(),
})

/** Who belongs to which workspace. */
export const members = sqliteTable(
  'members',
  {
    id: text().primaryKey(),
    workspaceId: text()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: ['owner', 'admin', 'member', 'auditor'] })
      .notNull()
      .default('member'),
    createdAt: integer({ mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [
    uniqueIndex('members_once').on(table.userId, table.workspaceId),
    index('members_workspace').on(table.workspaceId),
  ],
)

/** People asked to join a workspace. */
export const invitations = sqliteTable(
  'invitations',
  {
    id: text().primaryKey(),
    workspaceId: text()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    email: text().notNull(),
    role: text({ enum: ['admin', 'member', 'auditor'] })
      .notNull()
      .default('member'),
    /** SHA-256 of the proof that the mail carries; null for one that was never mailed. */
    proofHash: text(),
    status: text({ enum: ['pending', 'accepted', 'withdrawn'] })
      .notNull()
      .default('pending'),
    inviterId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: integer({ mode: 'timestamp_ms' }).notNull(),
    createdAt: integer({ mode: 'timestamp_ms' }).notNull(),
  },
  (table) => [index('invitations_email').on(table.email), index('invitations_workspace').on(table.workspaceId)],
)
