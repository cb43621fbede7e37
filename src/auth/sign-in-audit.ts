import { eq } from 'drizzle-orm'
import { recordAudit } from '../audit/audit.ts'
import { systemCtx, type World } from '../context.ts'
import { sha256 } from '../lib/hash.ts'
import { users, verifications } from './tables.ts'
import { workspaceOf } from './workspace.ts'

type Entry = {
  action: string
  outcome?: 'success' | 'failure'
  details?: Record<string, unknown>
} & ({ userId: string } | { email: string })

/**
 * Writes down what was done by or on an account before there was a principal, in the workspace of that account. A try on
 * an address without an account belongs to no workspace, and is in the request log alone.
 */
export async function recordSignIn(
  world: World,
  { action, outcome = 'success', details, ...who }: Entry,
): Promise<void> {
  const userId = 'userId' in who ? who.userId : await findUserByEmail(world, who.email)
  if (!userId) return
  const ctx = systemCtx(world, await workspaceOf(world, userId), userId)
  const actor = { ...ctx.actor, kind: 'session', id: userId } as const
  await recordAudit({ ...ctx, actor }, action, userId, details, outcome)
}

async function findUserByEmail({ db }: World, email: string): Promise<string | null> {
  const [user] = await db.select({ id: users.id }).from(users).where(eq(users.email, email.toLowerCase()))
  return user?.id ?? null
}

/** Whose password the proof of a reset would change; better-auth keeps it under this name. */
export async function findUserOfReset({ db }: World, proof: string): Promise<{ id: string; email: string } | null> {
  const [user] = await db
    .select({ id: users.id, email: users.email })
    .from(verifications)
    .innerJoin(users, eq(users.id, verifications.value))
    .where(eq(verifications.identifier, await sha256(`reset-password:${proof}`)))
  return user ?? null
}
