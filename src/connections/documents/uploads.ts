import type { Ctx } from '../../context.ts'
import { AppError } from '../../errors.ts'
import type { SpecSource } from '../../specs/load.ts'

// Long enough for every attempt of the queue.
const KEPT_SECONDS = 86_400

type Metadata = { contentType: string | null }

/** Keeps a document that came with the request until the queue has read it; returns its key in KV. */
export async function keepUpload(
  ctx: Ctx,
  ingestionId: string,
  source: Exclude<SpecSource, { specUrl: string }>,
): Promise<string> {
  const key = `upload:${ctx.actor.workspaceId}:${ingestionId}`
  const { bytes, contentType } =
    'bytes' in source
      ? source
      : { bytes: typeof source.spec === 'string' ? source.spec : JSON.stringify(source.spec), contentType: null }
  const gzip = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))
  const metadata: Metadata = { contentType }
  // KV wants to know the length beforehand.
  const body = await new Response(gzip).arrayBuffer()
  await ctx.env.SPEC_CACHE.put(key, body, { metadata, expirationTtl: KEPT_SECONDS })
  return key
}

/** The document that was kept. @throws AppError NOT_FOUND when it is not there, or not there yet. */
export async function openUpload(ctx: Ctx, key: string): Promise<SpecSource> {
  const { value, metadata } = await ctx.env.SPEC_CACHE.getWithMetadata<Metadata>(key, 'stream')
  if (!value) throw new AppError('NOT_FOUND', 'The uploaded document is no longer there; upload it again.')
  const text = new Response(value.pipeThrough(new DecompressionStream('gzip')))
  return { bytes: new Uint8Array(await text.arrayBuffer()), contentType: metadata?.contentType ?? null }
}

/** Forgets a document that was kept. */
export async function dropUpload(ctx: Ctx, key: string): Promise<void> {
  await ctx.env.SPEC_CACHE.delete(key)
}
