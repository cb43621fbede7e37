import { createRoute, z } from '@hono/zod-openapi'
import { body, createRouter, failure, ok, secured, success } from '../http/router.ts'
import { authenticate, requireSameSite } from './middleware.ts'
import { Login, Me, Registration, SignedIn } from './schema.ts'
import { login, logout, register } from './service.ts'
import { whoAmI } from './who-am-i.ts'

const tags = ['Access']

const registerRoute = createRoute({
  method: 'post',
  path: '/auth/register',
  operationId: 'register',
  summary: 'Create an account and sign in',
  tags,
  request: { body: body(Registration) },
  responses: { 201: ok(SignedIn, 'The account; a session cookie comes with it'), ...failure },
})

const loginRoute = createRoute({
  method: 'post',
  path: '/auth/login',
  operationId: 'login',
  summary: 'Sign in',
  tags,
  request: { body: body(Login) },
  responses: { 200: ok(SignedIn, 'Who signed in; a session cookie comes with it'), ...failure },
})

const logoutRoute = createRoute({
  method: 'post',
  path: '/auth/logout',
  operationId: 'logout',
  summary: 'Sign out',
  tags,
  responses: { 200: ok(z.object({ signedOut: z.literal(true) }), 'The session is over'), ...failure },
})

const testRoute = createRoute({
  method: 'get',
  path: '/auth/test',
  operationId: 'whoAmI',
  summary: 'Who am I, and what may I do',
  tags,
  security: secured,
  middleware: authenticate(),
  responses: { 200: ok(Me, 'The principal behind the credentials'), ...failure },
})

export const authRoutes = createRouter()
  .openapi(registerRoute, async (c) => {
    requireSameSite(c.var.world.config, c.req.raw)
    const { data, cookies } = await register(c.var.world, c.req.valid('json'), c.req.raw.headers)
    for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
    return c.json(success(data), 201)
  })
  .openapi(loginRoute, async (c) => {
    requireSameSite(c.var.world.config, c.req.raw)
    const { data, cookies } = await login(c.var.world, c.req.valid('json'), c.req.raw.headers)
    for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
    return c.json(success(data), 200)
  })
  .openapi(logoutRoute, async (c) => {
    requireSameSite(c.var.world.config, c.req.raw)
    for (const cookie of await logout(c.var.world, c.req.raw.headers)) c.header('set-cookie', cookie, { append: true })
    return c.json(success({ signedOut: true as const }), 200)
  })
  .openapi(testRoute, (c) => c.json(success(whoAmI(c.var.ctx, c.var.standing)), 200))
