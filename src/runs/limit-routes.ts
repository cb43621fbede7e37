import { createRoute } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, secured, success } from '../http/router.ts'
import { LimitSettings, LimitsView } from './limit-schema.ts'
import { getLimits, updateLimits } from './limit-settings.ts'

const base = { tags: ['Executions'], security: secured, middleware: authenticate(), path: '/limits' as const }

const get = createRoute({
  ...base,
  method: 'get',
  operationId: 'getLimits',
  summary: 'How far executions of the workspace may go',
  responses: { 200: ok(LimitsView, 'What holds, the defaults, and the most that can be set'), ...failure },
})

const update = createRoute({
  ...base,
  method: 'put',
  operationId: 'updateLimits',
  summary: 'Set how far executions of the workspace may go',
  request: { body: body(LimitSettings) },
  responses: { 200: ok(LimitsView, 'What holds for executions accepted from now on'), ...failure },
})

export const limitRoutes = createRouter()
  .openapi(get, async (c) => c.json(success(await getLimits(c.var.ctx)), 200))
  .openapi(update, async (c) => c.json(success(await updateLimits(c.var.ctx, c.req.valid('json'))), 200))
