import { createRoute, z } from '@hono/zod-openapi'
import { anybody, authenticate } from '../auth/middleware.ts'
import { AppError } from '../errors.ts'
import { body, createRouter, failure, forPeople, ok, okPage, page, setCookies, success } from '../http/router.ts'
import { SortedQuery } from '../http/sorted.ts'
import { printedMails } from '../platform/mail.ts'
import { deleteAccount } from './delete-account.ts'
import { changeProfile, readProfile } from './profile.ts'
import { CurrentPassword, DevelopmentMail, Done, Profile, ProfileChange, Revoked, Session } from './schema.ts'
import { listSessions, revokeOtherSessions, revokeSession } from './sessions.ts'

const base = { tags: ['Access'], security: forPeople, middleware: authenticate() }

const profile = createRoute({
  ...base,
  method: 'get',
  path: '/auth/profile',
  operationId: 'readProfile',
  summary: 'Your account',
  responses: { 200: ok(Profile, 'The account'), ...failure },
})

const update = createRoute({
  ...base,
  method: 'patch',
  path: '/auth/profile',
  operationId: 'changeProfile',
  summary: 'Change your name',
  request: { body: body(ProfileChange) },
  responses: { 200: ok(Profile, 'The account as it is now'), ...failure },
})

const remove = createRoute({
  ...base,
  method: 'post',
  path: '/auth/account/delete',
  operationId: 'deleteAccount',
  summary: 'Delete your account, and the workspaces that only you belong to',
  request: { body: body(CurrentPassword) },
  responses: { 200: ok(Done, 'The account is gone'), ...failure },
})

const list = createRoute({
  ...base,
  method: 'get',
  path: '/auth/sessions',
  operationId: 'listSessions',
  summary: 'Where you are signed in',
  request: { query: SortedQuery },
  responses: { 200: okPage(Session, 'Sessions'), ...failure },
})

const revoke = createRoute({
  ...base,
  method: 'delete',
  path: '/auth/sessions/{id}',
  operationId: 'revokeSession',
  summary: 'End one of your sessions',
  request: { params: z.object({ id: z.string().openapi({ example: 'ses_…' }) }) },
  responses: { 200: ok(Revoked, 'It is over'), ...failure },
})

const revokeOthers = createRoute({
  ...base,
  method: 'delete',
  path: '/auth/sessions',
  operationId: 'revokeOtherSessions',
  summary: 'End all your sessions but this one',
  responses: { 200: ok(Revoked, 'How many ended'), ...failure },
})

const mails = createRoute({
  middleware: anybody(),
  tags: ['Access'],
  method: 'get',
  path: '/development/mails',
  operationId: 'listDevelopmentMails',
  summary: 'Mails that were printed in place of being sent; in development only',
  responses: { 200: ok(z.array(DevelopmentMail), 'Mails, newest first'), ...failure },
})

export const peopleRoutes = createRouter()
  .openapi(profile, async (c) => c.json(success(await readProfile(c.var.ctx)), 200))
  .openapi(update, async (c) => c.json(success(await changeProfile(c.var.ctx, c.req.valid('json'))), 200))
  .openapi(remove, async (c) => {
    setCookies(c, await deleteAccount(c.var.ctx, c.req.valid('json'), c.req.raw.headers))
    return c.json(success({ done: true as const }), 200)
  })
  .openapi(list, async (c) => c.json(page(await listSessions(c.var.ctx, c.req.valid('query'))), 200))
  .openapi(revoke, async (c) => {
    await revokeSession(c.var.ctx, c.req.valid('param').id)
    return c.json(success({ revoked: 1 }), 200)
  })
  .openapi(revokeOthers, async (c) => c.json(success(await revokeOtherSessions(c.var.ctx)), 200))
  .openapi(mails, (c) => {
    if (c.var.world.config.environment !== 'dev') throw new AppError('NOT_FOUND', 'There is no such page here.')
    return c.json(success([...printedMails()]), 200)
  })
