import { and, asc, eq, lt, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { recordAudit } from '../audit/audit.ts'
import type { World } from '../context.ts'
import { AppError } from '../errors.ts'
import { errorFields } from '../platform/log.ts'
import { callAuth } from './call.ts'
import { findByPassword } from './find-by-password.ts'
import { countGuess, forgetGuesses, mayMail } from './guesses.ts'
import type { Login, Registration, SecondFactor, SignedIn, SignInAnswer } from './schema.ts'
import { recordFailedSignIn, recordRefusedSignIn, recordSignIn } from './sign-in-audit.ts'
import { authenticateSession } from './session.ts'
import { sessions, users, verifications } from './tables.ts'
import { workspaceOf } from './workspace.ts'

/** What a sign-in gives: who it is, or what is still asked for, and the cookies that prove it from now on. */
export type SignIn<Data = SignInAnswer> = { data: Data; cookies: string[] }

/**
 * Makes an account with a workspace of its own. It is signed in at once, unless addresses have to be confirmed first:
 * then all of it happens after the answer, so that neither what that says nor how long it takes tells whether the address
 * was taken; the mail does.
 * @throws AppError EMAIL_TAKEN, TOO_MANY_ATTEMPTS
 */
export async function register(world: World, input: Registration, headers: Headers): Promise<SignIn> {
  await countGuess(world, { kind: 'register', account: null })
  const made = makeAccount(world, input, headers)
  if (!world.config.requireVerifiedEmail) return made
  world.defer(made.catch((error: unknown) => world.log.error('registration failed', errorFields(error))))
  return { data: { verificationRequired: true }, cookies: [] }
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
 * @throws AppError INVALID_CREDENTIALS, whether or not there is such an account, or its address was confirmed;
 * TOO_MANY_ATTEMPTS; to whoever knows the password also ACCOUNT_DISABLED.
 */
export async function login(world: World, input: Login, headers: Headers): Promise<SignIn> {
  const guess = { kind: 'sign-in', account: input.email } as const
  await countGuess(world, guess).catch((error: unknown) => {
    world.defer(recordRefusedSignIn(world, input.email, error))
    throw error
  })
  try {
    const signedIn = await signInByPassword(world, input, headers)
    world.defer(forgetGuesses(world, guess))
    return signedIn
  } catch (error) {
    world.defer(recordFailedSignIn(world, input.email))
    throw error
  }
}

async function signInByPassword(world: World, input: Login, headers: Headers): Promise<SignIn> {
  const { requireVerifiedEmail } = world.config
  const found = await findByPassword(world, input)
  if (found && (found.emailVerified || !requireVerifiedEmail)) return openSessionOf(world, found.id, headers)
  // The password of an account that was not confirmed proves nothing: whoever registers with an address of somebody else
  // knows it, and would learn from any other answer that there was no account before.
  if (found) mailVerificationAgain(world, found.email)
  throw new AppError('INVALID_CREDENTIALS', requireVerifiedEmail ? WRONG_OR_UNCONFIRMED : WRONG)
}

const WRONG = 'The e-mail address or the password is wrong.'
const WRONG_OR_UNCONFIRMED =
  'The e-mail address or the password is wrong, or the address is not confirmed yet: then a mail with the link is on its way.'

function mailVerificationAgain(world: World, email: string): void {
  const asked = mayMail(world, email).then((may) => (may ? mailVerificationLater(world, email) : undefined))
  world.defer(asked.catch((error: unknown) => world.log.error('verification failed', errorFields(error))))
}

/** Mails the link once more that confirms an address, after the answer. */
export function mailVerificationLater(world: World, email: string): void {
  const asked = callAuth(world, (auth) => auth.api.sendVerificationEmail({ body: { email } }))
  world.defer(asked.catch((error: unknown) => world.log.error('verification failed', errorFields(error))))
}

/**
 * Opens a session for somebody who has just proved who they are, or asks for their second factor.
 * @throws AppError ACCOUNT_DISABLED, SIGN_IN_FAILED where the account was deleted meanwhile.
 */
export async function openSessionOf(
  world: World,
  userId: string,
  headers: Headers,
  details: Record<string, unknown> = {},
): Promise<SignIn<SignedIn | SecondFactor>> {
  const { headers: sent, response } = await callAuth(world, (auth) =>
    auth.api.openSession({ body: { userId }, headers, returnHeaders: true }),
  )
  if (!response) throw new AppError('SIGN_IN_FAILED', 'The account is not there any more; begin again.')
  if (!response.user) return { data: { twoFactorRequired: true }, cookies: sent.getSetCookie() }
  await recordSignIn(world, { userId, action: 'session.create', details })
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
