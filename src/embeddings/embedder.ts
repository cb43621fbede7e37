import { z } from 'zod'
import type { World } from '../context.ts'
import { startDeadline } from '../platform/deadline.ts'

/** Workers AI, as far as it makes vectors of texts. */
type Ai = {
  run: (model: string, inputs: { text: readonly string[] }, options: { signal: AbortSignal }) => Promise<unknown>
}

/** What makes vectors of texts and finds the near ones, of a deployment that has both. */
export type Embedder = {
  /** One vector a text, in their order. At most `TEXTS_AT_ONCE`. @throws when the model fails or the time is up */
  embed: (texts: readonly string[], ms: number) => Promise<number[][]>
  index: Pick<Vectorize, 'query' | 'upsert' | 'deleteByIds'>
  /** What vectors are made by. */
  model: string
}

/** As many texts as Workers AI takes in one call (its text embedding models, `maxItems` of `text`). */
export const TEXTS_AT_ONCE = 100

// Of what `textOf` makes: raised when it makes something else, so that everything is embedded anew.
const TEXT_VERSION = 1

const Answer = z.object({ data: z.array(z.array(z.number()).min(1)) })

/** The embedder of this deployment; null where it has not both bindings, `AI` and `VECTORIZE`. */
export function embedderOf(world: World): Embedder | null {
  // Neither is in the wrangler.toml that a fresh clone has: the generated types know them only where somebody binds them.
  const bindings: object = world.env
  const { AI: ai, VECTORIZE: index } = bindings as { AI?: Ai; VECTORIZE?: Vectorize }
  if (!ai || !index) return null
  const { embeddingModel } = world.config
  return {
    index,
    model: `${embeddingModel} ${TEXT_VERSION}`,
    embed: (texts, ms) =>
      within(world, ms, async (signal) => {
        const { data } = Answer.parse(await ai.run(embeddingModel, { text: texts }, { signal }))
        if (data.length !== texts.length) throw new Error(`${texts.length} texts came back as ${data.length} vectors`)
        return data
      }),
  }
}

/** Work that may take so many milliseconds. @throws DOMException TimeoutError when the time is up, whether or not the work heeds it */
export async function within<Value>(
  world: World,
  ms: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const deadline = startDeadline(ms, [], world.setAlarm)
  const { signal } = deadline
  const timeUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
  })
  try {
    return await Promise.race([work(signal), timeUp])
  } finally {
    deadline.clear()
  }
}
