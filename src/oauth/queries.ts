import { and, count, eq } from 'drizzle-orm'
import { endpoints } from '../catalog/tables.ts'
import type { AuthorizationCodeAuth } from '../connections/auth-schema.ts'
import { mine } from '../connections/queries.ts'
import { connections, specVersions } from '../connections/tables.ts'
import type { Ctx } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import type { SecurityScheme } from '../specs/operation.ts'
import type { Usage } from './scopes.ts'

type Row = typeof connections.$inferSelect

/** One connection of the workspace, whole. @throws AppError NOT_FOUND */
export async function findConnection(ctx: Ctx, id: string): Promise<Row> {
  const [row] = await ctx.db.select().from(connections).where(mine(ctx, id))
  if (!row) throw notFound('connection', id)
  return row
}

/** A connection that somebody consents to. @throws AppError NOT_FOUND, CONFLICT */
export async function findConsented(ctx: Ctx, id: string): Promise<Row & { auth: AuthorizationCodeAuth }> {
  const row = await findConnection(ctx, id)
  if (row.auth.type === 'oauth2' && row.auth.flow === 'authorizationCode') return { ...row, auth: row.auth }
  throw new AppError('CONFLICT', `${row.name} authenticates by ${row.auth.type}, which needs nobody's consent.`)
}

/** The schemes that the connection's document declares. */
export async function findSchemes(ctx: Ctx, { id, specVersionId }: Row): Promise<SecurityScheme[]> {
  const [version] = await ctx.db
    .select({ schemes: specVersions.securitySchemes })
    .from(specVersions)
    .where(
      and(
        eq(specVersions.workspaceId, ctx.actor.workspaceId),
        eq(specVersions.connectionId, id),
        eq(specVersions.id, specVersionId),
      ),
    )
  return version?.schemes ?? []
}

/** What the operations of a connection require, counted. */
export async function findUsages(ctx: Ctx, connectionId: string): Promise<Usage[]> {
  return ctx.db
    .select({ security: endpoints.security, operations: count() })
    .from(endpoints)
    .where(and(eq(endpoints.workspaceId, ctx.actor.workspaceId), eq(endpoints.connectionId, connectionId)))
    .groupBy(endpoints.security)
}

/** The names of the schemes that a token satisfies. */
export function tokenSchemes(schemes: readonly SecurityScheme[]): Set<string> {
  return new Set(schemes.filter(({ type }) => type === 'oauth2' || type === 'openIdConnect').map(({ id }) => id))
}
