import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { betterAuth } from 'better-auth/minimal'
import { organization } from 'better-auth/plugins/organization'
import type { Config } from '../config.ts'
import { newId, type IdPrefix } from '../lib/ids.ts'
import { openDb } from '../platform/db.ts'
import * as tables from './tables.ts'

const ID_PREFIX: Record<string, IdPrefix> = {
  user: 'usr',
  session: 'ses',
  account: 'acc',
  verification: 'ver',
  organization: 'wsp',
  member: 'mem',
  invitation: 'inv',
}

// Parameters that OWASP's password storage cheat sheet gives for scrypt at 16 MiB of memory, one of its equivalents.
const SCRYPT = { N: 2 ** 14, r: 8, p: 5, keylen: 64 } as const

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, SCRYPT.keylen, { N: SCRYPT.N, r: SCRYPT.r, p: SCRYPT.p }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

/** A password as it is stored: `scrypt.<salt>.<key>`, hexadecimal; derived by workerd's native scrypt (RFC 7914). */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return `scrypt.${salt.toString('hex')}.${(await derive(password, salt)).toString('hex')}`
}

/** Whether a password is the one that was hashed; takes as long for a wrong one as for the right one. */
export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [kind, salt, key] = hash.split('.')
  if (kind !== 'scrypt' || !salt || !key) return false
  const expected = Buffer.from(key, 'hex')
  const actual = await derive(password, Buffer.from(salt, 'hex'))
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

function createAuth(env: Env, config: Config) {
  return betterAuth({
    appName: 'APIQ',
    basePath: '/api/auth',
    // The dashboard and the API share one origin, which the request names; `routes.ts` passes it on.
    baseURL: 'https://apiq.invalid',
    secret: config.authSecret,
    database: drizzleAdapter(openDb(env.DB), {
      provider: 'sqlite',
      schema: {
        user: tables.users,
        session: tables.sessions,
        account: tables.accounts,
        verification: tables.verifications,
        organization: tables.workspaces,
        member: tables.members,
        invitation: tables.invitations,
      },
    }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: verifyPassword },
    },
    session: { cookieCache: { enabled: true, maxAge: 60 } },
    user: { additionalFields: { role: { type: 'string', required: false, defaultValue: 'USER', input: false } } },
    plugins: [
      organization({
        schema: {
          session: { fields: { activeOrganizationId: 'activeWorkspaceId' } },
          member: { fields: { organizationId: 'workspaceId' } },
          invitation: { fields: { organizationId: 'workspaceId' } },
        },
      }),
    ],
    advanced: {
      cookiePrefix: 'apiq',
      useSecureCookies: config.environment !== 'dev',
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

type Auth = ReturnType<typeof createAuth>

const created = new WeakMap<object, Auth>()

/** The isolate's one better-auth instance. */
export function getAuth(env: Env, config: Config): Auth {
  let auth = created.get(env)
  if (!auth) created.set(env, (auth = createAuth(env, config)))
  return auth
}
