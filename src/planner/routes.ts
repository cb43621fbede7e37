import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, secured, success } from '../http/router.ts'
import { costs } from '../limits/costs.ts'
import { ChatMessage, Plan } from './schema.ts'
import { getPlan, planMessage } from './service.ts'

const base = { tags: ['Chat'], security: secured, middleware: authenticate() }

const chat = createRoute({
  ...base,
  middleware: authenticate({ cost: costs.plan }),
  method: 'post',
  path: '/chat',
  operationId: 'chat',
  summary: 'Plain English to a plan; nothing is called yet',
  request: { body: body(ChatMessage) },
  responses: { 201: ok(Plan, 'The plan, or why there is none'), ...failure },
})

const get = createRoute({
  ...base,
  method: 'get',
  path: '/chat/{planId}',
  operationId: 'getPlan',
  summary: 'A plan that was made before',
  request: { params: z.object({ planId: z.string().openapi({ example: 'pln_…' }) }) },
  responses: { 200: ok(Plan, 'The plan'), ...failure },
})

export const plannerRoutes = createRouter()
  .openapi(chat, async (c) => c.json(success(await planMessage(c.var.ctx, c.req.valid('json'))), 201))
  .openapi(get, async (c) => c.json(success(await getPlan(c.var.ctx, c.req.valid('param').planId)), 200))
