import { createRoute, z } from '@hono/zod-openapi'
import { authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, forPeople, ok, okPage, page, secured, success } from '../http/router.ts'
import { acceptInvitation, inviteMember, listInvitations, withdrawInvitation } from './invitations.ts'
import {
  Invitation,
  InvitationProof,
  InvitationQuery,
  Member,
  MemberQuery,
  NewInvitation,
  NewWorkspace,
  OwnWorkspaceQuery,
  PartChange,
  Removed,
  Workspace,
} from './schema.ts'
import {
  addWorkspace,
  changePart,
  listMembers,
  listWorkspaces,
  removeMember,
  renameWorkspace,
  switchWorkspace,
} from './service.ts'

const base = { tags: ['Workspaces'], security: secured, middleware: authenticate() }
const own = { ...base, security: forPeople }
const params = z.object({ id: z.string() })

const list = createRoute({
  ...own,
  method: 'get',
  path: '/workspaces',
  operationId: 'listWorkspaces',
  summary: 'Workspaces you belong to',
  request: { query: OwnWorkspaceQuery },
  responses: { 200: okPage(Workspace, 'Workspaces'), ...failure },
})

const add = createRoute({
  ...own,
  method: 'post',
  path: '/workspaces',
  operationId: 'addWorkspace',
  summary: 'Make a workspace and work in it',
  request: { body: body(NewWorkspace) },
  responses: { 201: ok(Workspace, 'The workspace'), ...failure },
})

const choose = createRoute({
  ...own,
  method: 'post',
  path: '/workspaces/{id}/switch',
  operationId: 'switchWorkspace',
  summary: 'Work in another workspace from now on',
  request: { params },
  responses: { 200: ok(Workspace, 'The workspace'), ...failure },
})

const rename = createRoute({
  ...base,
  method: 'patch',
  path: '/workspace',
  operationId: 'renameWorkspace',
  summary: 'Rename the workspace',
  request: { body: body(NewWorkspace) },
  responses: { 200: ok(z.object({ id: z.string(), name: z.string() }), 'Its new name'), ...failure },
})

const people = createRoute({
  ...base,
  method: 'get',
  path: '/members',
  operationId: 'listMembers',
  summary: 'Who belongs to the workspace',
  request: { query: MemberQuery },
  responses: { 200: okPage(Member, 'Members'), ...failure },
})

const change = createRoute({
  ...base,
  method: 'patch',
  path: '/members/{id}',
  operationId: 'changeMember',
  summary: 'Give a member another part',
  request: { params, body: body(PartChange) },
  responses: { 200: ok(Member, 'The member'), ...failure },
})

const remove = createRoute({
  ...base,
  method: 'delete',
  path: '/members/{id}',
  operationId: 'removeMember',
  summary: 'Take somebody out of the workspace',
  request: { params },
  responses: { 200: ok(Removed, 'They are out'), ...failure },
})

const invite = createRoute({
  ...base,
  method: 'post',
  path: '/invitations',
  operationId: 'inviteMember',
  summary: 'Invite somebody by mail',
  request: { body: body(NewInvitation) },
  responses: { 201: ok(Invitation, 'The invitation; its link is in the mail alone'), ...failure },
})

const invited = createRoute({
  ...base,
  method: 'get',
  path: '/invitations',
  operationId: 'listInvitations',
  summary: 'Invitations that are still open',
  request: { query: InvitationQuery },
  responses: { 200: okPage(Invitation, 'Invitations'), ...failure },
})

const withdraw = createRoute({
  ...base,
  method: 'delete',
  path: '/invitations/{id}',
  operationId: 'withdrawInvitation',
  summary: 'Take an invitation back',
  request: { params },
  responses: { 200: ok(Removed, 'It is worthless'), ...failure },
})

const accept = createRoute({
  ...own,
  method: 'post',
  path: '/invitations/accept',
  operationId: 'acceptInvitation',
  summary: 'Join a workspace by the link of a mail',
  request: { body: body(InvitationProof) },
  responses: { 200: ok(Workspace, 'The workspace'), ...failure },
})

const removed = (id: string) => success({ id, removed: true as const })

export const workspaceRoutes = createRouter()
  .openapi(list, async (c) => c.json(page(await listWorkspaces(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(add, async (c) => c.json(success(await addWorkspace(c.var.ctx, c.req.valid('json'))), 201))
  .openapi(choose, async (c) => c.json(success(await switchWorkspace(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(rename, async (c) => c.json(success(await renameWorkspace(c.var.ctx, c.req.valid('json'))), 200))
  .openapi(people, async (c) => c.json(page(await listMembers(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(change, async (c) =>
    c.json(success(await changePart(c.var.ctx, c.req.valid('param').id, c.req.valid('json'))), 200),
  )
  .openapi(remove, async (c) => {
    const { id } = c.req.valid('param')
    await removeMember(c.var.ctx, id)
    return c.json(removed(id), 200)
  })
  .openapi(invite, async (c) => c.json(success(await inviteMember(c.var.ctx, c.req.valid('json'))), 201))
  .openapi(invited, async (c) => c.json(page(await listInvitations(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(withdraw, async (c) => {
    const { id } = c.req.valid('param')
    await withdrawInvitation(c.var.ctx, id)
    return c.json(removed(id), 200)
  })
  .openapi(accept, async (c) => c.json(success(await acceptInvitation(c.var.ctx, c.req.valid('json').proof)), 200))
