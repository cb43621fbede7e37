import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../../auth/middleware.ts'
import { createRouter, failure, ok, okPage, page, secured, success } from '../../http/router.ts'
import { costs } from '../../limits/costs.ts'
import { Batch } from '../schema.ts'
import { BatchUndo, BatchUndoOptions, BatchUndoQuery } from './schema.ts'
import { listBatchUndo, undoBatch } from './service.ts'

const base = { tags: ['Batches'], security: secured, middleware: authenticate({ cost: costs.batch }) }
const params = z.object({ id: z.string().openapi({ example: 'bat_…' }) })

const list = createRoute({
  ...base,
  method: 'get',
  path: '/batches/{id}/undo',
  operationId: 'listBatchUndo',
  summary: 'What undoing a batch would call, execution by execution',
  request: { params, query: BatchUndoQuery },
  responses: {
    200: okPage(BatchUndo, 'How many calls each execution takes, and what stays; nothing is sent'),
    ...failure,
  },
})

const undo = createRoute({
  ...base,
  method: 'post',
  path: '/batches/{id}/undo',
  operationId: 'undoBatch',
  summary: 'Take back what the executions of a batch created, once, in a batch of undos',
  request: { params, query: BatchUndoOptions },
  responses: { 202: ok(Batch, 'The undoing batch; the one there is where it was asked for before'), ...failure },
})

export const batchUndoRoutes = createRouter()
  .openapi(list, async (c) =>
    c.json(page(await listBatchUndo(c.var.ctx, c.req.valid('param').id, c.req.valid('query'))), 200),
  )
  .openapi(undo, async (c) =>
    c.json(success(await undoBatch(c.var.ctx, c.req.valid('param').id, c.req.valid('query'))), 202),
  )
