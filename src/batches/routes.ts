import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { exportHeaders } from '../lib/export.ts'
import { costs } from '../limits/costs.ts'
import { createBatch } from './accept.ts'
import { listBatchItems } from './items.ts'
import { streamResults } from './results.ts'
import { Batch, BatchItem, BatchList, BatchOptions, BatchResult, ItemQuery, ResultQuery } from './schema.ts'
import { cancelBatch, getBatch, listBatches, resumeBatch } from './service.ts'

const base = { tags: ['Batches'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'bat_…' }) })

const create = createRoute({
  ...base,
  middleware: authenticate({ cost: costs.batch }),
  method: 'post',
  path: '/workflows/{id}/batch',
  operationId: 'createBatch',
  summary: 'Run a workflow for up to 10,000 inputs',
  request: {
    params: z.object({ id: z.string().openapi({ example: 'wfl_…' }) }),
    query: BatchOptions,
    // No zod here: the body is read as it comes in, never as a whole.
    body: {
      required: true,
      content: {
        'application/json': { schema: { type: 'array', items: { type: 'object' }, maxItems: 10_000 } },
        'application/x-ndjson': { schema: { type: 'string', description: 'A JSON object a line' } },
        'text/csv': { schema: { type: 'string', description: 'RFC 4180; the first line names the inputs' } },
      },
    },
  },
  responses: { 202: ok(Batch, 'The batch, accepted'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/batches',
  operationId: 'listBatches',
  summary: 'List batches',
  request: { query: BatchList },
  responses: { 200: okPage(Batch, 'Batches, newest first'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/batches/{id}',
  operationId: 'getBatch',
  summary: 'A batch and how far it is',
  request: { params },
  responses: { 200: ok(Batch, 'The batch'), ...failure },
})

const cancel = createRoute({
  ...base,
  method: 'post',
  path: '/batches/{id}/cancel',
  operationId: 'cancelBatch',
  summary: 'Stop a batch and its open runs',
  request: { params },
  responses: { 200: ok(Batch, 'The batch, being stopped'), ...failure },
})

const resume = createRoute({
  ...base,
  method: 'post',
  path: '/batches/{id}/resume',
  operationId: 'resumeBatch',
  summary: 'Try what failed again, and begin what was not begun',
  request: { params },
  responses: { 200: ok(Batch, 'The batch as it goes on'), ...failure },
})

const items = createRoute({
  ...base,
  method: 'get',
  path: '/batches/{id}/items',
  operationId: 'listBatchItems',
  summary: 'The inputs of a batch, all of them or those in one state',
  request: { params, query: ItemQuery },
  responses: { 200: okPage(BatchItem, 'Items, in the order of the inputs'), ...failure },
})

const results = createRoute({
  ...base,
  method: 'get',
  path: '/batches/{id}/results',
  operationId: 'getBatchResults',
  summary: 'What became of every input, in their order',
  request: { params, query: ResultQuery },
  responses: {
    200: {
      description: 'A result a line: index, line, status, executionId, output, error',
      content: { 'application/x-ndjson': { schema: BatchResult }, 'text/csv': { schema: z.string() } },
    },
    ...failure,
  },
})

export const batchRoutes = createRouter()
  .openapi(create, async (c) => {
    const source = { contentType: c.req.header('content-type'), body: c.req.raw.body }
    const batch = await createBatch(c.var.ctx, c.req.valid('param').id, source, c.req.valid('query'))
    return c.json(success(batch), 202)
  })
  .openapi(list, async (c) => c.json(page(await listBatches(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getBatch(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(cancel, async (c) => c.json(success(await cancelBatch(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(resume, async (c) => c.json(success(await resumeBatch(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(items, async (c) =>
    c.json(page(await listBatchItems(c.var.ctx, c.req.valid('param').id, c.req.valid('query'))), 200),
  )
  .openapi(results, async (c) => {
    const { id } = c.req.valid('param')
    const query = c.req.valid('query')
    const headers = { ...exportHeaders(id, query.format), 'cache-control': 'no-store' }
    return c.body(await streamResults(c.var.ctx, id, query), 200, headers)
  })
