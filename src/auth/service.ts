import { and, asc, eq, lt, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { recordAudit } from '../audit/audit.ts'
import type { World } from '../context.ts'
import { callAuth } from './call.ts'
import { countGuess, forgetGuesses } from './guesses.ts'
import type { Login, Registration, SignedIn, SignInAnswer } from './schema.ts'
import { recordRefusedSignIn, recordSignIn } from './sign-in-audit.ts'
import { authenticateSession } from './session.ts'
import { sessions, users, verifications } from './tables.ts'
import { workspaceOf } from './workspace.ts'

/** What a sign-in gives: who it is, or what is still asked for, and the cookies that prove it from now on. */
export type SignIn<Data = SignInAnswer> = { data: Data; cookies: string[] }

// Longer than making an account takes: where an address may be taken, the time shall not tell.
const REGISTER_MS = 500

/**
 * Makes an account with a workspace of its own. It is signed in at once, unless addresses have to be confirmed first:
 * then the answer is the same whether or not the address was taken, and the mail tells which.
 * @throws AppError EMAIL_TAKEN, TOO_MANY_ATTEMPTS
 */
export async function register(world: World, input: Registration, headers: Headers): Promise<SignIn> {
  await countGuess(world, { kind: 'register', account: null })
  const made = makeAccount(world, input, headers)
  return world.config.requireVerifiedEmail ? atLeast(REGISTER_MS, made) : made
}

async function makeAccount(world: World, input: Registration, headers: Headers): Promise<SignIn> {
  const { headers: sent, response } = await callAuth(world, (auth) =>
    auth.api.signUpEmail({ body: input, headers, returnHeaders: true }),
  )
  await makeFirstAdmin(world)
  if (response.token === null) return { data: { verificationRequired: true }, cookies: [] }
  const signedIn = await finishSignIn(world, response.user, sent)
  await recordSignIn(world, { userId: response.user.id, action: 'account.register' })
  return signedIn
}

/** Whoever came first to a fresh installation administers it. Of two who come at once it is one. */
export async function makeFirstAdmin(world: World): Promise<void> {
  const other = alias(users, 'other')
  const first = world.db.select({ id: other.id }).from(other).orderBy(asc(other.createdAt), asc(other.id)).limit(1)
  const admins = world.db.select({ id: other.id }).from(other).where(eq(other.role, 'ADMIN'))
  await world.db
    .update(users)
    .set({ role: 'ADMIN' })
    .where(and(eq(users.id, sql`(${first})`), notExists(admins)))
}

/**
 * Signs a person in by e-mail and password, or asks for their second factor.
 * @throws AppError INVALID_CREDENTIALS, whether or not there is such an account; TOO_MANY_ATTEMPTS; to whoever knows the
 * password also EMAIL_UNVERIFIED, ACCOUNT_DISABLED.
 */
export async function login(world: World, input: Login, headers: Headers): Promise<SignIn> {
  const guess = { kind: 'sign-in', account: input.email } as const
  await countGuess(world, guess).catch((error: unknown) => {
    world.defer(recordRefusedSignIn(world, input.email, error))
    throw error
  })
  const answer = callAuth(world, (auth) => auth.api.signInEmail({ body: input, headers, returnHeaders: true }))
  const { headers: sent, response } = await answer.catch((error: unknown) => {
    world.defer(recordSignIn(world, { email: input.email, action: 'session.create', outcome: 'failure' }))
    throw error
  })
  world.defer(forgetGuesses(world, guess))
  if ('twoFactorRedirect' in response) return { data: { twoFactorRequired: true }, cookies: sent.getSetCookie() }
  await recordSignIn(world, { userId: response.user.id, action: 'session.create' })
  return finishSignIn(world, response.user, sent)
}

/** Ends the session of the request, if there is one; returns the cookies that clear it. */
export async function logout(world: World, headers: Headers): Promise<string[]> {
  const principal = await authenticateSession(world, headers)
  const { headers: sent } = await callAuth(world, (auth) => auth.api.signOut({ headers, returnHeaders: true }))
  if (principal) world.defer(recordAudit({ ...world, actor: principal }, 'session.end', principal.id))
  return sent.getSetCookie()
}

/** Removes sessions and verifications past their time, those of every workspace. */
export async function forgetExpiredSessions(world: World): Promise<void> {
  const now = new Date(world.now())
  await world.db.batch([
    world.db.delete(sessions).where(lt(sessions.expiresAt, now)),
    world.db.delete(verifications).where(lt(verifications.expiresAt, now)),
  ])
}

/** What a person who has just proved who they are is told, with the workspace they work in. */
export async function finishSignIn(
  world: World,
  { id, email, name }: { id: string; email: string; name: string },
  sent: Headers,
): Promise<SignIn<SignedIn>> {
  const workspaceId = await workspaceOf(world, id)
  return { data: { userId: id, email, name, workspaceId }, cookies: sent.getSetCookie() }
}

/** The outcome of some work, not before a while has passed. */
async function atLeast<T>(ms: number, work: Promise<T>): Promise<T> {
  const wait = new Promise((resolve) => setTimeout(resolve, ms))
  const [outcome] = await Promise.allSettled([work, wait])
  if (outcome.status === 'rejected') throw outcome.reason
  return outcome.value
}
