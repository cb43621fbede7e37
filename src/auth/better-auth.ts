import { AsyncLocalStorage } from 'node:async_hooks'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { eq } from 'drizzle-orm'
import type { Config } from '../config.ts'
import type { World } from '../context.ts'
import { sha256 } from '../lib/hash.ts'
import { newId, type IdPrefix } from '../lib/ids.ts'
import { openDb } from '../platform/db.ts'
import { mayMail } from './guesses.ts'
import { mailAddressTaken, mailPasswordReset, mailVerification } from './mails.ts'
import { openSession } from './open-session.ts'
import { hashPassword, verifyPassword } from './password.ts'
import * as tables from './tables.ts'

const ID_PREFIX: Record<string, IdPrefix> = {
  user: 'usr',
  session: 'ses',
  account: 'acc',
  verification: 'ver',
  twoFactor: 'tfa',
}

const SESSION_SECONDS = 7 * 24 * 3600
const VERIFICATION_SECONDS = 24 * 3600

/** The world of the call that better-auth is in: what it calls back knows only its own options. */
const current = new AsyncLocalStorage<World>()

function here(): World {
  const world = current.getStore()
  if (!world) throw new Error('better-auth was called outside of callAuth')
  return world
}

function createAuth(env: Env, config: Config) {
  return betterAuth({
    appName: 'APIQ',
    basePath: '/api/auth',
    // Only its functions are called, never its routes, so nothing depends on where it thinks it is.
    baseURL: 'https://apiq.invalid',
    secret: config.authSecret,
    database: drizzleAdapter(openDb(env.DB), {
      provider: 'sqlite',
      schema: {
        user: tables.users,
        session: tables.sessions,
        account: tables.accounts,
        verification: tables.verifications,
        twoFactor: tables.twoFactors,
      },
    }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: verifyPassword },
      requireEmailVerification: config.requireVerifiedEmail,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, token }) => mailPasswordReset(here(), user, token),
      onExistingUserSignUp: async ({ user }) => {
        if (await mayMail(here(), user.email)) mailAddressTaken(here(), user)
      },
    },
    emailVerification: {
      expiresIn: VERIFICATION_SECONDS,
      sendOnSignUp: true,
      sendOnSignIn: config.requireVerifiedEmail,
      sendVerificationEmail: async ({ user, token }) => mailVerification(here(), user, token),
    },
    // A copy of the database opens no account.
    verification: { storeIdentifier: { hash: sha256 } },
    // No copy of the session in a cookie: what is revoked or disabled holds on the next request.
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    user: { additionalFields: { role: { type: 'string', required: false, defaultValue: 'USER', input: false } } },
    databaseHooks: { session: { create: { before: async ({ userId }) => requireOpenAccount(env, userId) } } },
    plugins: [twoFactor({ issuer: 'APIQ', allowPasswordless: true }), openSession],
    advanced: {
      cookiePrefix: 'apiq',
      useSecureCookies: config.environment !== 'dev',
      // Set by Cloudflare; what a caller writes into X-Forwarded-For counts for nothing.
      ipAddress: { ipAddressHeaders: ['cf-connecting-ip'] },
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      database: { generateId: ({ model }) => newId(ID_PREFIX[model] ?? 'acc') },
      // Origins are checked once, at our own edge, for every route alike.
      disableCSRFCheck: true,
      disableOriginCheck: true,
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
}

async function requireOpenAccount(env: Env, userId: string): Promise<void> {
  const { users } = tables
  const [user] = await openDb(env.DB).select({ disabledAt: users.disabledAt }).from(users).where(eq(users.id, userId))
  if (user?.disabledAt)
    throw new APIError('FORBIDDEN', { code: 'ACCOUNT_DISABLED', message: 'The account is disabled.' })
}

type Auth = ReturnType<typeof createAuth>

// By its settings, which an isolate has one of; tests have several.
const created = new WeakMap<object, Auth>()

/** Calls better-auth, which may send mails on the way. What it raises goes on as it is: see `translated`. */
export function withAuth<T>(world: World, call: (auth: Auth) => Promise<T>): Promise<T> {
  let auth = created.get(world.config)
  if (!auth) created.set(world.config, (auth = createAuth(world.env, world.config)))
  const made = auth
  return current.run(world, () => call(made))
}
