import { createRoute } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, ok, secured, success } from '../http/router.ts'
import { TermsChange, TermsParam, WorkspaceTerms } from './terms-schema.ts'
import { getTerms, setTerms } from './terms.ts'

const base = {
  tags: ['Administration'],
  security: secured,
  middleware: authenticate(),
  path: '/admin/workspaces/{workspaceId}/terms' as const,
}

const get = createRoute({
  ...base,
  method: 'get',
  operationId: 'getWorkspaceTerms',
  summary: 'What a workspace may use',
  request: { params: TermsParam },
  responses: { 200: ok(WorkspaceTerms, 'Its tier, its limits and its quota'), ...failure },
})

const set = createRoute({
  ...base,
  method: 'put',
  operationId: 'setWorkspaceTerms',
  summary: 'Put a workspace on a tier',
  request: { params: TermsParam, body: body(TermsChange) },
  responses: { 200: ok(WorkspaceTerms, 'What holds from the next request on'), ...failure },
})

export const termsRoutes = createRouter()
  .openapi(get, async (c) => c.json(success(await getTerms(c.var.ctx, c.req.valid('param').workspaceId)), 200))
  .openapi(set, async (c) => {
    return c.json(success(await setTerms(c.var.ctx, c.req.valid('param').workspaceId, c.req.valid('json'))), 200)
  })
