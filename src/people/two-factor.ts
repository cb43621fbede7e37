import { eq } from 'drizzle-orm'
import { recordAudit } from '../audit/audit.ts'
import { callAuth } from '../auth/call.ts'
import { countGuess, isFirstUse } from '../auth/guesses.ts'
import { finishSignIn, type SignIn } from '../auth/service.ts'
import type { SignedIn } from '../auth/schema.ts'
import { findUserOfChallenge, recordSignIn } from '../auth/sign-in-audit.ts'
import { sessions } from '../auth/tables.ts'
import type { Ctx, World } from '../context.ts'
import { AppError } from '../errors.ts'
import { requirePerson, requireProof } from './proof.ts'
import type { CurrentPassword, RecoveryCodes, TwoFactorSetup } from './schema.ts'

/** Begins to set up a second factor: the secret for an app and the recovery codes. It counts once a code was given. */
export async function setUpTwoFactor(
  ctx: Ctx,
  { currentPassword }: CurrentPassword,
  headers: Headers,
): Promise<TwoFactorSetup> {
  await requireProof(ctx, currentPassword)
  const body = { method: 'totp' as const, ...(currentPassword === undefined ? {} : { password: currentPassword }) }
  const made = await callAuth(ctx, (auth) => auth.api.enableTwoFactor({ body, headers }))
  if (!('totpURI' in made)) throw new Error('better-auth made no secret')
  const { totpURI: totpUri, backupCodes: recoveryCodes } = made
  await recordAudit(ctx, 'two_factor.set_up', ctx.actor.userId)
  return { totpUri, secret: new URL(totpUri).searchParams.get('secret') ?? '', recoveryCodes }
}

/** Turns the second factor on by its first code. The session gets a new cookie. @throws AppError CODE_INVALID */
export async function confirmTwoFactor(ctx: Ctx, code: string, headers: Headers): Promise<string[]> {
  requirePerson(ctx)
  await countGuess(ctx, { kind: 'code', account: ctx.actor.userId })
  const { headers: sent } = await callAuth(ctx, (auth) =>
    auth.api.verifyTOTP({ body: { code }, headers, returnHeaders: true }),
  )
  await recordAudit(ctx, 'two_factor.enable', ctx.actor.userId)
  return sent.getSetCookie()
}

/** Turns the second factor off. The session gets a new cookie. */
export async function disableTwoFactor(
  ctx: Ctx,
  { currentPassword }: CurrentPassword,
  headers: Headers,
): Promise<string[]> {
  await requireProof(ctx, currentPassword)
  const body = currentPassword === undefined ? {} : { password: currentPassword }
  const { headers: sent } = await callAuth(ctx, (auth) =>
    auth.api.disableTwoFactor({ body, headers, returnHeaders: true }),
  )
  await recordAudit(ctx, 'two_factor.disable', ctx.actor.userId)
  return sent.getSetCookie()
}

/** Makes new recovery codes; the former ones are worthless from now on. */
export async function renewRecoveryCodes(
  ctx: Ctx,
  { currentPassword }: CurrentPassword,
  headers: Headers,
): Promise<RecoveryCodes> {
  await requireProof(ctx, currentPassword)
  const body = currentPassword === undefined ? {} : { password: currentPassword }
  const { backupCodes } = await callAuth(ctx, (auth) => auth.api.generateBackupCodes({ body, headers }))
  await recordAudit(ctx, 'two_factor.recovery_codes', ctx.actor.userId)
  return { recoveryCodes: backupCodes }
}

/**
 * Ends a sign-in that was asked for the second factor, by a code of the app or by a recovery code, which is used up.
 * Five wrong codes end the sign-in, ten in a row lock the second factor for a quarter of an hour; a code opens one session.
 * @throws AppError CODE_INVALID, TOO_MANY_ATTEMPTS
 */
export async function giveSecondFactor(
  world: World,
  { kind, code }: { kind: 'totp' | 'recovery'; code: string },
  headers: Headers,
): Promise<SignIn<SignedIn>> {
  await countGuess(world, { kind: 'code', account: null })
  // Where somebody is signed in already, better-auth would take the code for them and open nothing.
  const challenged = withoutSession(headers)
  const options = { body: { code }, headers: challenged, returnHeaders: true } as const
  // The last wrong code ends the challenge, and with it what tells whose it is.
  const userId = await findUserOfChallenge(world, headers)
  const answer = callAuth(world, async (auth) =>
    kind === 'totp' ? auth.api.verifyTOTP(options) : auth.api.verifyBackupCode(options),
  )
  const { headers: sent, response } = await answer.catch(async (error: unknown) => {
    const details = { secondFactor: kind }
    if (userId) await recordSignIn(world, { userId, action: 'session.create', outcome: 'failure', details })
    throw error
  })
  const { user, token } = response
  if (!user) throw new AppError('CODE_INVALID', 'The sign-in took too long; begin again.')
  const details = { secondFactor: kind }
  // A code holds for a minute and a half, and opens one session (RFC 6238, section 5.2).
  if (kind === 'totp' && !(await isFirstUse(world, user.id, code))) {
    await world.db.delete(sessions).where(eq(sessions.token, token ?? ''))
    await recordSignIn(world, { userId: user.id, action: 'session.create', outcome: 'failure', details })
    throw new AppError('CODE_INVALID', 'The code was used already; wait for the next one.')
  }
  await recordSignIn(world, { userId: user.id, action: 'session.create', details })
  return finishSignIn(world, { id: user.id, email: user.email ?? '', name: user.name ?? '' }, sent)
}

function withoutSession(headers: Headers): Headers {
  const cookies = (headers.get('cookie') ?? '').split(/;\s*/)
  const rest = cookies.filter((cookie) => !/^(__Secure-)?apiq\.session_token=/.test(cookie))
  const result = new Headers(headers)
  result.set('cookie', rest.join('; '))
  return result
}
