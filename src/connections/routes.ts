import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { EndpointView } from '../catalog/schema.ts'
import { notFound } from '../errors.ts'
import { body, createRouter, failure, ok, okPage, page, PageQuery, secured, success } from '../http/router.ts'
import { costs } from '../limits/costs.ts'
import { HandWrittenEndpoint } from '../specs/import/index.ts'
import { connectApi, connectUpload } from './connect.ts'
import { watchIngestion } from './documents/ingestion-rows.ts'
import { addEndpoint, removeEndpoint } from './hand-written.ts'
import {
  Connection,
  ConnectionChange,
  ConnectionDetail,
  ConnectionQuery,
  Ingestion,
  NewConnection,
  UploadForm,
} from './schema.ts'
import { deleteConnection, getConnection, getEndpoints, listConnections, updateConnection } from './service.ts'

const base = { tags: ['APIs'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'con_…' }) })

const connected = {
  201: ok(ConnectionDetail, 'The connected API'),
  202: ok(ConnectionDetail, 'A draft: the document is large and is being read, see its ingestion'),
  ...failure,
}

const create = createRoute({
  ...base,
  middleware: authenticate({ cost: costs.document }),
  method: 'post',
  path: '/apis',
  operationId: 'connectApi',
  summary: 'Connect an API by its OpenAPI document',
  request: { body: body(NewConnection) },
  responses: connected,
})

const upload = createRoute({
  ...base,
  middleware: authenticate({ cost: costs.document }),
  method: 'post',
  path: '/apis/upload',
  operationId: 'uploadApi',
  summary: 'Connect an API by a document in a file',
  request: { body: { content: { 'multipart/form-data': { schema: UploadForm } }, required: true } },
  responses: connected,
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/apis',
  operationId: 'listApis',
  summary: 'List connected APIs',
  request: { query: ConnectionQuery },
  responses: { 200: okPage(Connection, 'Connected APIs'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/apis/{id}',
  operationId: 'getApi',
  summary: 'One connected API',
  request: { params },
  responses: { 200: ok(ConnectionDetail, 'The connected API'), ...failure },
})

const endpoints = createRoute({
  ...base,
  method: 'get',
  path: '/apis/{id}/endpoints',
  operationId: 'listEndpoints',
  summary: 'List or search the operations of a connected API',
  request: {
    params,
    query: PageQuery.extend({ query: z.string().max(500).optional().openapi({ description: 'Words to search for' }) }),
  },
  responses: { 200: okPage(EndpointView, 'Operations; best match first when searching'), ...failure },
})

const addOne = createRoute({
  ...base,
  method: 'post',
  path: '/apis/{id}/endpoints',
  operationId: 'addEndpoint',
  summary: 'Add an operation by hand',
  request: { params, body: body(HandWrittenEndpoint) },
  responses: { 201: ok(EndpointView, 'The operation'), ...failure },
})

const removeOne = createRoute({
  ...base,
  method: 'delete',
  path: '/apis/{id}/endpoints/{endpointId}',
  operationId: 'deleteEndpoint',
  summary: 'Remove an operation that was added by hand',
  request: { params: params.extend({ endpointId: z.string().openapi({ example: 'end_…' }) }) },
  responses: { 200: ok(z.object({ id: z.string(), deleted: z.literal(true) }), 'It is gone'), ...failure },
})

const update = createRoute({
  ...base,
  method: 'patch',
  path: '/apis/{id}',
  operationId: 'updateApi',
  summary: 'Change the name, base URL, credential or status of an API',
  request: { params, body: body(ConnectionChange) },
  responses: { 200: ok(ConnectionDetail, 'The API as it is now'), ...failure },
})

const ingestion = createRoute({
  ...base,
  method: 'get',
  path: '/apis/{id}/ingestion',
  operationId: 'getIngestion',
  summary: 'How far the reading of a large document is',
  request: { params },
  responses: { 200: ok(Ingestion, 'The latest reading'), ...failure },
})

const ingestionEvents = createRoute({
  ...base,
  method: 'get',
  path: '/apis/{id}/ingestion/events',
  operationId: 'watchIngestion',
  summary: 'Watch a large document being read (server-sent events)',
  request: { params },
  responses: {
    200: {
      description: 'The ingestion as JSON in each event: progress, and at the end done or failed',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...failure,
  },
})

const remove = createRoute({
  ...base,
  method: 'delete',
  path: '/apis/{id}',
  operationId: 'deleteApi',
  summary: 'Disconnect an API',
  request: { params },
  responses: { 200: ok(z.object({ id: z.string(), deleted: z.literal(true) }), 'It is gone'), ...failure },
})

export const connectionRoutes = createRouter()
  .openapi(create, async (c) => {
    const connection = await connectApi(c.var.ctx, c.req.valid('json'))
    return c.json(success(connection), connection.status === 'DRAFT' ? 202 : 201)
  })
  .openapi(upload, async (c) => {
    const connection = await connectUpload(c.var.ctx, c.req.valid('form'))
    return c.json(success(connection), connection.status === 'DRAFT' ? 202 : 201)
  })
  .openapi(list, async (c) => c.json(page(await listConnections(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getConnection(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(update, async (c) =>
    c.json(success(await updateConnection(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 200),
  )
  .openapi(endpoints, async (c) =>
    c.json(page(await getEndpoints(c.var.ctx, c.req.valid('param').id, c.req.valid('query'))), 200),
  )
  .openapi(addOne, async (c) =>
    c.json(success(await addEndpoint(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 201),
  )
  .openapi(removeOne, async (c) => {
    const { id, endpointId } = c.req.valid('param')
    return c.json(success(await removeEndpoint(c.var.ctx, id, endpointId)), 200)
  })
  .openapi(ingestion, async (c) => {
    const { id } = c.req.valid('param')
    const { ingestion } = await getConnection(c.var.ctx, id)
    if (!ingestion) throw notFound('ingestion of', id)
    return c.json(success(ingestion), 200)
  })
  .openapi(ingestionEvents, async (c) => {
    const { id } = await getConnection(c.var.ctx, c.req.valid('param').id)
    return c.body(await watchIngestion(c.var.ctx, id), 200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    })
  })
  .openapi(remove, async (c) => c.json(success(await deleteConnection(c.var.ctx, c.req.valid('param').id)), 200))
