import { createRoute, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { authenticate } from '../auth/middleware.ts'
import { problemResponse } from '../http/problem.ts'
import { body, createRouter, failure, ok, secured, success } from '../http/router.ts'
import { costs } from '../limits/costs.ts'
import { errorFields } from '../platform/log.ts'
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
  description:
    'With chatId the message refines the last plan of that chat: “only the open ones”, “limit it to 5”, “post it to Slack too”, “not that one, use …”. A request that is whole by itself replaces it. Where the request accepts text/event-stream, it is answered with how far the plan is (event progress, see PlanProgress), then the plan (event plan) or the problem (event problem).',
  request: { body: body(ChatMessage) },
  responses: {
    201: ok(Plan, 'The plan, or why there is none'),
    200: {
      description: 'The plan in the making, for who accepts text/event-stream',
      content: { 'text/event-stream': { schema: z.string() } },
    },
    ...failure,
  },
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
  .openapi(chat, async (c) => {
    const { ctx, requestId } = c.var
    const message = c.req.valid('json')
    if (!c.req.header('accept')?.includes('text/event-stream'))
      return c.json(success(await planMessage(ctx, message)), 201)
    return streamSSE(c, async (stream) => {
      const left = new AbortController()
      stream.onAbort(() => left.abort())
      const send = (event: string, data: unknown) => stream.writeSSE({ event, data: JSON.stringify(data) })
      try {
        const watch = (progress: unknown) => void send('progress', progress)
        await send('plan', await planMessage(ctx, message, { watch, signal: left.signal }))
      } catch (error) {
        ctx.log.warn('no plan for who waits at a stream', errorFields(error))
        await send('problem', await problemResponse(error, requestId, c.req.path).json())
      }
    })
  })
  .openapi(get, async (c) => c.json(success(await getPlan(c.var.ctx, c.req.valid('param').planId)), 200))
