import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { createRouter, failure, ok, secured, success } from '../http/router.ts'
import { KeyParam } from '../keys/schema.ts'
import { exportHeaders } from '../lib/export.ts'
import { ExportQuery, Usage, UsageDay, UsageQuery } from './usage-schema.ts'
import { exportUsage, getUsage } from './usage.ts'

const base = { tags: ['Usage'], security: secured, middleware: authenticate() }

const get = createRoute({
  ...base,
  method: 'get',
  path: '/usage',
  operationId: 'getUsage',
  summary: 'What the workspace used, by day and key',
  request: { query: UsageQuery },
  responses: { 200: ok(Usage, 'The use, this request included'), ...failure },
})

const ofKey = createRoute({
  ...base,
  method: 'get',
  path: '/keys/{id}/usage',
  operationId: 'getKeyUsage',
  summary: 'What one API key used, by day',
  request: { params: KeyParam, query: UsageQuery },
  responses: { 200: ok(Usage, 'The use of the key; month is that of the workspace'), ...failure },
})

const exportRoute = createRoute({
  ...base,
  method: 'get',
  path: '/usage/export',
  operationId: 'exportUsage',
  summary: 'What the workspace used, for billing',
  request: { query: ExportQuery },
  responses: {
    200: {
      description: 'A line, or an object, for each day and source',
      content: { 'text/csv': { schema: z.string() }, 'application/json': { schema: z.array(UsageDay) } },
    },
    ...failure,
  },
})

export const usageRoutes = createRouter()
  .openapi(get, async (c) => c.json(success(await getUsage(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(ofKey, async (c) => {
    return c.json(success(await getUsage(c.var.ctx, c.req.valid('query'), c.req.valid('param').id)), 200)
  })
  .openapi(exportRoute, async (c) => {
    const query = c.req.valid('query')
    return new Response(await exportUsage(c.var.ctx, query), { headers: exportHeaders('apiq-usage', query.format) })
  })
