import { createRoute } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { EndpointParams } from '../catalog/schema.ts'
import { createRouter, failure, ok, secured, success } from '../http/router.ts'
import { EndpointLinks } from './schema.ts'
import { listLinks } from './service.ts'

const links = createRoute({
  method: 'get',
  path: '/apis/{id}/endpoints/{endpointId}/links',
  operationId: 'getEndpointLinks',
  summary: 'What can fill the parameters of an operation, and what its answer can fill',
  tags: ['APIs'],
  security: secured,
  middleware: authenticate(),
  request: {
    params: EndpointParams,
  },
  responses: { 200: ok(EndpointLinks, 'The links of the operation to others'), ...failure },
})

export const linkRoutes = createRouter().openapi(links, async (c) => {
  const { id, endpointId } = c.req.valid('param')
  return c.json(success(await listLinks(c.var.ctx, id, endpointId)), 200)
})
