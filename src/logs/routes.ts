import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { exportHeaders } from '../lib/export.ts'
import { exportLogs, listLogs } from './entries.ts'
import { LogEntry, LogExportQuery, LogQuery, Verification, VerifyQuery } from './schema.ts'
import { verifyLogs } from './verify.ts'

const base = { method: 'get' as const, tags: ['Audit log'], security: secured, middleware: authenticate() }

const list = createRoute({
  ...base,
  path: '/logs',
  operationId: 'listLogs',
  summary: 'What was done in the workspace, by whom, and from where',
  request: { query: LogQuery },
  responses: { 200: okPage(LogEntry, 'Entries'), ...failure },
})

const download = createRoute({
  ...base,
  path: '/logs/export',
  operationId: 'exportLogs',
  summary: 'The audit log as NDJSON or CSV',
  request: { query: LogExportQuery },
  responses: {
    200: {
      description: 'Entries, oldest first',
      content: { 'application/x-ndjson': { schema: LogEntry }, 'text/csv': { schema: z.string() } },
    },
    ...failure,
  },
})

const verify = createRoute({
  ...base,
  path: '/logs/verify',
  operationId: 'verifyLogs',
  summary: 'Check that no entry was changed, removed or put in between',
  request: { query: VerifyQuery },
  responses: { 200: ok(Verification, 'What was found'), ...failure },
})

export const logRoutes = createRouter()
  .openapi(list, async (c) => c.json(page(await listLogs(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(download, (c) => {
    const query = c.req.valid('query')
    return new Response(exportLogs(c.var.ctx, query), { headers: exportHeaders('audit-log', query.format) })
  })
  .openapi(verify, async (c) => c.json(success(await verifyLogs(c.var.ctx, c.req.valid('query'))), 200))
