import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { EndpointView } from '../catalog/schema.ts'
import { body, createRouter, failure, ok, okPage, page, PageQuery, secured, success } from '../http/router.ts'
import { Connection, ConnectionDetail, NewConnection } from './schema.ts'
import { connectApi, deleteConnection, getConnection, getEndpoints, listConnections } from './service.ts'

const base = { tags: ['APIs'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'con_…' }) })

const create = createRoute({
  ...base,
  method: 'post',
  path: '/apis',
  operationId: 'connectApi',
  summary: 'Connect an API by its OpenAPI document',
  request: { body: body(NewConnection) },
  responses: { 201: ok(ConnectionDetail, 'The connected API'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/apis',
  operationId: 'listApis',
  summary: 'List connected APIs',
  request: { query: PageQuery },
  responses: { 200: okPage(Connection, 'Connected APIs, newest first'), ...failure },
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
  .openapi(create, async (c) => c.json(success(await connectApi(c.var.ctx, c.req.valid('json'))), 201))
  .openapi(list, async (c) => c.json(page(await listConnections(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(get, async (c) => c.json(success(await getConnection(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(endpoints, async (c) =>
    c.json(page(await getEndpoints(c.var.ctx, c.req.valid('param').id, c.req.valid('query'))), 200),
  )
  .openapi(remove, async (c) => c.json(success(await deleteConnection(c.var.ctx, c.req.valid('param').id)), 200))
