import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm'
import { parseSigned } from 'hono/utils/cookie'
import type { Config } from '../config.ts'
import type { Principal, Scope, World } from '../context.ts'
import { refuseSpent } from '../limits/address.ts'
import { members, sessions, users } from './tables.ts'
import { createWorkspace } from './workspace.ts'

/** What all browsers of a person may ask in a minute, unless an administrator gave them another number. */
const PERSON_PER_MINUTE = 600

/** What somebody may do in a workspace, by their part in it; keys carry scopes of their own. */
export const SCOPES = {
  owner: ['read', 'write', 'execute', 'admin'],
  admin: ['read', 'write', 'execute', 'admin'],
  member: ['read', 'write', 'execute'],
  auditor: ['read'],
} as const satisfies Record<string, readonly Scope[]>

// Tokens of sessions that were over, or whose person was disabled, when this isolate saw them last.
const MAX_SHUT = 1000
const shut = new Set<string>()

type Standing = { role: Principal['role']; part: keyof typeof SCOPES }

/**
 * The principal of the session cookie, or null when there is none that is valid. One query: whoever is disabled, taken
 * out of the workspace or given another role is so on the next request.
 * @throws AppError RATE_LIMITED where it did not open before, and the caller's address has no room left to try it again
 */
export async function authenticateSession(world: World, headers: Headers): Promise<Principal | null> {
  const token = await sessionTokenOf(world, headers)
  if (!token) return null
  if (shut.has(token)) refuseSpent(world)
  const [found] = await world.db
    .select({
      id: sessions.id,
      userId: sessions.userId,
      role: users.role,
      requestsPerMinute: users.requestsPerMinute,
      workspaceId: members.workspaceId,
      part: members.role,
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(members, eq(members.userId, users.id))
    .where(and(eq(sessions.token, token), gt(sessions.expiresAt, new Date(world.now())), isNull(users.disabledAt)))
    // The workspace they chose, if they still belong to it, else the newest they belong to.
    .orderBy(desc(sql`${members.workspaceId} is ${sessions.activeWorkspaceId}`), desc(members.id))
    .limit(1)
  if (!found) {
    if (shut.size >= MAX_SHUT) shut.clear()
    shut.add(token)
    return null
  }
  shut.delete(token)
  const { id, userId, role, part } = found
  return {
    kind: 'session',
    id,
    userId,
    workspaceId: found.workspaceId ?? (await createWorkspace(world, userId)),
    ...standingOf({ role, part: part ?? 'owner' }),
    limits: { requestsPerMinute: found.requestsPerMinute ?? PERSON_PER_MINUTE },
  }
}

/** Auditors, of the installation or of the workspace, read and do nothing else. */
function standingOf({ role, part }: Standing): Pick<Principal, 'role' | 'scopes'> {
  if (role === 'AUDITOR') return { role, scopes: SCOPES.auditor }
  if (part === 'auditor' && role === 'USER') return { role: 'AUDITOR', scopes: SCOPES.auditor }
  return { role, scopes: SCOPES[part] }
}

async function sessionTokenOf({ config }: World, headers: Headers): Promise<string | null> {
  const cookie = headers.get('cookie')
  if (!cookie?.includes('apiq.session_token')) return null
  const name = cookieName(config, 'session_token')
  return (await parseSigned(cookie, config.authSecret, name))[name] || null
}

/** What a cookie of better-auth is called here. */
export function cookieName({ environment }: Config, name: string): string {
  return `${environment === 'dev' ? '' : '__Secure-'}apiq.${name}`
}
