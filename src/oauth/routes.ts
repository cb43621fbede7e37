import { createRoute, z } from '@hono/zod-openapi'
import { anybody, authenticate } from '../auth/middleware.ts'
import { problemResponse } from '../http/problem.ts'
import { createRouter, failure, ok, okPage, page, secured, success } from '../http/router.ts'
import { finishConsent, type Outcome } from './callback.ts'
import { startConsent } from './connect.ts'
import {
  AccountQuery,
  AuthOverview,
  CallbackQuery,
  Connected,
  ConnectedAccount,
  Consent,
  Disconnected,
  Provider,
} from './schema.ts'
import { describeAuth, disconnectAccount, listAccounts, listProviders } from './service.ts'

const base = { tags: ['Accounts'], security: secured, middleware: authenticate() }
const params = z.object({ id: z.string().openapi({ example: 'con_…' }) })

const overview = createRoute({
  ...base,
  method: 'get',
  path: '/apis/{id}/auth',
  operationId: 'getApiAuth',
  summary: 'How an API authenticates, how else it could, and the scopes it needs',
  request: { params },
  responses: { 200: ok(AuthOverview, 'Authentication of the API'), ...failure },
})

const connect = createRoute({
  ...base,
  method: 'post',
  path: '/apis/{id}/connect',
  operationId: 'connectAccount',
  summary: 'Begin a consent: where to send the person who has the account',
  request: { params },
  responses: { 200: ok(Consent, 'The provider’s page, good for ten minutes'), ...failure },
})

const disconnect = createRoute({
  ...base,
  method: 'post',
  path: '/apis/{id}/disconnect',
  operationId: 'disconnectAccount',
  summary: 'Forget the connected account and give the grant back',
  request: { params },
  responses: { 200: ok(Disconnected, 'The account is forgotten'), ...failure },
})

const callback = createRoute({
  middleware: anybody(),
  tags: ['Accounts'],
  method: 'get',
  path: '/oauth/callback',
  operationId: 'finishConsent',
  summary: 'Where providers send people back to',
  request: { query: CallbackQuery },
  responses: {
    200: ok(Connected, 'The account is connected; for callers that accept JSON only'),
    303: { description: 'To the API’s page in the dashboard' },
    ...failure,
  },
})

const providers = createRoute({
  ...base,
  method: 'get',
  path: '/oauth/providers',
  operationId: 'listProviders',
  summary: 'Providers that can be connected by a click',
  responses: { 200: ok(z.array(Provider), 'Providers'), ...failure },
})

const accounts = createRoute({
  ...base,
  method: 'get',
  path: '/accounts',
  operationId: 'listAccounts',
  summary: 'Connected accounts',
  request: { query: AccountQuery },
  responses: { 200: okPage(ConnectedAccount, 'Accounts, newest connection first'), ...failure },
})

/** Where a browser lands. Nothing of what the provider sent is in the address. */
function landing(publicUrl: string | null, outcome: Outcome): string {
  const start = publicUrl ?? ''
  if (outcome.ok) return `${start}/apis/${outcome.connected.id}?connected=1`
  const at = outcome.connectionId === null ? '/apis' : `/apis/${outcome.connectionId}`
  return `${start}${at}?connect_error=${outcome.error.code}`
}

export const oauthRoutes = createRouter()
  .openapi(overview, async (c) => c.json(success(await describeAuth(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(connect, async (c) => {
    const { origin } = new URL(c.req.url)
    return c.json(success(await startConsent(c.var.ctx, c.req.valid('param').id, origin)), 200)
  })
  .openapi(disconnect, async (c) => c.json(success(await disconnectAccount(c.var.ctx, c.req.valid('param').id)), 200))
  .openapi(callback, async (c) => {
    const outcome = await finishConsent(c.var.world, c.req.raw)
    c.header('cache-control', 'no-store')
    const accept = c.req.header('accept') ?? '*/*'
    if (!/\bjson\b/.test(accept) || /text\/html|\*\/\*/.test(accept))
      return c.redirect(landing(c.var.world.config.publicUrl, outcome), 303)
    if (!outcome.ok) return problemResponse(outcome.error, c.var.requestId, c.req.path) as never
    return c.json(success(outcome.connected), 200)
  })
  .openapi(providers, (c) => c.json(success(listProviders(c.var.ctx)), 200))
  .openapi(accounts, async (c) => c.json(page(await listAccounts(c.var.ctx, c.req.valid('query'))), 200))
