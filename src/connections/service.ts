import { and, desc, eq, getTableColumns } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { listEndpoints } from '../catalog/service.ts'
import { activateEndpoints, deleteEndpoints } from '../catalog/store.ts'
import { type Ctx, requireScope } from '../context.ts'
import { noteOperations } from '../embeddings/sync.ts'
import { AppError, notFound } from '../errors.ts'
import { type PageQuery, toPage } from '../http/router.ts'
import { deleteGraph } from '../links/store.ts'
import { keysetOf } from '../platform/keyset.ts'
import { checkUrl } from '../platform/outbound.ts'
import { openGrant, revokeGrant } from './credentials/oauth-revoke.ts'
import { sealAuth } from './credentials/seal-auth.ts'
import { latestIngestion } from './documents/ingestion-rows.ts'
import { mine } from './queries.ts'
import type { Connection, ConnectionChange, ConnectionDetail, ConnectionQuery } from './schema.ts'
import { connections, specVersions } from './tables.ts'

const view = {
  id: connections.id,
  name: connections.name,
  slug: connections.slug,
  description: connections.description,
  baseUrl: connections.baseUrl,
  status: connections.status,
  auth: connections.auth,
  authStatus: connections.authStatus,
  authProblem: connections.authProblem,
  account: connections.account,
  policy: connections.policy,
  specUrl: connections.specUrl,
  specHash: connections.specHash,
  endpointCount: connections.endpointCount,
  lastUsedAt: connections.lastUsedAt,
  createdAt: connections.createdAt,
  updatedAt: connections.updatedAt,
}

/** The connected APIs of the workspace, or those of a status. */
export async function listConnections(ctx: Ctx, { limit, status, ...place }: ConnectionQuery) {
  requireScope(ctx, 'read')
  const { after, order } = keysetOf(connections.id, place)
  const rows: Connection[] = await ctx.db
    .select(view)
    .from(connections)
    .where(
      and(
        eq(connections.workspaceId, ctx.actor.workspaceId),
        after,
        status === undefined ? undefined : eq(connections.status, status),
      ),
    )
    .orderBy(order)
    .limit(limit + 1)
  return toPage(rows, limit)
}

/** One connected API with what its document has wrong, what credentials it takes, and how far its reading is. */
export async function getConnection(ctx: Ctx, id: string): Promise<ConnectionDetail> {
  requireScope(ctx, 'read')
  const { number, findings, skipped, securitySchemes } = specVersions
  const [[row], ingestion] = await Promise.all([
    ctx.db
      .select({ ...view, number, findings, skipped, securitySchemes })
      .from(connections)
      .leftJoin(specVersions, eq(specVersions.id, connections.specVersionId))
      .where(mine(ctx, id)),
    latestIngestion(ctx, id),
  ])
  if (!row) throw notFound('connection', id)
  const { number: version, ...connection } = row
  return {
    ...connection,
    version: version ?? 0,
    findings: row.findings ?? [],
    skipped: row.skipped ?? [],
    securitySchemes: row.securitySchemes ?? [],
    ingestion,
  }
}

/** The operations of one connected API; see `listEndpoints`. */
export async function getEndpoints(ctx: Ctx, id: string, input: PageQuery & { query?: string | undefined }) {
  await getConnection(ctx, id)
  return listEndpoints(ctx, id, input)
}

/**
 * Changes a connected API. A credential belongs to the origin it was given for, so that another origin needs one anew.
 * @throws AppError VALIDATION_FAILED, ADDRESS_REFUSED, CONFLICT while its document is being read.
 */
export async function updateConnection(ctx: Ctx, id: string, change: ConnectionChange): Promise<ConnectionDetail> {
  requireScope(ctx, 'write')
  // Who may change what needs a second person would need none.
  if (change.policy) requireScope(ctx, 'admin')
  const before = await getConnection(ctx, id)
  if (before.status === 'DRAFT') throw stillDraft(before.name)
  const baseUrl = change.baseUrl && checkUrl(change.baseUrl, ctx.config.allowPrivateUpstreams).href.replace(/\/+$/, '')
  if (baseUrl && !change.auth) requireSameOrigin(before, baseUrl)
  const auth = change.auth && (await sealAuth(ctx, id, change.auth, before.securitySchemes))
  const { name, status, policy } = change
  const changed = Object.keys(change)
  await ctx.db.batch([
    ctx.db
      .update(connections)
      .set({
        ...(name && { name }),
        ...(status && { status }),
        ...(baseUrl && { baseUrl }),
        ...(policy && { policy }),
        ...(auth && { ...auth, authProblem: null, account: null }),
        updatedAt: new Date(ctx.now()).toISOString(),
      })
      .where(mine(ctx, id)),
    auditRow(ctx, 'connection.update', id, { changed, ...(policy && { policy }) }),
    ...(status ? [activateEndpoints(ctx, id, status === 'ACTIVE')] : []),
  ])
  if (status) noteOperations(ctx, id)
  return getConnection(ctx, id)
}

/** Disconnects an API: its credential, documents and operations go with it. */
export async function deleteConnection(ctx: Ctx, id: string): Promise<{ id: string; deleted: true }> {
  requireScope(ctx, 'write')
  const [row] = await ctx.db
    .select({ auth: connections.auth, credential: connections.credential })
    .from(connections)
    .where(mine(ctx, id))
  if (!row) throw notFound('connection', id)
  const grant = await openGrant(ctx, id, row)
  await ctx.db.batch([
    ctx.db.delete(connections).where(mine(ctx, id)),
    auditRow(ctx, 'connection.delete', id),
    deleteEndpoints(ctx, id),
    ...deleteGraph(ctx, id),
  ])
  noteOperations(ctx, id)
  if (grant) ctx.defer(revokeGrant(ctx, grant.auth, grant.credential))
  return { id, deleted: true }
}

/** The versions of an API's document, the newest first. */
export async function listVersions(ctx: Ctx, id: string) {
  await getConnection(ctx, id)
  const { workspaceId, connectionId, ...columns } = getTableColumns(specVersions)
  const { findings: _findings, skipped: _skipped, securitySchemes: _schemes, ...shown } = columns
  return ctx.db
    .select(shown)
    .from(specVersions)
    .where(and(eq(workspaceId, ctx.actor.workspaceId), eq(connectionId, id)))
    .orderBy(desc(specVersions.number))
    .limit(50)
}

function requireSameOrigin(before: Connection, baseUrl: string): void {
  if (before.auth.type === 'none' || new URL(baseUrl).origin === new URL(before.baseUrl).origin) return
  throw new AppError('VALIDATION_FAILED', 'Another origin needs the credential anew: give auth along with baseUrl.', {
    errors: [
      { path: '/auth', code: 'required', message: 'is needed: a stored credential is not sent to another host' },
    ],
  })
}

function stillDraft(name: string): AppError {
  return new AppError('CONFLICT', `The document of "${name}" is not read yet: see GET /api/apis/{id}/ingestion.`)
}
