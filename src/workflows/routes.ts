import { createRoute, z } from '@hono/zod-openapi'
import { createMiddleware } from 'hono/factory'
import { dump } from 'js-yaml'
import { authenticate } from '../auth/middleware.ts'
import { isYaml } from '../http/body-rules.ts'
import type { AppEnv } from '../http/env.ts'
import { body, createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import {
  DefinitionToValidate,
  Duplicate,
  ExportQuery,
  ImportedWorkflows,
  NewWorkflow,
  Rollback,
  Validation,
  VersionQuery,
  Workflow,
  WorkflowChange,
  WorkflowDetail,
  WorkflowImport,
  WorkflowQuery,
  WorkflowVersion,
} from './schema.ts'
import { createWorkflow, deleteWorkflow, getWorkflow, listWorkflows } from './service.ts'
import { exportWorkflow, importWorkflows } from './transfer.ts'
import { validateDefinition } from './validate.ts'
import { changeWorkflow, duplicateWorkflow, listWorkflowVersions, rollBackWorkflow } from './versions.ts'

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

const validate = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/validate',
  operationId: 'validateWorkflow',
  summary: 'Hold a definition against the specifications, without storing it',
  request: { body: body(DefinitionToValidate) },
  responses: { 200: ok(Validation, 'What is proved, wrong and unproven, place by place'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/workflows',
  operationId: 'listWorkflows',
  summary: 'List workflows',
  request: { query: WorkflowQuery },
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

const change = createRoute({
  ...base,
  method: 'patch',
  path: '/workflows/{id}',
  operationId: 'updateWorkflow',
  summary: 'Store the next version of a workflow, or change its tags',
  request: { params, body: body(WorkflowChange) },
  responses: { 200: ok(WorkflowDetail, 'The workflow as it is now'), ...failure },
})

const versions = createRoute({
  ...base,
  method: 'get',
  path: '/workflows/{id}/versions',
  operationId: 'listWorkflowVersions',
  summary: 'The versions of a workflow',
  request: { params, query: VersionQuery },
  responses: { 200: okPage(WorkflowVersion, 'Versions, newest first'), ...failure },
})

const rollback = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/{id}/rollback',
  operationId: 'rollBackWorkflow',
  summary: 'Make an earlier version the current one again',
  request: { params, body: body(Rollback) },
  responses: { 200: ok(WorkflowDetail, 'The workflow as it is now'), ...failure },
})

const duplicate = createRoute({
  ...base,
  method: 'post',
  path: '/workflows/{id}/duplicate',
  operationId: 'duplicateWorkflow',
  summary: 'Copy a workflow',
  request: { params, body: body(Duplicate) },
  responses: { 201: ok(WorkflowDetail, 'The copy'), ...failure },
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

/** Makes of a document that is sent as YAML, as it was exported, the body that holds its text. */
const takeYaml = createMiddleware<AppEnv>(async ({ req }, next) => {
  if (isYaml(req.header('content-type'))) {
    const headers = new Headers(req.raw.headers)
    headers.set('content-type', 'application/json')
    headers.delete('content-length')
    const document = new TextDecoder().decode(await req.raw.arrayBuffer())
    req.raw = new Request(req.url, { method: req.method, headers, body: JSON.stringify({ document }) })
  }
  await next()
})

const importBody = {
  'application/json': { schema: WorkflowImport },
  'application/yaml': { schema: z.string().openapi({ description: 'An Arazzo 1.0.x document' }) },
}

const importDocument = createRoute({
  ...base,
  middleware: [authenticate(), takeYaml] as const,
  method: 'post',
  path: '/workflows/import',
  operationId: 'importWorkflows',
  summary: 'Store the workflows of an Arazzo document',
  description:
    'Stores every workflow of the document that can run on the connected APIs, all or none of them written. What could not be taken over is told with its JSON pointer.',
  request: {
    // Whatever came, it is the JSON of the one schema when it is read.
    body: { required: true, content: importBody as Pick<typeof importBody, 'application/json'> },
  },
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
  .openapi(validate, async (c) => c.json(success(await validateDefinition(c.var.ctx, c.req.valid('json'))), 200))
  .openapi(list, async (c) => c.json(page(await listWorkflows(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getWorkflow(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(remove, async (c) => c.json(success(await deleteWorkflow(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(change, async (c) =>
    c.json(success(await changeWorkflow(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 200),
  )
  .openapi(versions, async (c) => {
    const { id } = c.req.valid('param')
    return c.json(page(await listWorkflowVersions(c.var.ctx, id, c.req.valid('query'))), 200)
  })
  .openapi(rollback, async (c) => {
    const { version } = c.req.valid('json')
    return c.json(success(await rollBackWorkflow(c.var.ctx, c.req.valid('param').id, version)), 200)
  })
  .openapi(duplicate, async (c) =>
    c.json(success(await duplicateWorkflow(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 201),
  )
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
