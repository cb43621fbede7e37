import { and, eq, isNotNull } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { readTokens } from '../connections/credentials/credential.ts'
import { presets } from '../connections/credentials/oauth-presets.ts'
import { revokeGrant } from '../connections/credentials/oauth-revoke.ts'
import { mine } from '../connections/queries.ts'
import { connections } from '../connections/tables.ts'
import { type Ctx, requireScope } from '../context.ts'
import { toPage } from '../http/router.ts'
import { keysetOf } from '../platform/keyset.ts'
import { openSecret, sealSecret } from '../vault/service.ts'
import { offeredAuth } from './offers.ts'
import { findConnection, findConsented, findSchemes, findUsages, tokenSchemes } from './queries.ts'
import type { AccountQuery, AuthOverview, ConnectedAccount, Disconnected, Provider } from './schema.ts'
import { countCovered, countScopes, spellings } from './scopes.ts'

/** The providers that a connection may name; those without a client of this deployment need one of the caller's own. */
export function listProviders(ctx: Ctx): Provider[] {
  requireScope(ctx, 'read')
  return Object.entries(presets).map(([id, { name, endpoints }]) => {
    const client = ctx.config.oauthClients[id]
    return { id, name, configured: client !== undefined && (endpoints !== null || client.issuer !== undefined) }
  })
}

/** The accounts that are connected, by the age of their connection. */
export async function listAccounts(ctx: Ctx, { limit, status, ...place }: AccountQuery) {
  requireScope(ctx, 'read')
  const { after, order } = keysetOf(connections.id, place)
  const rows = await ctx.db
    .select()
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, ctx.actor.workspaceId),
        isNotNull(connections.account),
        status === undefined ? undefined : eq(connections.authStatus, status),
        after,
      ),
    )
    .orderBy(order)
    .limit(limit + 1)
  const { items, nextCursor } = toPage(rows, limit)
  return { items: items.flatMap(toAccount), nextCursor }
}

function toAccount(row: typeof connections.$inferSelect): ConnectedAccount[] {
  const { account, id, name, slug, authStatus: status, authProblem: problem } = row
  return account === null ? [] : [{ ...account, connection: { id, name, slug }, status, problem }]
}

/** Forgets the account of a connection, and gives the grant back where the provider takes it. */
export async function disconnectAccount(ctx: Ctx, id: string): Promise<Disconnected> {
  requireScope(ctx, 'write')
  const row = await findConsented(ctx, id)
  if (row.credential === null) return { id, revoked: false }
  const credential = readTokens(await openSecret(ctx, row.workspaceId, id, row.credential))
  const revoked = await revokeGrant(ctx, row.auth, credential)
  const sealed = await sealSecret(ctx, row.workspaceId, id, JSON.stringify({ ...credential, tokens: null }))
  await ctx.db.batch([
    ctx.db
      .update(connections)
      .set({ credential: sealed, authStatus: 'not_connected', authProblem: null, account: null })
      .where(mine(ctx, id)),
    auditRow(ctx, 'connection.disconnected', id, { revoked }),
  ])
  return { id, revoked }
}

/** How a connection authenticates, how else it could, and what its operations need of what was granted. */
export async function describeAuth(ctx: Ctx, id: string): Promise<AuthOverview> {
  requireScope(ctx, 'read')
  const row = await findConnection(ctx, id)
  const [schemes, usages] = await Promise.all([findSchemes(ctx, row), findUsages(ctx, id)])
  const names = tokenSchemes(schemes)
  const granted = row.account?.scopes ?? []
  const held = new Set(granted.flatMap(spellings))
  const words = Object.assign({}, ...schemes.map((scheme) => ('scopes' in scheme ? scheme.scopes : {}))) as Record<
    string,
    string
  >
  return {
    auth: row.auth,
    status: row.authStatus,
    problem: row.authProblem,
    account: row.account,
    offered: offeredAuth(schemes),
    scopes: countScopes(usages, names).map((need) => ({
      ...need,
      description: words[need.scope] ?? '',
      granted: held.has(need.scope),
    })),
    operations: {
      total: usages.reduce((sum, { operations }) => sum + operations, 0),
      covered: countCovered(usages, names, granted),
    },
  }
}
