import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, secured, success } from '../http/router.ts'
import { ConnectionTest, TryRequest, TryResult } from './schema.ts'
import { testConnection, tryEndpoint } from './service.ts'

const base = { tags: ['APIs'], security: secured, middleware: authenticate() }
const id = z.string().openapi({ example: 'con_…' })

const test = createRoute({
  ...base,
  method: 'post',
  path: '/apis/{id}/test',
  operationId: 'testApi',
  summary: 'Is the API there, and does it take the credential',
  request: { params: z.object({ id }) },
  responses: { 200: ok(ConnectionTest, 'What was found out'), ...failure },
})

const attempt = createRoute({
  ...base,
  method: 'post',
  path: '/apis/{id}/endpoints/{endpointId}/try',
  operationId: 'tryEndpoint',
  summary: 'Call one operation with the stored credential',
  request: { params: z.object({ id, endpointId: z.string().openapi({ example: 'end_…' }) }), body: body(TryRequest) },
  responses: { 200: ok(TryResult, 'The request without its secrets, and the answer'), ...failure },
})

export const explorerRoutes = createRouter()
  .openapi(test, async (c) => c.json(success(await testConnection(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(attempt, async (c) => {
    const { id, endpointId } = c.req.valid('param')
    return c.json(success(await tryEndpoint(c.var.ctx, id, endpointId, c.req.valid('json'))), 200)
  })
