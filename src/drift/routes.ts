import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { RefreshRequest } from '../connections/schema.ts'
import { createRouter, failure, ok, secured, success } from '../http/router.ts'
import { costs } from '../limits/costs.ts'
import { listVersionsWithAffected } from './affected.ts'
import { Refreshed, VersionWithAffected } from './schema.ts'
import { refreshApi } from './service.ts'

const base = { tags: ['APIs'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'con_…' }) })

const refresh = createRoute({
  ...base,
  middleware: authenticate({ cost: costs.document }),
  method: 'post',
  path: '/apis/{id}/refresh',
  operationId: 'refreshApi',
  summary: 'Fetch the document again, and say what changed',
  request: { params, body: { content: { 'application/json': { schema: RefreshRequest } }, required: false } },
  responses: {
    200: ok(Refreshed, 'What changed'),
    202: ok(Refreshed, 'The document is large and is being read: see the ingestion'),
    ...failure,
  },
})

const versions = createRoute({
  ...base,
  method: 'get',
  path: '/apis/{id}/versions',
  operationId: 'listApiVersions',
  summary: 'The versions of the document, and what each changed',
  request: { params },
  responses: { 200: ok(z.array(VersionWithAffected), 'Versions, the newest first'), ...failure },
})

export const driftRoutes = createRouter()
  .openapi(refresh, async (c) => {
    const refreshed = await refreshApi(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))
    return c.json(success(refreshed), isBeingRead(refreshed) ? 202 : 200)
  })
  .openapi(versions, async (c) =>
    c.json(success(await listVersionsWithAffected(c.var.ctx, c.req.valid('param').id)), 200),
  )

function isBeingRead({ connection }: Refreshed): boolean {
  return connection.ingestion?.status === 'queued' || connection.ingestion?.status === 'running'
}
