import type { Ctx } from '../context.ts'
import { guardFormula, writeCsvRecord } from '../lib/csv.ts'
import { toStream } from '../lib/text-stream.ts'
import { readItems } from './items.ts'
import type { BatchResult, ResultQuery } from './schema.ts'
import { getBatch } from './service.ts'

const PAGE = 50
const COLUMNS = ['index', 'line', 'status', 'executionId', 'output', 'error']

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
  return toStream(format === 'csv' ? csvOf(ctx, id) : ndjsonOf(ctx, id))
}

async function* ndjsonOf(ctx: Ctx, id: string): AsyncGenerator<string> {
  for await (const page of pagesOf(ctx, id)) yield page.map((result) => `${JSON.stringify(result)}\n`).join('')
}

async function* csvOf(ctx: Ctx, id: string): AsyncGenerator<string> {
  yield writeCsvRecord(COLUMNS)
  for await (const page of pagesOf(ctx, id)) yield page.map((result) => writeCsvRecord(toCells(result))).join('')
}

function toCells({ index, line, status, executionId, output, error }: BatchResult): string[] {
  const text = output === null ? '' : typeof output === 'string' ? output : JSON.stringify(output)
  return [
    String(index),
    String(line),
    status,
    executionId ?? '',
    guardFormula(text),
    guardFormula(error?.message ?? ''),
  ]
}

async function* pagesOf(ctx: Ctx, batchId: string): AsyncGenerator<BatchResult[]> {
  for (let after = -1; ;) {
    const results = await readItems(ctx, batchId, { after, limit: PAGE })
    const last = results.at(-1)
    if (!last) return
    yield results
    after = last.index
  }
}
