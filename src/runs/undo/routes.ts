import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../../auth/middleware.ts'
import { createRouter, failure, ok, secured, success } from '../../http/router.ts'
import { Execution, WaitQuery } from '../schema.ts'
import { Undo } from './schema.ts'
import { getUndo, undoExecution } from './service.ts'

const base = { tags: ['Executions'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'run_…' }) })

const get = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}/undo',
  operationId: 'getExecutionUndo',
  summary: 'What undoing an execution would call, and what cannot be taken back',
  request: { params },
  responses: { 200: ok(Undo, 'The calls in their order, and what remains; nothing is sent'), ...failure },
})

const undo = createRoute({
  ...base,
  method: 'post',
  path: '/executions/{id}/undo',
  operationId: 'undoExecution',
  summary: 'Take back what an execution created, once, in an execution of its own',
  request: { params, query: WaitQuery },
  responses: {
    202: ok(Execution, 'The undoing execution; the one there is where it was asked for before'),
    ...failure,
  },
})

export const undoRoutes = createRouter()
  .openapi(get, async (c) => c.json(success(await getUndo(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(undo, async (c) =>
    c.json(success(await undoExecution(c.var.ctx, c.req.valid('param').id, c.req.valid('query').wait)), 202),
  )
