import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, forPeople, ok, okPage, page, secured, success } from '../http/router.ts'
import { exportHeaders } from '../lib/export.ts'
import { exportBilling } from './billing.ts'
import {
  AdminWorkspace,
  BillingLine,
  BillingQuery,
  CachedSpecView,
  Purged,
  PurgeQuery,
  SpecCacheQuery,
  User,
  UserChange,
  UserQuery,
  WorkspaceQuery,
} from './schema.ts'
import { listSpecCache, purgeSpecCache } from './service.ts'
import { changeUser, listUsers } from './users.ts'
import { listAllWorkspaces } from './workspaces.ts'

const base = { tags: ['Administration'], security: secured, middleware: authenticate() }

const list = createRoute({
  ...base,
  method: 'get',
  path: '/admin/spec-cache',
  operationId: 'listSpecCache',
  summary: 'List the cached specifications of the workspace',
  request: { query: SpecCacheQuery },
  responses: { 200: okPage(CachedSpecView, 'A page of cached specifications'), ...failure },
})

const purge = createRoute({
  ...base,
  method: 'delete',
  path: '/admin/spec-cache',
  operationId: 'purgeSpecCache',
  summary: 'Drop one cached specification, or all of the workspace',
  request: { query: PurgeQuery },
  responses: { 200: ok(Purged, 'How many were dropped'), ...failure },
})

const people = createRoute({
  ...base,
  security: forPeople,
  method: 'get',
  path: '/admin/users',
  operationId: 'listUsers',
  summary: 'Everybody who has an account in the installation',
  request: { query: UserQuery },
  responses: { 200: okPage(User, 'Users'), ...failure },
})

const change = createRoute({
  ...base,
  security: forPeople,
  method: 'patch',
  path: '/admin/users/{id}',
  operationId: 'changeUser',
  summary: 'Give somebody another role, or disable or enable their account',
  request: { params: z.object({ id: z.string().openapi({ example: 'usr_…' }) }), body: body(UserChange) },
  responses: { 200: ok(User, 'The user as they are now'), ...failure },
})

const all = createRoute({
  ...base,
  security: forPeople,
  method: 'get',
  path: '/admin/workspaces',
  operationId: 'listAllWorkspaces',
  summary: 'Every workspace of the installation, with its tier and its use',
  request: { query: WorkspaceQuery },
  responses: { 200: okPage(AdminWorkspace, 'Workspaces'), ...failure },
})

const billing = createRoute({
  ...base,
  security: forPeople,
  method: 'get',
  path: '/admin/usage/export',
  operationId: 'exportBilling',
  summary: 'What every workspace used, for billing',
  request: { query: BillingQuery },
  responses: {
    200: {
      description: 'A line, or an object, for each workspace, source and day',
      content: { 'text/csv': { schema: z.string() }, 'application/json': { schema: z.array(BillingLine) } },
    },
    ...failure,
  },
})

export const adminRoutes = createRouter()
  .openapi(list, async (c) => c.json(page(await listSpecCache(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(purge, async (c) => c.json(success(await purgeSpecCache(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(people, async (c) => c.json(page(await listUsers(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(change, async (c) =>
    c.json(success(await changeUser(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 200),
  )
  .openapi(all, async (c) => c.json(page(await listAllWorkspaces(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(billing, async (c) => {
    const query = c.req.valid('query')
    const lines = await exportBilling(c.var.ctx, query)
    return new Response(lines, { headers: exportHeaders('apiq-billing', query.format) })
  })
