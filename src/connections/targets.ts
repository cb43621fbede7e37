import { and, eq, gt, inArray, sql } from 'drizzle-orm'
import { type Endpoint, endpointColumns } from '../catalog/queries.ts'
import { endpoints } from '../catalog/tables.ts'
import type { Ctx } from '../context.ts'
import { mine } from './queries.ts'
import type { Policy } from './schema.ts'
import { connections } from './tables.ts'
import type { Upstream } from './upstream.ts'

/** Connections as plans name them. */
export async function nameConnections(ctx: Ctx, ids: readonly string[]) {
  if (ids.length === 0) return []
  return ctx.db
    .select({ id: connections.id, slug: connections.slug, baseUrl: connections.baseUrl })
    .from(connections)
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), inArray(connections.id, [...ids])))
}

/** What every connection of the workspace is called, by its id; of very many the first thousand. */
export async function listNames(ctx: Ctx): Promise<Map<string, string>> {
  const rows = await ctx.db
    .select({ id: connections.id, name: connections.name })
    .from(connections)
    .where(eq(connections.workspaceId, ctx.actor.workspaceId))
    .limit(1000)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** Whether the workspace has a connection whose name or slug contains the text. */
export async function isConnected(ctx: Ctx, text: string): Promise<boolean> {
  const named = sql`instr(lower(${connections.name} || ' ' || ${connections.slug}), ${text.toLowerCase()})`
  const rows = await ctx.db
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), named))
    .limit(1)
  return rows.length > 0
}

/** An operation by the names that definitions use: the slug of its API, method and path template. */
export type OperationRef = { api: string; method: string; path: string }

/** An operation with the connection it is called through. */
export type Target = { endpoint: Endpoint; hash: string; upstream: Upstream & { slug: string; policy: Policy | null } }

/** The operations that have one of the names, of connections that are active, in one query. */
export async function findTargets(ctx: Ctx, wanted: readonly OperationRef[]): Promise<Target[]> {
  if (wanted.length === 0) return []
  return selectTargets(ctx).where(isWanted(ctx, wanted))
}

function isWanted(ctx: Ctx, wanted: readonly OperationRef[]) {
  return and(
    eq(connections.workspaceId, ctx.actor.workspaceId),
    eq(connections.status, 'ACTIVE'),
    sql`(${connections.slug}, ${endpoints.method}, ${endpoints.path}) in
        (select value ->> 'api', value ->> 'method', value ->> 'path' from json_each(${JSON.stringify(wanted)}))`,
  )
}

/** The slugs of what was connected after a time (ISO 8601), which an API that is gone may have had before. */
export async function connectedSince(ctx: Ctx, at: string): Promise<Set<string>> {
  const rows = await ctx.db
    .select({ slug: connections.slug })
    .from(connections)
    .where(and(eq(connections.workspaceId, ctx.actor.workspaceId), gt(connections.createdAt, at)))
  return new Set(rows.map(({ slug }) => slug))
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

const upstreamColumns = {
  id: connections.id,
  slug: connections.slug,
  workspaceId: connections.workspaceId,
  baseUrl: connections.baseUrl,
  origins: connections.origins,
  auth: connections.auth,
  authStatus: connections.authStatus,
  authProblem: connections.authProblem,
  credential: connections.credential,
  policy: connections.policy,
}

function selectTargets(ctx: Ctx) {
  return ctx.db
    .select({ endpoint: endpointColumns, hash: endpoints.hash, upstream: upstreamColumns })
    .from(connections)
    .innerJoin(endpoints, eq(endpoints.connectionId, connections.id))
    .$dynamic()
}

const TOUCHED_MS = 60_000
const MAX_TOUCHED = 5000
const touched = new Map<string, number>()

/**
 * The statements that note a use of connections, for the caller's batch: none where this isolate has noted one within
 * the last minute, as exact as anybody reads it.
 */
export function touchConnections(ctx: Ctx, slugs: readonly string[]) {
  const { workspaceId } = ctx.actor
  const now = ctx.now()
  const due = [...new Set(slugs)].filter((slug) => (touched.get(`${workspaceId}/${slug}`) ?? 0) < now - TOUCHED_MS)
  if (due.length === 0) return []
  if (touched.size > MAX_TOUCHED) touched.clear()
  for (const slug of due) touched.set(`${workspaceId}/${slug}`, now)
  return [
    ctx.db
      .update(connections)
      .set({ lastUsedAt: new Date(now).toISOString() })
      .where(and(eq(connections.workspaceId, workspaceId), inArray(connections.slug, due))),
  ]
}

/** A connection as a plan names it. */
export type ConnectionName = { id: string; slug: string; baseUrl: string }
