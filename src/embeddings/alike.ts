import { z } from 'zod'
import { once } from '../catalog/once.ts'
import type { Ctx } from '../context.ts'
import { errorFields } from '../platform/log.ts'
import { embedderOf, TEXTS_AT_ONCE, within, type Embedder } from './embedder.ts'

/** How alike a text and each of some operations are, by their ids: the cosine of their vectors, the nearest first. */
export type Alike = ReadonlyMap<string, number>

/** How many of the nearest operations are asked for, of each text. */
export const NEAREST = 50

const Matches = z.object({ matches: z.array(z.object({ id: z.string(), score: z.number() })) })

/**
 * The operations of the workspace that are nearest in meaning to each text: all texts are embedded in one call, then the
 * index is asked for each. Null where the deployment has no embedder, and where it fails or takes longer than
 * `EMBEDDING_TIMEOUT_MS`: whoever asks does without. Ids are those that the index holds, which may be a little behind.
 */
export async function findAlike(ctx: Ctx, texts: readonly string[]): Promise<Alike[] | null> {
  const embedder = embedderOf(ctx)
  if (!embedder || texts.length === 0) return null
  // One request may plan a message twice, and read it in several ways: what was asked for is not asked again, nor anything
  // of what has just failed.
  const asked = once(ctx, 'alike', () => new Map<string, Promise<Alike>>())
  const service = once(ctx, 'alike service', () => ({ isDown: false }))
  if (service.isDown) return null
  const unasked = [...new Set(texts)].filter((text) => !asked.has(text)).slice(0, TEXTS_AT_ONCE)
  if (unasked.length > 0) {
    const { embeddingTimeoutMs } = ctx.config
    const found = within(ctx, embeddingTimeoutMs, () => find(ctx, embedder, unasked, embeddingTimeoutMs))
    for (const [index, text] of unasked.entries()) {
      const alike = found.then((all) => all[index] ?? new Map<string, number>())
      alike.catch(() => {})
      asked.set(text, alike)
    }
  }
  try {
    return await Promise.all(texts.map((text) => asked.get(text) ?? new Map<string, number>()))
  } catch (error) {
    service.isDown = true
    ctx.log.warn('planned without embeddings', errorFields(error))
    return null
  }
}

async function find(ctx: Ctx, { embed, index }: Embedder, texts: readonly string[], ms: number): Promise<Alike[]> {
  const { workspaceId } = ctx.actor
  const vectors = await embed(texts, ms)
  return Promise.all(
    vectors.map(async (vector) => {
      const found = await index.query(vector, { topK: NEAREST, namespace: workspaceId, returnMetadata: 'none' })
      return new Map(Matches.parse(found).matches.map(({ id, score }) => [id, score]))
    }),
  )
}
