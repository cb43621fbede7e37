import { and, desc, eq, inArray, like, lt, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { deleteEndpoints, endpointColumns, insertEndpoints, listEndpoints, type Endpoint } from '../catalog/service.ts'
import { endpoints } from '../catalog/tables.ts'
import { requireScope, type Ctx } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { toPage, type PageQuery } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { slugify } from '../lib/words.ts'
import { checkUrl } from '../platform/outbound.ts'
import { seal } from '../platform/vault.ts'
import { loadSpec } from '../specs/load.ts'
import { resolveAuth } from './auth.ts'
import { credentialBinding, type Upstream } from './egress.ts'
import type { Connection, ConnectionDetail, NewConnection } from './schema.ts'
import { connections, specVersions } from './tables.ts'

const MAX_FINDINGS = 200

const view = {
  id: connections.id,
  name: connections.name,
  slug: connections.slug,
  description: connections.description,
  baseUrl: connections.baseUrl,
  status: connections.status,
  auth: connections.auth,
  specUrl: connections.specUrl,
  specHash: connections.specHash,
  endpointCount: connections.endpointCount,
  lastUsedAt: connections.lastUsedAt,
  createdAt: connections.createdAt,
  updatedAt: connections.updatedAt,
}

/** Connects an API: reads its specification, seals the credential, and stores both with every operation in one batch. */
export async function connectApi(ctx: Ctx, input: NewConnection): Promise<ConnectionDetail> {
  requireScope(ctx, 'write')
  const source = input.specUrl !== undefined ? { specUrl: input.specUrl } : { spec: input.spec ?? '' }
  const spec = await loadSpec(ctx, source)
  const { settings, secret } = resolveAuth(input.auth, spec.securitySchemes)
  const id = newId('con', ctx.now())
  const specVersionId = newId('spv', ctx.now())
  const now = new Date(ctx.now()).toISOString()
  const baseUrl = chooseBaseUrl(ctx, input.baseUrl, spec.baseUrl)
  const name = input.name ?? (spec.title.trim().slice(0, 100) || new URL(baseUrl).host)
  const connection = {
    id,
    name,
    slug: await freeSlug(ctx, input.slug, slugify(name, 'api')),
    description: spec.description.slice(0, 1000),
    baseUrl,
    status: 'ACTIVE' as const,
    auth: settings,
    specUrl: input.specUrl ?? null,
    specHash: spec.hash,
    endpointCount: spec.operations.length,
    lastUsedAt: null,
    createdAt: now,
    updatedAt: now,
  }
  const { workspaceId, userId } = ctx.actor
  const credential =
    secret === null ? null : await seal(ctx.config.encryptionKey, secret, credentialBinding(workspaceId, id))
  const { title, version, openapi, bytes, hash } = spec
  const shown = spec.findings.slice(0, MAX_FINDINGS)
  const stored = ctx.db.batch([
    ctx.db.insert(connections).values({ ...connection, workspaceId, credential, specVersionId, createdBy: userId }),
    auditRow(ctx, 'connection.create', id, { name, specUrl: connection.specUrl, auth: settings.type }),
    ctx.db.insert(specVersions).values({
      id: specVersionId,
      workspaceId,
      connectionId: id,
      number: 1,
      hash,
      title,
      version,
      openapi,
      bytes,
      endpointCount: spec.operations.length,
      findings: shown,
      createdAt: now,
    }),
    ...insertEndpoints(ctx, id, spec.operations),
  ])
  await stored.catch((error: unknown) => {
    // Of two that took the same free slug at once, the index lets one through.
    if (!/UNIQUE constraint failed: connections/.test(`${error} ${(error as Error).cause}`)) throw error
    throw slugTaken(connection.slug)
  })
  return { ...connection, findings: shown }
}

/** The connected APIs of the workspace, newest first. */
export async function listConnections(ctx: Ctx, { limit, cursor }: PageQuery) {
  requireScope(ctx, 'read')
  const rows: Connection[] = await ctx.db
    .select(view)
    .from(connections)
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), cursor ? lt(connections.id, cursor) : undefined))
    .orderBy(desc(connections.id))
    .limit(limit + 1)
  return toPage(rows, limit)
}

/** One connected API with the findings of its specification. */
export async function getConnection(ctx: Ctx, id: string): Promise<ConnectionDetail> {
  requireScope(ctx, 'read')
  const [row] = await ctx.db
    .select({ ...view, findings: specVersions.findings })
    .from(connections)
    .innerJoin(specVersions, eq(specVersions.id, connections.specVersionId))
    .where(mine(ctx, id))
  if (!row) throw notFound('connection', id)
  return row
}

/** The operations of one connected API; see `listEndpoints`. */
export async function getEndpoints(ctx: Ctx, id: string, input: PageQuery & { query?: string | undefined }) {
  await getConnection(ctx, id)
  return listEndpoints(ctx, id, input)
}

/** Disconnects an API: its credential, specification and operations go with it. */
export async function deleteConnection(ctx: Ctx, id: string): Promise<{ id: string; deleted: true }> {
  requireScope(ctx, 'write')
  await getConnection(ctx, id)
  await ctx.db.batch([
    ctx.db.delete(connections).where(mine(ctx, id)),
    auditRow(ctx, 'connection.delete', id),
    deleteEndpoints(ctx, id),
  ])
  return { id, deleted: true }
}

/** Connections as plans name them. */
export async function nameConnections(ctx: Ctx, ids: readonly string[]) {
  if (ids.length === 0) return []
  return ctx.db
    .select({ id: connections.id, slug: connections.slug, baseUrl: connections.baseUrl })
    .from(connections)
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), inArray(connections.id, [...ids])))
}

/** An operation with the connection it is called through. */
export type Target = { endpoint: Endpoint; upstream: Upstream & { slug: string } }

/** The operations that have one of the names, of connections that are active, in one query. */
export async function findTargets(
  ctx: Ctx,
  wanted: readonly { api: string; method: string; path: string }[],
): Promise<Target[]> {
  if (wanted.length === 0) return []
  return selectTargets(ctx).where(
    and(
      eq(connections.workspaceId, ctx.actor.workspaceId),
      eq(connections.status, 'ACTIVE'),
      sql`(${connections.slug}, ${endpoints.method}, ${endpoints.path}) in
        (select value ->> 'api', value ->> 'method', value ->> 'path' from json_each(${JSON.stringify(wanted)}))`,
    ),
  )
}

/** One operation of one connection, by id; undefined where there is none of it in the workspace. */
export async function findTarget(ctx: Ctx, connectionId: string, endpointId: string): Promise<Target | undefined> {
  const [target] = await selectTargets(ctx).where(
    and(mine(ctx, connectionId), eq(endpoints.connectionId, connectionId), eq(endpoints.id, endpointId)),
  )
  return target
}

/** The reads of a connection that need nothing to be called, those of the shortest path first. */
export async function findPlainReads(ctx: Ctx, connectionId: string): Promise<Target[]> {
  const targets = await selectTargets(ctx)
    .where(and(mine(ctx, connectionId), eq(endpoints.connectionId, connectionId), eq(endpoints.method, 'GET')))
    .orderBy(sql`length(${endpoints.path})`, endpoints.path)
    .limit(100)
  return targets.filter(({ endpoint }) => endpoint.parameters.every((parameter) => !parameter.required))
}

function selectTargets(ctx: Ctx) {
  const { id, slug, workspaceId, baseUrl, auth, credential } = connections
  return ctx.db
    .select({ endpoint: endpointColumns, upstream: { id, slug, workspaceId, baseUrl, auth, credential } })
    .from(connections)
    .innerJoin(endpoints, eq(endpoints.connectionId, connections.id))
    .$dynamic()
}

/** The statement that notes a use of connections, for the caller's batch. */
export function touchConnections(ctx: Ctx, slugs: readonly string[]) {
  return ctx.db
    .update(connections)
    .set({ lastUsedAt: new Date(ctx.now()).toISOString() })
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), inArray(connections.slug, [...slugs])))
}

function mine(ctx: Ctx, id: string) {
  return and(eq(connections.workspaceId, ctx.actor.workspaceId), eq(connections.id, id))
}

function chooseBaseUrl(ctx: Ctx, given: string | undefined, declared: string | null): string {
  const url = given ?? declared
  if (url === null)
    throw new AppError('VALIDATION_FAILED', 'The specification names no server; say where the API is in baseUrl.', {
      errors: [{ path: '/baseUrl', code: 'required', message: 'the specification names no absolute server URL' }],
    })
  return checkUrl(url, ctx.config.allowPrivateUpstreams).href.replace(/\/+$/, '')
}

async function freeSlug(ctx: Ctx, asked: string | undefined, suggested: string): Promise<string> {
  const rows = await ctx.db
    .select({ slug: connections.slug })
    .from(connections)
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), like(connections.slug, `${asked ?? suggested}%`)))
  const taken = new Set(rows.map((row) => row.slug))
  if (asked === undefined) {
    if (!taken.has(suggested)) return suggested
    for (let n = 2; ; n++) if (!taken.has(`${suggested}-${n}`)) return `${suggested}-${n}`
  }
  if (taken.has(asked)) throw slugTaken(asked)
  return asked
}

function slugTaken(slug: string): AppError {
  return new AppError('CONFLICT', `Another API of this workspace has the slug "${slug}".`, {
    errors: [{ path: '/slug', code: 'taken', message: 'is taken' }],
  })
}
