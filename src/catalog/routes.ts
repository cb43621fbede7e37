import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { createRouter, failure, ok, secured, success } from '../http/router.ts'
import { CatalogQuery, EndpointView } from './schema.ts'
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

export const catalogRoutes = createRouter().openapi(search, async (c) =>
  c.json(success(await searchCatalog(c.var.ctx, c.req.valid('query'))), 200),
)
