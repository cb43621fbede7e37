import { requireScope, type Ctx } from '../../context.ts'
import type { SpecSource } from '../../specs/load.ts'
import { openSmall } from '../connect.ts'
import { storeNextVersion, type NextVersion } from './versions.ts'
import { beginAgain, beginRefresh, noDocument } from './ingestion.ts'
import type { RefreshRequest } from '../schema.ts'
import { getConnection } from '../service.ts'

/**
 * Fetches the document of a connection again, or takes a new one, and stores what changed as its next version. Null when
 * the document is large and is read on the queue instead.
 * @throws AppError of reading the document, VALIDATION_FAILED when there is no URL, CONFLICT.
 */
export async function refreshDocument(
  ctx: Ctx,
  id: string,
  input: RefreshRequest,
): Promise<(NextVersion & { warning: string | null }) | null> {
  requireScope(ctx, 'write')
  const connection = await getConnection(ctx, id)
  const source = sourceOf(input)
  if (connection.status === 'DRAFT') {
    await beginAgain(ctx, id, source)
    return null
  }
  const from = source ?? (connection.specUrl === null ? null : { specUrl: connection.specUrl })
  if (!from) throw noDocument()
  const spec = await openSmall(ctx, from, true)
  if (!spec) {
    await beginRefresh(ctx, id, from)
    return null
  }
  const next = await storeNextVersion(ctx, id, spec, 'specUrl' in from ? { specUrl: from.specUrl } : {})
  ctx.defer(spec.keep())
  return { ...next, warning: spec.warning }
}

function sourceOf({ specUrl, spec }: RefreshRequest): SpecSource | null {
  if (specUrl !== undefined) return { specUrl }
  return spec === undefined ? null : { spec }
}
