import type { Ctx } from '../context.ts'
import { csvOf, ndjsonOf, readPages } from '../lib/export.ts'
import { toStream } from '../lib/text-stream.ts'
import { readItems } from './items.ts'
import type { BatchResult, ResultQuery } from './schema.ts'
import { getBatch } from './service.ts'

const PAGE = 50
const COLUMNS = ['index', 'line', 'status', 'executionId', 'output', 'error'] as const

/**
 * What became of every input of a batch, in their order, as NDJSON or CSV. Read from D1 a page at a time as it is sent;
 * of a batch that is still open, as each stands when its turn comes.
 */
export async function streamResults(
  ctx: Ctx,
  id: string,
  { format }: ResultQuery,
): Promise<ReadableStream<Uint8Array>> {
  await getBatch(ctx, id)
  const pages = readPages<BatchResult>((last) => readItems(ctx, id, { after: last?.index ?? -1, limit: PAGE }), PAGE)
  return toStream(format === 'csv' ? csvOf(COLUMNS, flattened(pages)) : ndjsonOf(pages))
}

/** Results as the columns of a table. */
async function* flattened(pages: AsyncIterable<BatchResult[]>) {
  for await (const page of pages)
    yield page.map(({ output, error, ...result }) => {
      const text = output === null || typeof output === 'string' ? output : JSON.stringify(output)
      return { ...result, output: text, error: error?.message }
    })
}
