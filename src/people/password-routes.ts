import { createRoute } from '@hono/zod-openapi'
import { anybody, authenticate } from '../auth/middleware.ts'
import { body, createRouter, failure, forPeople, ok, setCookies, success } from '../http/router.ts'
import { changeEmail, sendVerification, verifyEmail } from './addresses.ts'
import { changePassword, requestReset, resetPassword } from './passwords.ts'
import { Done, EmailChange, EmailOnly, MailSent, PasswordChange, PasswordReset, Proof } from './schema.ts'

const open = { method: 'post' as const, tags: ['Access'], middleware: anybody({ sameSite: true }) }
const base = { method: 'post' as const, tags: ['Access'], security: forPeople, middleware: authenticate() }
const sent = { 200: ok(MailSent, 'If there is such an account, a mail is on its way'), ...failure }
const done = { 200: ok(Done, 'Done'), ...failure }

const forgot = createRoute({
  ...open,
  path: '/auth/password/forgot',
  operationId: 'requestPasswordReset',
  summary: 'Have a link mailed to choose another password',
  request: { body: body(EmailOnly) },
  responses: sent,
})

const reset = createRoute({
  ...open,
  path: '/auth/password/reset',
  operationId: 'resetPassword',
  summary: 'Choose another password by the link of a mail; every session ends',
  request: { body: body(PasswordReset) },
  responses: done,
})

const change = createRoute({
  ...base,
  path: '/auth/password/change',
  operationId: 'changePassword',
  summary: 'Change the password; other sessions end',
  request: { body: body(PasswordChange) },
  responses: done,
})

const verify = createRoute({
  ...open,
  path: '/auth/email/verify',
  operationId: 'verifyEmail',
  summary: 'Confirm an e-mail address by the link of a mail',
  request: { body: body(Proof) },
  responses: done,
})

const resend = createRoute({
  ...open,
  path: '/auth/email/resend',
  operationId: 'resendVerification',
  summary: 'Have the link mailed again that confirms an address',
  request: { body: body(EmailOnly) },
  responses: sent,
})

const changeAddress = createRoute({
  ...base,
  path: '/auth/email/change',
  operationId: 'changeEmail',
  summary: 'Change the e-mail address, once the new one is confirmed',
  request: { body: body(EmailChange) },
  responses: { 200: ok(MailSent, 'A mail is on its way to the new address'), ...failure },
})

const isSent = success({ sent: true as const })
const isDone = success({ done: true as const })

export const passwordRoutes = createRouter()
  .openapi(forgot, async (c) => {
    await requestReset(c.var.world, c.req.valid('json').email)
    return c.json(isSent, 200)
  })
  .openapi(reset, async (c) => {
    await resetPassword(c.var.world, c.req.valid('json'))
    return c.json(isDone, 200)
  })
  .openapi(change, async (c) => {
    setCookies(c, await changePassword(c.var.ctx, c.req.valid('json'), c.req.raw.headers))
    return c.json(isDone, 200)
  })
  .openapi(verify, async (c) => {
    await verifyEmail(c.var.world, c.req.valid('json').proof)
    return c.json(isDone, 200)
  })
  .openapi(resend, async (c) => {
    await sendVerification(c.var.world, c.req.valid('json').email)
    return c.json(isSent, 200)
  })
  .openapi(changeAddress, async (c) => {
    await changeEmail(c.var.ctx, c.req.valid('json'))
    return c.json(isSent, 200)
  })
