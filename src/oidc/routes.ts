import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { anybody } from '../auth/middleware.ts'
import { SecondFactor, SignedIn } from '../auth/schema.ts'
import { AppError } from '../errors.ts'
import type { AppEnv } from '../http/env.ts'
import { createRouter, failure, ok, setCookies, success } from '../http/router.ts'
import { finishAtProvider, startSignIn } from './flow.ts'
import { listSignInOptions } from './providers.ts'
import { CallbackQuery, ProviderParams, SignInOption, StartQuery } from './schema.ts'
import { signInAs } from './sign-in.ts'

const base = { method: 'get' as const, tags: ['Access'], middleware: anybody() }
const COOKIE = 'apiq.sign_in'
const COOKIE_SECONDS = 600

const list = createRoute({
  ...base,
  path: '/auth/providers',
  operationId: 'listSignInOptions',
  summary: 'What people can sign in with',
  responses: { 200: ok(z.array(SignInOption), 'Providers, configured or not'), ...failure },
})

const start = createRoute({
  ...base,
  path: '/auth/{provider}/start',
  operationId: 'startSignIn',
  summary: 'Begin to sign in at a provider',
  request: { params: ProviderParams, query: StartQuery },
  responses: { 302: { description: 'To the provider’s page' }, ...failure },
})

const callback = createRoute({
  ...base,
  path: '/auth/{provider}/callback',
  operationId: 'finishSignIn',
  summary: 'Where the provider sends people back to',
  request: { params: ProviderParams, query: CallbackQuery },
  responses: {
    200: ok(z.union([SignedIn, SecondFactor]), 'Who signed in; for callers that accept JSON only'),
    303: { description: 'To the dashboard' },
    ...failure,
  },
})

/** A path of the dashboard and nothing else, whatever was asked for. */
function ownPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(next) ? next : '/'
}

function wantsJson(c: Context<AppEnv>): boolean {
  const accept = c.req.header('accept') ?? '*/*'
  return /\bjson\b/.test(accept) && !/text\/html|\*\/\*/.test(accept)
}

/** A browser lands on a page whatever happens; nothing of what the provider sent is in its address. */
function land(c: Context<AppEnv>, error: unknown): Response {
  if (!(error instanceof AppError) || wantsJson(c)) throw error
  return c.redirect(`${c.var.world.config.publicUrl ?? ''}/login?sign_in_error=${error.code}`, 303)
}

export const oidcRoutes = createRouter()
  .openapi(list, (c) => c.json(success(listSignInOptions(c.var.world)), 200))
  .openapi(start, async (c) => {
    const { world } = c.var
    c.header('cache-control', 'no-store')
    try {
      const { url, browser } = await startSignIn(
        world,
        c.req.valid('param').provider,
        ownPath(c.req.valid('query').next),
      )
      const secure = world.config.environment !== 'dev'
      setCookie(c, COOKIE, browser, { httpOnly: true, sameSite: 'Lax', secure, path: '/api', maxAge: COOKIE_SECONDS })
      return c.redirect(url, 302)
    } catch (error) {
      return land(c, error)
    }
  })
  .openapi(callback, async (c) => {
    const { world } = c.var
    c.header('cache-control', 'no-store')
    try {
      const parameters = new URL(c.req.url).searchParams
      const browser = getCookie(c, COOKIE) ?? null
      const { identity, next } = await finishAtProvider(world, c.req.valid('param').provider, parameters, browser)
      const { data, cookies } = await signInAs(world, identity, c.req.raw.headers)
      setCookies(c, cookies)
      setCookie(c, COOKIE, '', { path: '/api', maxAge: 0 })
      if (wantsJson(c)) return c.json(success(data), 200)
      const page =
        'twoFactorRequired' in data ? `/login?${new URLSearchParams({ second_factor: 'required', next })}` : next
      return c.redirect(`${world.config.publicUrl ?? ''}${page}`, 303)
    } catch (error) {
      return land(c, error) as never
    }
  })
