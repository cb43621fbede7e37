import { recordAudit } from '../audit/audit.ts'
import { callAuth } from '../auth/call.ts'
import { countGuess, forgetGuesses } from '../auth/guesses.ts'
import { findUserOfReset, recordSignIn } from '../auth/sign-in-audit.ts'
import type { Ctx, World } from '../context.ts'
import { errorFields } from '../platform/log.ts'
import { dropOpenProofs } from './open-proofs.ts'
import { requireProof } from './proof.ts'
import type { PasswordChange, PasswordReset } from './schema.ts'

/**
 * Mails a link to choose another password, if there is such an account. All of it happens after the answer, so that
 * neither what it says nor how long it takes tells.
 * @throws AppError TOO_MANY_ATTEMPTS
 */
export async function requestReset(world: World, email: string): Promise<void> {
  await countGuess(world, { kind: 'reset', account: email })
  const asked = callAuth(world, (auth) => auth.api.requestPasswordReset({ body: { email } }))
  world.defer(asked.catch((error: unknown) => world.log.error('password reset failed', errorFields(error))))
}

/**
 * Sets a password by the link of a mail, which works once. Every session of the account ends, and every other link.
 * @throws AppError LINK_INVALID, TOO_MANY_ATTEMPTS
 */
export async function resetPassword(world: World, { proof, password }: PasswordReset): Promise<void> {
  await countGuess(world, { kind: 'reset', account: null })
  const user = await findUserOfReset(world, proof)
  await callAuth(world, (auth) => auth.api.resetPassword({ body: { newPassword: password, token: proof } }))
  if (!user) return
  await dropOpenProofs(world.db, user.id)
  await forgetGuesses(world, { kind: 'sign-in', account: user.email })
  await recordSignIn(world, { userId: user.id, action: 'password.reset' })
}

/**
 * Changes the password of whoever is signed in. Their other sessions end, and so does every link that was mailed to change
 * the account; this session gets a new cookie.
 * @throws AppError VALIDATION_FAILED where the current one is wrong.
 */
export async function changePassword(
  ctx: Ctx,
  { currentPassword, password }: PasswordChange,
  headers: Headers,
): Promise<string[]> {
  await requireProof(ctx, currentPassword)
  const body = { currentPassword, newPassword: password, revokeOtherSessions: true }
  const { headers: sent } = await callAuth(ctx, (auth) =>
    auth.api.changePassword({ body, headers, returnHeaders: true }),
  )
  await dropOpenProofs(ctx.db, ctx.actor.userId)
  await recordAudit(ctx, 'password.change', ctx.actor.userId)
  return sent.getSetCookie()
}
