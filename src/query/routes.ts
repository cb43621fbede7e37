import { createRoute } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, secured, success } from '../http/router.ts'
import { costs } from '../limits/costs.ts'
import { QueryAnswer, QueryRequest } from './schema.ts'
import { answerQuery } from './service.ts'

const query = createRoute({
  tags: ['Query'],
  security: secured,
  middleware: authenticate({ cost: costs.plan }),
  method: 'post',
  path: '/query',
  operationId: 'query',
  summary: 'A question in plain English to an answer, in one call',
  description:
    'Plans the request, runs the steps that only read, and answers in words and rows with the sources. Nothing with an effect is called: the plan comes back with needs_confirmation, to be confirmed by POST /api/chat/execute. Needs the scope "execute".',
  request: { body: body(QueryRequest) },
  responses: { 200: ok(QueryAnswer, 'The answer, or what it needs first'), ...failure },
})

export const queryRoutes = createRouter().openapi(query, async (c) =>
  c.json(success(await answerQuery(c.var.ctx, c.req.valid('json'))), 200),
)
