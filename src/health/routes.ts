import { createRoute, z } from '@hono/zod-openapi'
import { anybody } from '../auth/middleware.ts'
import { createRouter, failure, ok, success } from '../http/router.ts'
import { AuthHealth, ErrorEntry, Health } from './schema.ts'
import { checkAuthHealth, checkHealth, getError, listErrors } from './service.ts'

const base = { method: 'get' as const, tags: ['Operations'], middleware: anybody() }

const health = createRoute({
  ...base,
  path: '/health',
  operationId: 'getHealth',
  summary: 'Is everything up',
  responses: {
    200: ok(Health, 'Everything answers'),
    503: ok(Health, 'Something does not answer'),
    ...failure,
  },
})

const authHealth = createRoute({
  ...base,
  path: '/auth/health',
  operationId: 'getAuthHealth',
  summary: 'Is everything up that it takes to let somebody in',
  responses: {
    200: ok(AuthHealth, 'Everything answers'),
    503: ok(AuthHealth, 'Something does not answer'),
    ...failure,
  },
})

const errors = createRoute({
  ...base,
  path: '/errors',
  operationId: 'listErrors',
  summary: 'Every problem there is, with its cause and cure',
  responses: { 200: ok(z.array(ErrorEntry), 'Every code'), ...failure },
})

const error = createRoute({
  ...base,
  path: '/errors/{code}',
  operationId: 'getError',
  summary: 'What a problem’s type stands for',
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
