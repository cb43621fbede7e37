import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { Notice, NoticeQuery } from './schema.ts'
import { listNotices, readNotice } from './service.ts'

const base = { tags: ['Notices'], security: secured, middleware: authenticate() }

const list = createRoute({
  ...base,
  method: 'get',
  path: '/notices',
  operationId: 'listNotices',
  summary: 'What you should know: connections that need you, APIs that changed',
  request: { query: NoticeQuery },
  responses: { 200: okPage(Notice, 'Notices'), ...failure },
})

const read = createRoute({
  ...base,
  method: 'post',
  path: '/notices/{id}/read',
  operationId: 'readNotice',
  summary: 'Mark a notice as read',
  request: { params: z.object({ id: z.string().openapi({ example: 'ntc_…' }) }) },
  responses: { 200: ok(z.object({ id: z.string(), readAt: z.string() }), 'It is read'), ...failure },
})

export const noticeRoutes = createRouter()
  .openapi(list, async (c) => c.json(page(await listNotices(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(read, async (c) => c.json(success(await readNotice(c.var.ctx, c.req.valid('param').id)), 200))
