import { eq, sql } from 'drizzle-orm'
import { parseSigned } from 'hono/utils/cookie'
import { auditRowFrom, recordAudit, type Outcome } from '../audit/audit.ts'
import { recordRefusal } from '../audit/refusals.ts'
import { systemCtx, type Ctx, type World } from '../context.ts'
import { sha256 } from '../lib/hash.ts'
import { cookieName } from './session.ts'
import { members, users, verifications } from './tables.ts'
import { workspaceOf } from './workspace.ts'

type Entry = {
  action: string
  outcome?: Outcome
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
  const ctx = await ctxOf(world, who)
  if (ctx) await recordAudit(ctx, action, ctx.actor.userId, details, outcome)
}

/**
 * As `recordSignIn`, for a sign-in that failed: one statement whether or not there is such an account, for what is done after
 * an answer may be felt in the next one.
 */
export async function recordFailedSignIn(world: World, email: string): Promise<void> {
  const ctx = systemCtx(world, '', '')
  const nobody: Ctx = { ...ctx, actor: { ...ctx.actor, kind: 'session' } }
  // Of the workspaces of a person the newest, as `workspaceOf` has it.
  const newest = sql`${users} inner join ${members} on ${members.userId} = ${users.id}
    where ${users.email} = ${email.toLowerCase()} order by ${members.id} desc limit 1`
  const columns = { workspaceId: members.workspaceId, actorId: users.id, userId: users.id, resource: users.id }
  await auditRowFrom(nobody, { action: 'session.create', resource: '', outcome: 'failure' }, columns, newest)
}

/** As `recordSignIn`, for what was refused unlooked at: once a minute. */
export async function recordRefusedSignIn(world: World, email: string, error: unknown): Promise<void> {
  const ctx = await ctxOf(world, { email })
  if (ctx) recordRefusal(ctx, error, ctx.actor.userId)
}

async function ctxOf(world: World, who: { userId: string } | { email: string }): Promise<Ctx | null> {
  const userId = 'userId' in who ? who.userId : await findUserByEmail(world, who.email)
  if (!userId) return null
  const ctx = systemCtx(world, await workspaceOf(world, userId), userId)
  return { ...ctx, actor: { ...ctx.actor, kind: 'session', id: userId } }
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

/** Whose second factor a challenge asks for; better-auth keeps it under the name that is in its cookie. */
export async function findUserOfChallenge({ db, config }: World, headers: Headers): Promise<string | null> {
  const name = cookieName(config, 'two_factor')
  const challenge = (await parseSigned(headers.get('cookie') ?? '', config.authSecret, name))[name]
  if (!challenge) return null
  const [found] = await db
    .select({ userId: verifications.value })
    .from(verifications)
    .where(eq(verifications.identifier, await sha256(challenge)))
  return found?.userId ?? null
}
