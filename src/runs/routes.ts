import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, okPage, page, PageQuery, secured, success } from '../http/router.ts'
import { ExecutePlan, ExecuteWorkflow, Execution, ExecutionSummary, WaitQuery } from './schema.ts'
import {
  cancelExecution,
  executePlan,
  executeWorkflow,
  getExecution,
  listExecutions,
  watchExecution,
} from './service.ts'

const base = { tags: ['Executions'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'run_…' }) })

const confirm = createRoute({
  ...base,
  method: 'post',
  path: '/chat/execute',
  operationId: 'executePlan',
  summary: 'Confirm a plan and run it',
  request: { body: body(ExecutePlan), query: WaitQuery },
  responses: { 202: ok(Execution, 'The execution; finished if it was waited for'), ...failure },
})

const execute = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/{id}/execute',
  operationId: 'executeWorkflow',
  summary: 'Run a workflow',
  request: {
    params: z.object({ id: z.string().openapi({ example: 'wfl_…' }) }),
    body: body(ExecuteWorkflow),
    query: WaitQuery,
  },
  responses: { 202: ok(Execution, 'The execution; finished if it was waited for'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/executions',
  operationId: 'listExecutions',
  summary: 'List executions',
  request: { query: PageQuery.extend({ workflowId: z.string().optional() }) },
  responses: { 200: okPage(ExecutionSummary, 'Executions, newest first'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}',
  operationId: 'getExecution',
  summary: 'One execution, step by step',
  request: { params },
  responses: { 200: ok(Execution, 'The execution as it is now'), ...failure },
})

const events = createRoute({
  ...base,
  method: 'get',
  path: '/executions/{id}/events',
  operationId: 'watchExecution',
  summary: 'Watch an execution live (server-sent events)',
  request: {
    params,
    headers: z.object({ 'last-event-id': z.string().optional().openapi({ description: 'Resume after this event' }) }),
  },
  responses: {
    200: {
      description: 'Each event: its sequence number as id, its type as event, the event as JSON in data',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...failure,
  },
})

const cancel = createRoute({
  ...base,
  method: 'post',
  path: '/executions/{id}/cancel',
  operationId: 'cancelExecution',
  summary: 'Stop an execution',
  request: { params },
  responses: { 200: ok(Execution, 'The execution, cancelled'), ...failure },
})

export const runRoutes = createRouter()
  .openapi(confirm, async (c) =>
    c.json(success(await executePlan(c.var.ctx, c.req.valid('json'), c.req.valid('query').wait)), 202),
  )
  .openapi(execute, async (c) =>
    c.json(
      success(
        await executeWorkflow(c.var.ctx, c.req.valid('param').id, c.req.valid('json'), c.req.valid('query').wait),
      ),
      202,
    ),
  )
  .openapi(list, async (c) => c.json(page(await listExecutions(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getExecution(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(events, async (c) => {
    const stream = await watchExecution(c.var.ctx, c.req.valid('param').id, c.req.valid('header')['last-event-id'])
    return c.body(stream, 200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  })
  .openapi(cancel, async (c) => c.json(success(await cancelExecution(c.var.ctx, c.req.valid('param').id)), 200))
