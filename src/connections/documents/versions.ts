import { and, desc, eq } from 'drizzle-orm'
import { auditRow } from '../../audit/audit.ts'
import {
  deleteEndpoints,
  indexEndpoints,
  insertEndpoints,
  loadEndpoints,
  type NewEndpoint,
} from '../../catalog/store.ts'
import type { Endpoint } from '../../catalog/queries.ts'
import type { Ctx } from '../../context.ts'
import { noteOperations } from '../../embeddings/sync.ts'
import { AppError } from '../../errors.ts'
import { sha256 } from '../../lib/hash.ts'
import { newId } from '../../lib/ids.ts'
import { GraphBuilder } from '../../links/graph.ts'
import { graphRevision, outdateGraph, replaceGraph } from '../../links/store.ts'
import { diffOperations, type Change } from '../../specs/diff.ts'
import type { OpenedSpec } from '../../specs/load.ts'
import { operationName, type Finding, type Operation, type Skipped } from '../../specs/operation.ts'
import { mine } from '../queries.ts'
import { connections, specVersions } from '../tables.ts'

/** What a new document of a connection changed. */
export type NextVersion = { versionId: string; version: number; changes: Change[]; breaking: boolean }

const MAX_FINDINGS = 200
const MAX_CHANGES = 500
const LOAD_AT_ONCE = 200

/** An operation as the catalogue keeps it, with an id of its own: two documents are compared by the hash. */
export async function toEndpoint(ctx: Ctx, operation: Operation): Promise<NewEndpoint> {
  // Before anything is waited for: ids are in the order of the document.
  const id = newId('end', ctx.now())
  return { operation, hash: await sha256(JSON.stringify(operation)), id }
}

/** The row of one version of a document. */
export function versionRow(
  ctx: Ctx,
  connectionId: string,
  spec: OpenedSpec,
  read: { id: string; number: number; endpointCount: number; findings: Finding[]; skipped: Skipped[] },
): typeof specVersions.$inferInsert {
  const { title, version, openapi, bytes, hash, securitySchemes } = spec
  return {
    ...read,
    workspaceId: ctx.actor.workspaceId,
    connectionId,
    hash,
    title,
    version,
    openapi,
    bytes,
    securitySchemes,
    findings: [...warningOf(spec), ...read.findings].slice(0, MAX_FINDINGS),
    createdAt: new Date(ctx.now()).toISOString(),
  }
}

function warningOf({ warning }: OpenedSpec): Finding[] {
  return warning === null
    ? []
    : [{ path: '', message: warning, line: null, fix: 'Refresh the API once its host is up.' }]
}

/**
 * Holds a newly read document against what is stored of a connection, and stores the difference as its next version,
 * all at once. What is there keeps its id; effects that somebody corrected and operations written by hand stay. Nothing
 * new is stored when no operation changed.
 * @throws AppError CONFLICT when another version was stored in the meantime.
 */
export async function storeNextVersion(
  ctx: Ctx,
  connectionId: string,
  spec: OpenedSpec,
  more: { specUrl?: string } = {},
): Promise<NextVersion> {
  const revision = await graphRevision(ctx, connectionId)
  const [[current], known] = await Promise.all([latestVersion(ctx, connectionId), indexEndpoints(ctx, connectionId)])
  const gone = new Map(known.map((endpoint) => [operationName(endpoint), endpoint]))
  const fresh: NewEndpoint[] = []
  const replacedIds: string[] = []
  const graph = new GraphBuilder()
  let kept = 0
  for (const operation of spec.operations()) {
    const old = gone.get(operationName(operation))
    gone.delete(operationName(operation))
    const edited = old?.effectEdited ? { ...operation, effect: old.effect } : operation
    const endpoint = await toEndpoint(ctx, edited)
    graph.add(old?.id ?? endpoint.id, edited)
    if (old?.hash === endpoint.hash) {
      kept++
      continue
    }
    fresh.push({ ...endpoint, ...(old && { id: old.id, effectEdited: old.effectEdited }) })
    if (old) replacedIds.push(old.id)
  }
  const { findings, skipped } = spec.finish()
  const manual = [...gone.values()].filter((endpoint) => endpoint.manual)
  const removed = [...gone.values()].filter((endpoint) => !endpoint.manual).map(({ id }) => id)
  const replaced = [...replacedIds, ...removed]
  const before = await loadAll(ctx, connectionId, replaced)
  for (const endpoint of await loadAll(
    ctx,
    connectionId,
    manual.map(({ id: one }) => one),
  ))
    graph.add(endpoint.id, endpoint)
  const relinked =
    fresh.length === 0 && removed.length === 0
      ? []
      : [outdateGraph(ctx, connectionId), ...replaceGraph(ctx, connectionId, graph.build(), revision + 1)]
  const after = fresh.map(({ operation }) => operation)
  const changes = diffOperations(before, after, Infinity).sort((a, b) => Number(b.breaking) - Number(a.breaking))
  const breaking = changes.some((change) => change.breaking)
  const number = changes.length > 0 || !current ? (current?.number ?? 0) + 1 : current.number
  const id = number === current?.number ? current.id : newId('spv', ctx.now())
  const endpointCount = kept + fresh.length + manual.length
  const row = {
    ...versionRow(ctx, connectionId, spec, { id, number, endpointCount, findings, skipped }),
    changes: changes.slice(0, MAX_CHANGES),
    breaking,
  }
  const { createdAt, changes: _same, breaking: _too, ...renewed } = row
  const active = current?.status !== 'INACTIVE'
  const stored = ctx.db.batch([
    id === current?.id
      ? ctx.db
          .update(specVersions)
          .set(renewed)
          .where(and(eq(specVersions.id, id), eq(specVersions.workspaceId, ctx.actor.workspaceId)))
      : ctx.db.insert(specVersions).values(row),
    auditRow(ctx, 'connection.refresh', connectionId, { version: number, changes: changes.length, breaking }),
    deleteEndpoints(ctx, connectionId, replaced),
    ...insertEndpoints(ctx, connectionId, fresh, active),
    ...relinked,
    ctx.db
      .update(connections)
      .set({ specHash: spec.hash, specVersionId: id, endpointCount, updatedAt: createdAt, ...more })
      .where(mine(ctx, connectionId)),
  ])
  await stored.catch((error: unknown) => {
    if (
      !/UNIQUE constraint failed: (spec_versions|endpoints)/.test(`${String(error)} ${String((error as Error).cause)}`)
    )
      throw error
    throw new AppError('CONFLICT', 'Another version of the document was stored in the meantime; refresh again.')
  })
  noteOperations(ctx, connectionId)
  return { versionId: id, version: number, changes, breaking }
}

async function loadAll(ctx: Ctx, connectionId: string, ids: readonly string[]): Promise<Endpoint[]> {
  const found: Endpoint[] = []
  for (let at = 0; at < ids.length; at += LOAD_AT_ONCE)
    found.push(...(await loadEndpoints(ctx, connectionId, ids.slice(at, at + LOAD_AT_ONCE))))
  return found
}

function latestVersion(ctx: Ctx, connectionId: string) {
  return ctx.db
    .select({ id: specVersions.id, number: specVersions.number, status: connections.status })
    .from(specVersions)
    .innerJoin(connections, eq(connections.id, specVersions.connectionId))
    .where(and(mine(ctx, connectionId), eq(specVersions.workspaceId, ctx.actor.workspaceId)))
    .orderBy(desc(specVersions.number))
    .limit(1)
}
