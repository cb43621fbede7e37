import { createRoute } from '@hono/zod-openapi'
import { anybody, authenticate } from '../auth/middleware.ts'
import { SignedIn } from '../auth/schema.ts'
import { body, createRouter, failure, forPeople, ok, setCookies, success } from '../http/router.ts'
import { Code, CurrentPassword, Done, RecoveryCodes, TwoFactorSetup } from './schema.ts'
import {
  confirmTwoFactor,
  disableTwoFactor,
  giveSecondFactor,
  renewRecoveryCodes,
  setUpTwoFactor,
} from './two-factor.ts'

const open = {
  method: 'post' as const,
  tags: ['Access'],
  middleware: anybody({ sameSite: true }),
  request: { body: body(Code) },
}
const base = { method: 'post' as const, tags: ['Access'], security: forPeople, middleware: authenticate() }
const byPassword = { body: body(CurrentPassword) }

const setUp = createRoute({
  ...base,
  path: '/auth/two-factor/set-up',
  operationId: 'setUpTwoFactor',
  summary: 'Begin to set up a second factor',
  request: byPassword,
  responses: { 200: ok(TwoFactorSetup, 'The secret, and recovery codes'), ...failure },
})

const confirm = createRoute({
  ...base,
  path: '/auth/two-factor/confirm',
  operationId: 'confirmTwoFactor',
  summary: 'Turn the second factor on, by its first code',
  request: { body: body(Code) },
  responses: { 200: ok(Done, 'It is asked for from now on'), ...failure },
})

const disable = createRoute({
  ...base,
  path: '/auth/two-factor/disable',
  operationId: 'disableTwoFactor',
  summary: 'Turn the second factor off',
  request: byPassword,
  responses: { 200: ok(Done, 'It is off'), ...failure },
})

const renew = createRoute({
  ...base,
  path: '/auth/two-factor/recovery-codes',
  operationId: 'renewRecoveryCodes',
  summary: 'Make new recovery codes in place of the former',
  request: byPassword,
  responses: { 200: ok(RecoveryCodes, 'Recovery codes'), ...failure },
})

const verify = createRoute({
  ...open,
  path: '/auth/two-factor/verify',
  operationId: 'verifyTwoFactor',
  summary: 'Go on with a sign-in by the code of an authenticator app',
  responses: { 200: ok(SignedIn, 'Who signed in; a session cookie comes with it'), ...failure },
})

const recover = createRoute({
  ...open,
  path: '/auth/two-factor/recover',
  operationId: 'recoverTwoFactor',
  summary: 'Go on with a sign-in by a recovery code, which is used up',
  responses: { 200: ok(SignedIn, 'Who signed in; a session cookie comes with it'), ...failure },
})

const isDone = success({ done: true as const })

export const twoFactorRoutes = createRouter()
  .openapi(setUp, async (c) =>
    c.json(success(await setUpTwoFactor(c.var.ctx, c.req.valid('json'), c.req.raw.headers)), 200),
  )
  .openapi(confirm, async (c) => {
    setCookies(c, await confirmTwoFactor(c.var.ctx, c.req.valid('json').code, c.req.raw.headers))
    return c.json(isDone, 200)
  })
  .openapi(disable, async (c) => {
    setCookies(c, await disableTwoFactor(c.var.ctx, c.req.valid('json'), c.req.raw.headers))
    return c.json(isDone, 200)
  })
  .openapi(renew, async (c) =>
    c.json(success(await renewRecoveryCodes(c.var.ctx, c.req.valid('json'), c.req.raw.headers)), 200),
  )
  .openapi(verify, async (c) => {
    const { code } = c.req.valid('json')
    const { data, cookies } = await giveSecondFactor(c.var.world, { kind: 'totp', code }, c.req.raw.headers)
    setCookies(c, cookies)
    return c.json(success(data), 200)
  })
  .openapi(recover, async (c) => {
    const { code } = c.req.valid('json')
    const { data, cookies } = await giveSecondFactor(c.var.world, { kind: 'recovery', code }, c.req.raw.headers)
    setCookies(c, cookies)
    return c.json(success(data), 200)
  })
