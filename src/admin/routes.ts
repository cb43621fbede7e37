import { createRoute } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { CachedSpecView, Purged, PurgeQuery, SpecCacheQuery } from './schema.ts'
import { listSpecCache, purgeSpecCache } from './service.ts'

const base = { tags: ['Administration'], security: secured, middleware: authenticate() }

const list = createRoute({
  ...base,
  method: 'get',
  path: '/admin/spec-cache',
  operationId: 'listSpecCache',
  summary: 'List the cached specifications of the workspace',
  request: { query: SpecCacheQuery },
  responses: { 200: okPage(CachedSpecView, 'A page of cached specifications'), ...failure },
})

const purge = createRoute({
  ...base,
  method: 'delete',
  path: '/admin/spec-cache',
  operationId: 'purgeSpecCache',
  summary: 'Drop one cached specification, or all of the workspace',
  request: { query: PurgeQuery },
  responses: { 200: ok(Purged, 'How many were dropped'), ...failure },
})

export const adminRoutes = createRouter()
  .openapi(list, async (c) => c.json(page(await listSpecCache(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(purge, async (c) => c.json(success(await purgeSpecCache(c.var.ctx, c.req.valid('query'))), 200))
