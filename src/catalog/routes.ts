import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, secured, success } from '../http/router.ts'
import { editEndpoint } from './edit.ts'
import { CatalogQuery, EndpointChange, EndpointParams, EndpointView } from './schema.ts'
import { searchCatalog } from './service.ts'

const search = createRoute({
  method: 'get',
  path: '/catalog/search',
  operationId: 'searchCatalog',
  summary: 'Search the operations of every connected API',
  tags: ['APIs'],
  security: secured,
  middleware: authenticate(),
  request: { query: CatalogQuery },
  responses: { 200: ok(z.array(EndpointView), 'Operations, those with all the words first'), ...failure },
})

const edit = createRoute({
  method: 'patch',
  path: '/apis/{id}/endpoints/{endpointId}',
  operationId: 'updateEndpoint',
  summary: 'Correct the effect of an operation',
  tags: ['APIs'],
  security: secured,
  middleware: authenticate(),
  request: {
    params: EndpointParams,
    body: body(EndpointChange),
  },
  responses: { 200: ok(EndpointView, 'The operation as it is now'), ...failure },
})

export const catalogRoutes = createRouter()
  .openapi(search, async (c) => c.json(success(await searchCatalog(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(edit, async (c) => {
    const { id, endpointId } = c.req.valid('param')
    return c.json(success(await editEndpoint(c.var.ctx, id, endpointId, c.req.valid('json'))), 200)
  })
