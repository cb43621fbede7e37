import { createRoute, z } from '@hono/zod-openapi'
import { createRouter, failure, ok, success } from '../http/router.ts'
import { AuthHealth, ErrorEntry, Health } from './schema.ts'
import { checkAuthHealth, checkHealth, getError, listErrors } from './service.ts'

const health = createRoute({
  method: 'get',
  path: '/health',
  operationId: 'getHealth',
  summary: 'Is everything up',
  tags: ['Operations'],
  responses: {
    200: ok(Health, 'Everything answers'),
    503: ok(Health, 'Something does not answer'),
    ...failure,
  },
})

const authHealth = createRoute({
  method: 'get',
  path: '/auth/health',
  operationId: 'getAuthHealth',
  summary: 'Is everything up that it takes to let somebody in',
  tags: ['Operations'],
  responses: {
    200: ok(AuthHealth, 'Everything answers'),
    503: ok(AuthHealth, 'Something does not answer'),
    ...failure,
  },
})

const errors = createRoute({
  method: 'get',
  path: '/errors',
  operationId: 'listErrors',
  summary: 'Every problem there is, with its cause and cure',
  tags: ['Operations'],
  responses: { 200: ok(z.array(ErrorEntry), 'Every code'), ...failure },
})

const error = createRoute({
  method: 'get',
  path: '/errors/{code}',
  operationId: 'getError',
  summary: 'What a problem’s type stands for',
  tags: ['Operations'],
  request: { params: z.object({ code: z.string() }) },
  responses: { 200: ok(ErrorEntry, 'Its cause and cure'), ...failure },
})

export const healthRoutes = createRouter()
  .openapi(health, async (c) => {
    const state = await checkHealth(c.var.world)
    return c.json(success(state), state.ok ? 200 : 503)
  })
  .openapi(authHealth, async (c) => {
    const state = await checkAuthHealth(c.var.world)
    return c.json(success(state), state.ok ? 200 : 503)
  })
  .openapi(errors, (c) => c.json(success(listErrors()), 200))
  .openapi(error, (c) => c.json(success(getError(c.req.valid('param').code)), 200))
