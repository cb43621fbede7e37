import { createRoute, z } from '@hono/zod-openapi'
import { body, createRouter, failure, ok, secured, setCookies, success } from '../http/router.ts'
import { anybody, authenticate } from './middleware.ts'
import { Login, Me, Registration, SignInAnswer } from './schema.ts'
import { login, logout, register } from './service.ts'
import { whoAmI } from './who-am-i.ts'

const tags = ['Access']

const registerRoute = createRoute({
  method: 'post',
  path: '/auth/register',
  operationId: 'register',
  middleware: anybody({ sameSite: true }),
  summary: 'Create an account and sign in',
  tags,
  request: { body: body(Registration) },
  responses: { 201: ok(SignInAnswer, 'The account; a session cookie comes with it'), ...failure },
})

const loginRoute = createRoute({
  method: 'post',
  path: '/auth/login',
  operationId: 'login',
  middleware: anybody({ sameSite: true }),
  summary: 'Sign in',
  tags,
  request: { body: body(Login) },
  responses: { 200: ok(SignInAnswer, 'Who signed in; a session cookie comes with it'), ...failure },
})

const logoutRoute = createRoute({
  method: 'post',
  path: '/auth/logout',
  operationId: 'logout',
  middleware: anybody({ sameSite: true }),
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
    const { data, cookies } = await register(c.var.world, c.req.valid('json'), c.req.raw.headers)
    setCookies(c, cookies)
    return c.json(success(data), 201)
  })
  .openapi(loginRoute, async (c) => {
    const { data, cookies } = await login(c.var.world, c.req.valid('json'), c.req.raw.headers)
    setCookies(c, cookies)
    return c.json(success(data), 200)
  })
  .openapi(logoutRoute, async (c) => {
    setCookies(c, await logout(c.var.world, c.req.raw.headers))
    return c.json(success({ signedOut: true as const }), 200)
  })
  .openapi(testRoute, (c) => c.json(success(whoAmI(c.get('ctx'), c.get('standing'))), 200))
