import { eq, or, sql } from 'drizzle-orm'
import { verifications } from '../auth/tables.ts'
import type { Db } from '../platform/db.ts'

/** What the proofs of a change of address are kept under, before the hash of the proof. */
export const CHANGE_PREFIX = 'change-email:'

/**
 * The statement that makes every link worthless which was mailed to change an account: its password (better-auth keeps whose
 * under `value`) or its address. Who changes the one because somebody else got in must not lose the account by a link of theirs.
 */
export function dropOpenProofs(db: Db, userId: string) {
  return db.delete(verifications).where(or(eq(verifications.value, userId), isChangeOf(userId)))
}

/** The statement that withdraws a change of address that was asked for and not yet confirmed. */
export function dropEmailChanges(db: Db, userId: string) {
  return db.delete(verifications).where(isChangeOf(userId))
}

function isChangeOf(userId: string) {
  const { identifier, value } = verifications
  return sql`case when ${identifier} like ${`${CHANGE_PREFIX}%`} then json_extract(${value}, '$.userId') = ${userId} end`
}
