import { auditRow } from '../audit/audit.ts'
import { insertEndpoints } from '../catalog/store.ts'
import { requireScope, type Ctx } from '../context.ts'
import { noteOperations } from '../embeddings/sync.ts'
import { AppError } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { GraphBuilder } from '../links/graph.ts'
import { replaceGraph } from '../links/store.ts'
import { importEndpoints } from '../specs/import/index.ts'
import { openSpec, type OpenedSpec, type SpecSource } from '../specs/load.ts'
import { describeConnection, sourceKind } from './documents/describe.ts'
import { toEndpoint, versionRow } from './documents/versions.ts'
import { beginIngestion } from './documents/ingestion.ts'
import { orSlugTaken } from './naming.ts'
import type { ConnectionDetail, ConnectionInput, NewConnection, UploadForm } from './schema.ts'
import { getConnection } from './service.ts'
import { connections, specVersions } from './tables.ts'

/** Documents up to this size are read while the caller waits, larger ones on the queue. */
export const INLINE_BYTES = 1_000_000

/**
 * Connects an API: reads its document, seals the credential, and stores both with every operation in one batch. A large
 * document is read on the queue instead; until then the connection is a draft.
 * @throws AppError of reading the document, VALIDATION_FAILED, CONFLICT.
 */
export async function connectApi(
  ctx: Ctx,
  { specUrl, spec, endpoints, ...input }: NewConnection,
): Promise<ConnectionDetail> {
  requireScope(ctx, 'write')
  if (specUrl !== undefined) return connectSource(ctx, input, { specUrl })
  if (spec !== undefined) return connectSource(ctx, input, { spec })
  const { name = '', baseUrl = '' } = input
  const document = importEndpoints({ name, baseUrl, endpoints: endpoints ?? [] })
  const opened = await openSpec(ctx, { spec: document })
  return getConnection(ctx, await storeConnection(ctx, input, 'endpoints', null, opened))
}

/** As `connectApi`, for a document that comes as a file. */
export async function connectUpload(ctx: Ctx, { spec, auth, ...input }: UploadForm): Promise<ConnectionDetail> {
  requireScope(ctx, 'write')
  if (spec.size > ctx.config.specMaxBytes)
    throw new AppError(
      'SPEC_TOO_LARGE',
      `The document has ${spec.size} bytes; at most ${ctx.config.specMaxBytes} are taken.`,
    )
  const source: SpecSource = { bytes: new Uint8Array(await spec.arrayBuffer()), contentType: spec.type || null }
  return connectSource(ctx, { ...input, auth }, source)
}

async function connectSource(ctx: Ctx, input: ConnectionInput, source: SpecSource): Promise<ConnectionDetail> {
  const spec = await openSmall(ctx, source)
  return getConnection(
    ctx,
    spec
      ? await storeConnection(ctx, input, sourceKind(source), 'specUrl' in source ? source.specUrl : null, spec)
      : await beginIngestion(ctx, input, source),
  )
}

/** The document, or null when it is too large to be read while the caller waits. */
export async function openSmall(ctx: Ctx, source: SpecSource, revalidate = false): Promise<OpenedSpec | null> {
  if ('spec' in source && typeof source.spec === 'string' && source.spec.length > INLINE_BYTES) return null
  if ('bytes' in source && source.bytes.byteLength > INLINE_BYTES) return null
  try {
    return await openSpec(ctx, source, { maxBytes: INLINE_BYTES, revalidate })
  } catch (error) {
    if (error instanceof AppError && error.code === 'SPEC_TOO_LARGE' && error.extra['limit'] === INLINE_BYTES)
      return null
    throw error
  }
}

async function storeConnection(
  ctx: Ctx,
  input: ConnectionInput,
  source: 'url' | 'document' | 'endpoints',
  specUrl: string | null,
  spec: OpenedSpec,
): Promise<string> {
  const id = newId('con', ctx.now())
  const specVersionId = newId('spv', ctx.now())
  const operations = [...spec.operations()]
  const { findings, skipped } = spec.finish()
  const columns = await describeConnection(
    ctx,
    id,
    input,
    spec,
    operations.map(({ server }) => server),
  )
  const manual = source === 'endpoints'
  const endpoints = (await Promise.all(operations.map((one) => toEndpoint(ctx, one)))).map((one) => ({
    ...one,
    manual,
  }))
  const graph = new GraphBuilder()
  for (const { id: endpointId, operation } of endpoints) graph.add(endpointId, operation)
  const endpointCount = operations.length
  const { workspaceId, userId } = ctx.actor
  const now = new Date(ctx.now()).toISOString()
  const row = { ...columns, id, workspaceId, specVersionId, endpointCount, specUrl, createdBy: userId, createdAt: now }
  const version = versionRow(ctx, id, spec, { id: specVersionId, number: 1, endpointCount, findings, skipped })
  const stored = ctx.db.batch([
    ctx.db.insert(connections).values({ ...row, status: 'ACTIVE', source, updatedAt: now }),
    auditRow(ctx, 'connection.create', id, { name: row.name, specUrl, auth: row.auth.type }),
    ctx.db.insert(specVersions).values(version),
    ...insertEndpoints(ctx, id, endpoints, true),
    ...replaceGraph(ctx, id, graph.build(), 0),
  ])
  await orSlugTaken(row.slug, stored)
  ctx.defer(spec.keep())
  noteOperations(ctx, id)
  return id
}
