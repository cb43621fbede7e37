import { createRoute } from '@hono/zod-openapi'
import { createRouter, failure, ok, success } from '../http/router.ts'
import { Health } from './schema.ts'
import { checkHealth } from './service.ts'

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

export const healthRoutes = createRouter().openapi(health, async (c) => {
  const state = await checkHealth(c.var.world)
  return c.json(success(state), state.ok ? 200 : 503)
})
