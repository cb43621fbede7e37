import { createRoute, z } from '@hono/zod-openapi'
import { dump } from 'js-yaml'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, okPage, page, PageQuery, secured, success } from '../http/router.ts'
import { ExportQuery, ImportedWorkflows, NewWorkflow, Workflow, WorkflowDetail, WorkflowImport } from './schema.ts'
import { createWorkflow, deleteWorkflow, getWorkflow, listWorkflows } from './service.ts'
import { exportWorkflow, importWorkflows } from './transfer.ts'

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

const importDocument = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/import',
  operationId: 'importWorkflows',
  summary: 'Store the workflows of an Arazzo document',
  description:
    'Stores every workflow of the document that can run on the connected APIs, all or none of them written. What could not be taken over is told with its JSON pointer.',
  request: { body: body(WorkflowImport) },
  responses: { 201: ok(ImportedWorkflows, 'What was stored, and what was not'), ...failure },
})

const exportDocument = createRoute({
  ...base,
  method: 'get',
  path: '/workflows/{id}/export',
  operationId: 'exportWorkflow',
  summary: 'A workflow as an Arazzo 1.0.1 document',
  description:
    'The document itself and no envelope, so that it can be saved as a file. What Arazzo has no form for stands in x-apiq-… extensions; importing the document gives the same workflow.',
  request: { params, query: ExportQuery },
  responses: {
    200: {
      description: 'The document',
      content: {
        'application/yaml': { schema: z.string() },
        'application/json': { schema: z.record(z.string(), z.unknown()) },
      },
    },
    ...failure,
  },
})

export const workflowRoutes = createRouter()
  .openapi(create, async (c) => c.json(success(await createWorkflow(c.var.ctx, c.req.valid('json'))), 201))
  .openapi(list, async (c) => c.json(page(await listWorkflows(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getWorkflow(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(remove, async (c) => c.json(success(await deleteWorkflow(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(importDocument, async (c) => c.json(success(await importWorkflows(c.var.ctx, c.req.valid('json'))), 201))
  .openapi(exportDocument, async (c) => {
    const { id } = c.req.valid('param')
    const { format } = c.req.valid('query')
    const document = await exportWorkflow(c.var.ctx, id)
    const text =
      format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : dump(document, { noRefs: true, lineWidth: 120 })
    return c.body(text, 200, {
      'content-type': `application/${format}`,
      'content-disposition': `attachment; filename="${id}.arazzo.${format}"`,
    })
  })
