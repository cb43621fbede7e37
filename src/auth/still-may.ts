import { and, eq, exists, inArray, isNull, ne, type SQL } from 'drizzle-orm'
import { alias } from 'drizzle-orm/sqlite-core'
import type { Ctx } from '../context.ts'
import { apiKeys } from '../keys/tables.ts'
import { SCOPES } from './session.ts'
import { members, users } from './tables.ts'

/**
 * Whether the actor may still do what they might when the request came in, as a condition of the statement that hands
 * some of it on: between the two, they may have been given a lesser part, or their key revoked.
 */
export function stillMay({ db, actor }: Ctx): SQL | undefined {
  if (actor.kind === 'system') return undefined
  if (actor.kind === 'key') {
    const own = alias(apiKeys, 'own')
    const asItWas = and(eq(own.id, actor.id), isNull(own.revokedAt), eq(own.scopes, [...actor.scopes]))
    return exists(db.select({ id: own.id }).from(own).where(asItWas))
  }
  const parts = (Object.keys(SCOPES) as (keyof typeof SCOPES)[]).filter((part) =>
    actor.scopes.every((scope) => (SCOPES[part] as readonly string[]).includes(scope)),
  )
  return exists(
    db
      .select({ id: members.id })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .where(
        and(
          eq(members.userId, actor.userId),
          eq(members.workspaceId, actor.workspaceId),
          inArray(members.role, parts),
          isNull(users.disabledAt),
          ne(users.role, 'AUDITOR'),
        ),
      ),
  )
}
