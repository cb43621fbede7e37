import { serializeSigned } from 'hono/utils/cookie'
import { eq } from 'drizzle-orm'
import { members, sessions, users, workspaces } from '../src/auth/tables.ts'
import { loadConfig } from '../src/config.ts'
import type { Scope } from '../src/context.ts'
import { issueKey } from '../src/keys/service.ts'
import { apiKeys } from '../src/keys/tables.ts'
import { newId } from '../src/lib/ids.ts'
import { newTenant, testEnv, type Tenant } from './helpers.ts'

/** What a request carries to say who it is from. */
export type Credentials = Record<string, string>

const json = { origin: 'https://apiq.test' }

/** Somebody with a session, made without a password: a part in a workspace of their own, a role in the installation. */
export async function personWith(part: 'owner' | 'member' | 'auditor', role: 'USER' | 'ADMIN'): Promise<Credentials> {
  const { db } = (await anyTenant()).ctx
  const [userId, workspaceId, token] = [newId('usr'), newId('wsp'), crypto.randomUUID()]
  const at = { createdAt: new Date(), updatedAt: new Date() }
  const expiresAt = new Date(Date.now() + 3_600_000)
  await db.batch([
    db
      .insert(users)
      .values({ id: userId, name: 'Ada', email: `${userId}@example.com`, emailVerified: true, role, ...at }),
    db.insert(workspaces).values({ id: workspaceId, name: 'Theirs', slug: workspaceId, createdAt: at.createdAt }),
    db.insert(members).values({ id: newId('mem'), workspaceId, userId, role: part, createdAt: at.createdAt }),
    db.insert(sessions).values({ id: newId('ses'), token, userId, expiresAt, ...at }),
  ])
  const cookie = await serializeSigned('apiq.session_token', token, loadConfig(testEnv).authSecret)
  return { ...json, cookie }
}

/** A key of a workspace of its own. */
export async function keyWith(scopes: Scope[]): Promise<Credentials> {
  const { ctx } = await anyTenant()
  const actor = { ...ctx.actor, workspaceId: newId('wsp'), userId: newId('usr') }
  return { 'x-api-key': (await issueKey({ ...ctx, actor }, { name: 'k', scopes, requestsPerMinute: 1000 })).token }
}

/** A key that no longer opens anything, for the reason given. */
export async function deadKey(column: 'expiresAt' | 'revokedAt'): Promise<Credentials> {
  const { ctx } = await anyTenant()
  const { id, token } = await issueKey(ctx, { name: 'k', scopes: ['read', 'write'], requestsPerMinute: 1000 })
  await ctx.db
    .update(apiKeys)
    .set({ [column]: '2020-01-01T00:00:00.000Z' })
    .where(eq(apiKeys.id, id))
  return { 'x-api-key': token }
}

let tenant: Promise<Tenant> | null = null
const anyTenant = () => (tenant ??= newTenant())
