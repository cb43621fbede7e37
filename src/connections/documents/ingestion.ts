import { and, eq, lt } from 'drizzle-orm'
import { auditRow, recordAudit } from '../../audit/audit.ts'
import { activateEndpoints, deleteEndpoints, deleteInactiveEndpoints, insertEndpoints } from '../../catalog/store.ts'
import type { Ctx, World } from '../../context.ts'
import { noteOperations } from '../../embeddings/sync.ts'
import { AppError } from '../../errors.ts'
import { newId } from '../../lib/ids.ts'
import { slugify } from '../../lib/words.ts'
import { GraphBuilder } from '../../links/graph.ts'
import { replaceGraph } from '../../links/store.ts'
import { insertNotice } from '../../notices/service.ts'
import type { Sealed } from '../../platform/vault.ts'
import { openSpec, type OpenedSpec, type SpecSource } from '../../specs/load.ts'
import type { Operation } from '../../specs/operation.ts'
import { openSecret, sealSecret } from '../../vault/service.ts'
import { describeConnection, sourceKind } from './describe.ts'
import { storeNextVersion, toEndpoint, versionRow, type NextVersion } from './versions.ts'
import { findIngestion, reportIngestion, updateIngestion } from './ingestion-rows.ts'
import { freeSlug, orSlugTaken } from '../naming.ts'
import { mine } from '../queries.ts'
import type { ConnectionInput } from '../schema.ts'
import { connections, ingestions, specVersions } from '../tables.ts'
import { dropUpload, keepUpload, openUpload } from './uploads.ts'

/** What the queue carries about documents: ids only. */
export type IngestMessage = { workspaceId: string; userId: string; requestId: string } & (
  | { kind: 'ingest'; ingestionId: string }
  | { kind: 'refresh' | 'link'; connectionId: string }
)

const CHUNK = 100
const REPORT_MS = 300
// A message that is merely waiting its turn is no harm twice: a reading that has ended is not begun again.
const SETTLED_MS = 300_000
const AT_ONCE = 50

type Row = NonNullable<Awaited<ReturnType<typeof findIngestion>>>

/** Stores a draft and puts the reading of its document on the queue. Returns the id of the connection. */
export async function beginIngestion(ctx: Ctx, input: ConnectionInput, source: SpecSource): Promise<string> {
  const id = newId('con', ctx.now())
  const { workspaceId, userId } = ctx.actor
  const now = new Date(ctx.now()).toISOString()
  const specUrl = 'specUrl' in source ? source.specUrl : null
  const baseUrl = input.baseUrl ?? (specUrl ? new URL(specUrl).origin : '')
  const name = input.name ?? (URL.parse(baseUrl)?.host || 'New API')
  const slug = await freeSlug(ctx, input.slug, slugify(name, 'api'))
  const naming = { name, slug, description: '', baseUrl, specUrl, source: sourceKind(source) }
  const nothingYet = { auth: { type: 'none' as const }, specVersionId: '', specHash: '', endpointCount: 0 }
  const draft = ctx.db.insert(connections).values({
    id,
    workspaceId,
    ...naming,
    ...nothingYet,
    status: 'DRAFT',
    createdBy: userId,
    createdAt: now,
    updatedAt: now,
  })
  const sealed = await sealSecret(ctx, workspaceId, id, JSON.stringify(input))
  const audit = auditRow(ctx, 'connection.draft', id, { name, specUrl })
  await queueIngestion(ctx, id, source, sealed, (row) => orSlugTaken(slug, ctx.db.batch([draft, audit, row])))
  return id
}

/** Puts the reading of a new document of a connection that is there on the queue. */
export async function beginRefresh(ctx: Ctx, connectionId: string, source: SpecSource): Promise<void> {
  await queueIngestion(ctx, connectionId, source, null, (row) => row)
}

/** Puts a reading that failed on the queue again, as it was asked for. */
export async function beginAgain(ctx: Ctx, connectionId: string, source: SpecSource | null): Promise<void> {
  const [failed] = await ctx.db
    .select()
    .from(ingestions)
    .where(and(eq(ingestions.workspaceId, ctx.actor.workspaceId), eq(ingestions.connectionId, connectionId)))
    .limit(1)
  if (!failed || failed.status !== 'failed')
    throw new AppError('CONFLICT', 'The document is being read already: see GET /api/apis/{id}/ingestion.')
  const from = source ?? ('specUrl' in failed.source ? failed.source : null)
  if (!from) throw noDocument()
  await queueIngestion(ctx, connectionId, from, failed.input, (row) =>
    ctx.db.batch([ctx.db.delete(ingestions).where(eq(ingestions.id, failed.id)), row]),
  )
}

/** The problem of a connection whose document has no URL to be fetched from again. */
export function noDocument(): AppError {
  return new AppError('VALIDATION_FAILED', 'The document of this API came without a URL: give the new one in spec.', {
    errors: [{ path: '/spec', code: 'required', message: 'is needed: there is no URL to fetch the document from' }],
  })
}

async function queueIngestion(
  ctx: Ctx,
  connectionId: string,
  source: SpecSource,
  input: Sealed | null,
  store: (row: ReturnType<typeof insertRow>) => PromiseLike<unknown>,
): Promise<void> {
  const { workspaceId, userId } = ctx.actor
  const { requestId } = ctx
  const id = newId('ing', ctx.now())
  const from = 'specUrl' in source ? source : { upload: await keepUpload(ctx, id, source) }
  await store(insertRow(ctx, { id, connectionId, source: from, input }))
  await ctx.env.INGEST.send({ kind: 'ingest', workspaceId, userId, ingestionId: id, requestId } satisfies IngestMessage)
}

function insertRow(ctx: Ctx, row: Pick<Row, 'id' | 'connectionId' | 'source' | 'input'>) {
  const { workspaceId, userId } = ctx.actor
  const createdAt = new Date(ctx.now()).toISOString()
  const { requestId } = ctx
  return ctx.db
    .insert(ingestions)
    .values({ ...row, workspaceId, status: 'queued', requestedBy: userId, requestId, createdAt })
}

/**
 * Reads a document that was put on the queue. What it says is stored in parts that nobody sees, and becomes visible at
 * once at the end; an attempt that was cut short begins anew. A document that cannot be used ends the ingestion with
 * its problem. Returns what changed where the connection had a document before.
 */
export async function runIngestion(ctx: Ctx, id: string): Promise<{ connectionId: string; next: NextVersion } | null> {
  const row = await findIngestion(ctx, id)
  if (!row || row.status === 'done' || row.status === 'failed') return null
  const { connectionId } = row
  try {
    await reportIngestion(ctx, row, { status: 'running', indexed: 0 })
    const source = 'upload' in row.source ? await openUpload(ctx, row.source.upload) : row.source
    const spec = await openSpec(ctx, source, { revalidate: row.input === null })
    await reportIngestion(ctx, row, { bytes: spec.bytes, operations: spec.count })
    const next = row.input
      ? await fillDraft(ctx, row, row.input, spec)
      : await storeNextVersion(ctx, connectionId, spec)
    await reportIngestion(ctx, row, { ...ended(ctx, 'done'), indexed: spec.count })
    if ('upload' in row.source) await dropUpload(ctx, row.source.upload)
    ctx.defer(spec.keep())
    return next && { connectionId, next }
  } catch (error) {
    // An upload may not have reached this place yet: the queue tries again.
    if (!(error instanceof AppError) || error.code === 'NOT_FOUND') throw error
    await failIngestion(ctx, row, error)
    return null
  }
}

/** Sends again what was accepted and whose message never left: the Worker died in between. Of every workspace. */
export async function sendStrandedIngestions(world: World): Promise<void> {
  const before = new Date(world.now() - SETTLED_MS).toISOString()
  const stranded = await world.db
    .select({
      ingestionId: ingestions.id,
      workspaceId: ingestions.workspaceId,
      userId: ingestions.requestedBy,
      requestId: ingestions.requestId,
    })
    .from(ingestions)
    .where(and(eq(ingestions.status, 'queued'), lt(ingestions.createdAt, before)))
    .limit(AT_ONCE)
  for (const row of stranded) await world.env.INGEST.send({ kind: 'ingest', ...row } satisfies IngestMessage)
}

/** Ends an ingestion with what went wrong. */
export async function failIngestion(ctx: Ctx, row: Row, error: AppError): Promise<void> {
  const { code, message: detail, errors } = error
  const { workspaceId, userId } = ctx.actor
  const text = `A document could not be read: ${detail}`
  const notice = { kind: 'ingestion_failed' as const, resource: row.connectionId, message: text, workspaceId, userId }
  // Of an API that was there before, what is inactive was put to rest by somebody and stays.
  const leftBehind = row.input === null ? [] : [deleteInactiveEndpoints(ctx, row.connectionId)]
  await ctx.db.batch([insertNotice(ctx, notice), ...leftBehind])
  await recordAudit(ctx, 'connection.ingestion_failed', row.connectionId, { code }, 'failure')
  await reportIngestion(ctx, row, { ...ended(ctx, 'failed'), error: { code, detail, ...(errors && { errors }) } })
}

async function fillDraft(ctx: Ctx, row: Row, input: Sealed, spec: OpenedSpec): Promise<null> {
  const { connectionId } = row
  const wanted = JSON.parse(await openSecret(ctx, ctx.actor.workspaceId, connectionId, input)) as ConnectionInput
  await deleteInactiveEndpoints(ctx, connectionId)
  const servers = new Set<string | null>()
  const graph = new GraphBuilder()
  let indexed = 0
  let reportedAt = ctx.now()
  for (const operations of inChunks(spec.operations(), CHUNK)) {
    for (const { server } of operations) servers.add(server)
    const added = await Promise.all(operations.map((one) => toEndpoint(ctx, one)))
    for (const { id, operation } of added) graph.add(id, operation)
    const [first, ...rest] = insertEndpoints(ctx, connectionId, added, false)
    if (first) await ctx.db.batch([first, ...rest])
    indexed += operations.length
    if (ctx.now() - reportedAt < REPORT_MS) continue
    reportedAt = ctx.now()
    await reportIngestion(ctx, row, { indexed })
  }
  const { findings, skipped } = spec.finish()
  const specVersionId = newId('spv', ctx.now())
  const columns = await describeConnection(ctx, connectionId, wanted, spec, servers)
  const version = versionRow(ctx, connectionId, spec, {
    id: specVersionId,
    number: 1,
    endpointCount: indexed,
    findings,
    skipped,
  })
  const [still] = await ctx.db.select({ id: connections.id }).from(connections).where(mine(ctx, connectionId))
  if (!still) {
    // Somebody disconnected the API while its document was read.
    await deleteEndpoints(ctx, connectionId)
    return null
  }
  const stored = ctx.db.batch([
    ctx.db
      .update(connections)
      .set({ ...columns, specVersionId, endpointCount: indexed, status: 'ACTIVE', updatedAt: version.createdAt })
      .where(mine(ctx, connectionId)),
    auditRow(ctx, 'connection.create', connectionId, { name: columns.name, auth: columns.auth.type, ...row.source }),
    ctx.db.insert(specVersions).values(version),
    activateEndpoints(ctx, connectionId, true),
    ...replaceGraph(ctx, connectionId, graph.build(), 0),
    updateIngestion(ctx, row.id, { input: null }),
  ])
  await orSlugTaken(columns.slug, stored)
  noteOperations(ctx, connectionId)
  return null
}

function ended(ctx: Ctx, status: 'done' | 'failed') {
  return { status, endedAt: new Date(ctx.now()).toISOString() }
}

function* inChunks(operations: Iterable<Operation>, size: number): Generator<Operation[]> {
  let chunk: Operation[] = []
  for (const operation of operations) {
    chunk.push(operation)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
