import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, okPage, page, PageQuery, secured, success } from '../http/router.ts'
import { NewWorkflow, Workflow, WorkflowDetail } from './schema.ts'
import { createWorkflow, deleteWorkflow, getWorkflow, listWorkflows } from './service.ts'

const base = { tags: ['Workflows'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'wfl_…' }) })

const create = createRoute({
  ...base,
  method: 'post',
  path: '/workflows',
  operationId: 'createWorkflow',
  summary: 'Store a workflow, checked against the specifications',
  request: { body: body(NewWorkflow) },
  responses: { 201: ok(WorkflowDetail, 'The workflow'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/workflows',
  operationId: 'listWorkflows',
  summary: 'List workflows',
  request: { query: PageQuery },
  responses: { 200: okPage(Workflow, 'Workflows, newest first'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/workflows/{id}',
  operationId: 'getWorkflow',
  summary: 'One workflow with its definition',
  request: { params },
  responses: { 200: ok(WorkflowDetail, 'The workflow'), ...failure },
})

const remove = createRoute({
  ...base,
  method: 'delete',
  path: '/workflows/{id}',
  operationId: 'deleteWorkflow',
  summary: 'Remove a workflow',
  request: { params },
  responses: { 200: ok(z.object({ id: z.string(), deleted: z.literal(true) }), 'It is gone'), ...failure },
})

export const workflowRoutes = createRouter()
  .openapi(create, async (c) => c.json(success(await createWorkflow(c.var.ctx, c.req.valid('json'))), 201))
  .openapi(list, async (c) => c.json(page(await listWorkflows(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getWorkflow(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(remove, async (c) => c.json(success(await deleteWorkflow(c.var.ctx, c.req.valid('param').id)), 200))
