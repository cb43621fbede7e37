import { decodeJwt } from 'jose'
import { and, eq, gt, notExists } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import { auditRow } from '../audit/audit.ts'
import { callAuth } from '../auth/call.ts'
import { countGuess } from '../auth/guesses.ts'
import { mailEmailChange } from '../auth/mails.ts'
import { mailVerificationLater } from '../auth/service.ts'
import { recordSignIn } from '../auth/sign-in-audit.ts'
import { users, verifications } from '../auth/tables.ts'
import { workspaceOf } from '../auth/workspace.ts'
import { systemCtx, type Ctx, type World } from '../context.ts'
import { AppError } from '../errors.ts'
import { sha256 } from '../lib/hash.ts'
import { newId } from '../lib/ids.ts'
import { CHANGE_PREFIX, dropEmailChanges, dropOpenProofs } from './open-proofs.ts'
import { randomProof } from './random-proof.ts'
import { requireProof } from './proof.ts'
import type { EmailChange } from './schema.ts'

const CHANGE_MS = 24 * 3_600_000

type Change = { userId: string; email: string }

/** Mails the link once more that confirms an address, if there is such an account and it is not confirmed yet. */
export async function sendVerification(world: World, email: string): Promise<void> {
  await countGuess(world, { kind: 'reset', account: email })
  mailVerificationLater(world, email)
}

/** Takes the proof of a mail: that an address is theirs, or that a new one is. @throws AppError LINK_INVALID */
export async function verifyEmail(world: World, proof: string): Promise<void> {
  await countGuess(world, { kind: 'reset', account: null })
  if (!proof.includes('.')) return finishEmailChange(world, proof)
  await callAuth(world, (auth) => auth.api.verifyEmail({ query: { token: proof } }))
  // Its signature has just been checked.
  const { email } = decodeJwt(proof)
  await recordSignIn(world, { email: String(email), action: 'email.verify' })
}

/**
 * Begins to change the address: it changes when the link that the new one gets is opened, and the old one is told.
 * Whether the new one is taken is not told. Of several that are asked for the last one counts.
 */
export async function changeEmail(ctx: Ctx, { email, currentPassword }: EmailChange): Promise<void> {
  await requireProof(ctx, currentPassword)
  const { userId } = ctx.actor
  const [user] = await ctx.db.select().from(users).where(eq(users.id, userId))
  if (!user) throw new AppError('UNAUTHENTICATED', 'Sign in first.')
  const proof = randomProof()
  const now = ctx.now()
  const value: Change = { userId, email: email.toLowerCase() }
  await ctx.db.batch([
    dropEmailChanges(ctx.db, userId),
    ctx.db.insert(verifications).values({
      id: newId('ver', now),
      identifier: CHANGE_PREFIX + (await sha256(proof)),
      value: JSON.stringify(value),
      expiresAt: new Date(now + CHANGE_MS),
      createdAt: new Date(now),
      updatedAt: new Date(now),
    }),
    auditRow(ctx, 'email.change_requested', userId, { email: value.email }),
  ])
  mailEmailChange(ctx, user, value.email, proof)
}

async function finishEmailChange(world: World, proof: string): Promise<void> {
  const now = new Date(world.now())
  const [used] = await world.db
    .delete(verifications)
    .where(and(eq(verifications.identifier, CHANGE_PREFIX + (await sha256(proof))), gt(verifications.expiresAt, now)))
    .returning()
  if (!used) throw refused()
  const { userId, email } = JSON.parse(used.value) as Change
  const ctx = systemCtx(world, await workspaceOf(world, userId), userId)
  const other = alias(users, 'other')
  const taken = world.db.select({ id: other.id }).from(other).where(eq(other.email, email))
  const [changed] = await world.db.batch([
    world.db
      .update(users)
      .set({ email, emailVerified: true, updatedAt: now })
      .where(and(eq(users.id, userId), notExists(taken)))
      .returning({ id: users.id }),
    auditRow(ctx, 'email.change', userId, { email }),
    dropOpenProofs(world.db, userId),
  ])
  if (changed.length === 0) throw refused()
}

function refused(): AppError {
  return new AppError('LINK_INVALID', 'The link has expired, was used already, or is not complete.')
}
