import { APIError } from 'better-auth/api'
import { lt } from 'drizzle-orm'
import type { Principal, World } from '../context.ts'
import { AppError, type ProblemCode } from '../errors.ts'
import { getAuth } from './better-auth.ts'
import type { Login, Registration, SignedIn } from './schema.ts'
import { sessions, verifications } from './tables.ts'
import { workspaceOf } from './workspace.ts'

/** The scopes of a person who signed in; keys carry their own. */
const SESSION_SCOPES = ['read', 'write', 'execute', 'admin'] as const
const SESSION_REQUESTS_PER_MINUTE = 600

/** What a sign-in gives: who it is, and the cookies that prove it from now on. */
export type SignIn = { data: SignedIn; cookies: string[] }

/** Makes an account with a workspace of its own and signs it in. */
export async function register(world: World, input: Registration, headers: Headers): Promise<SignIn> {
  const auth = getAuth(world.env, world.config)
  const { headers: sent, response } = await translated(() =>
    auth.api.signUpEmail({ body: input, headers, returnHeaders: true }),
  )
  return signIn(world, response.user, sent)
}

/** Signs a person in by e-mail and password. */
export async function login(world: World, input: Login, headers: Headers): Promise<SignIn> {
  const auth = getAuth(world.env, world.config)
  const { headers: sent, response } = await translated(() =>
    auth.api.signInEmail({ body: input, headers, returnHeaders: true }),
  )
  return signIn(world, response.user, sent)
}

/** Ends the session of the request, if there is one; returns the cookies that clear it. */
export async function logout(world: World, headers: Headers): Promise<string[]> {
  const auth = getAuth(world.env, world.config)
  const { headers: sent } = await translated(() => auth.api.signOut({ headers, returnHeaders: true }))
  return sent.getSetCookie()
}

/** The principal of the session cookie, or null when there is none that is valid. */
export async function authenticateSession(world: World, headers: Headers): Promise<Principal | null> {
  if (!headers.get('cookie')?.includes('apiq.session_token')) return null
  const found = await getAuth(world.env, world.config).api.getSession({ headers })
  if (!found) return null
  const { user, session } = found
  const chosen = (session as { activeOrganizationId?: string | null }).activeOrganizationId ?? null
  return {
    kind: 'session',
    id: session.id,
    userId: user.id,
    workspaceId: await workspaceOf(world, user.id, chosen),
    role: user.role === 'ADMIN' || user.role === 'AUDITOR' ? user.role : 'USER',
    scopes: SESSION_SCOPES,
    limits: { requestsPerMinute: SESSION_REQUESTS_PER_MINUTE },
  }
}

/** Removes sessions and verifications past their time, those of every workspace. */
export async function forgetExpiredSessions(world: World): Promise<void> {
  const now = new Date(world.now())
  await world.db.batch([
    world.db.delete(sessions).where(lt(sessions.expiresAt, now)),
    world.db.delete(verifications).where(lt(verifications.expiresAt, now)),
  ])
}

async function signIn(world: World, user: { id: string; email: string; name: string }, sent: Headers): Promise<SignIn> {
  const workspaceId = await workspaceOf(world, user.id, null)
  return { data: { userId: user.id, email: user.email, name: user.name, workspaceId }, cookies: sent.getSetCookie() }
}

const TRANSLATION: Record<string, ProblemCode> = {
  USER_ALREADY_EXISTS: 'EMAIL_TAKEN',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'EMAIL_TAKEN',
  INVALID_EMAIL_OR_PASSWORD: 'INVALID_CREDENTIALS',
}

/** Runs a call into better-auth and turns what it raises into our own problems. */
async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof APIError) || error.statusCode >= 500) throw error
    const code = TRANSLATION[error.body?.code ?? '']
    throw new AppError(code ?? 'VALIDATION_FAILED', error.body?.message ?? error.message, { cause: error })
  }
}
