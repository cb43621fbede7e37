import type { Ctx, Room, Standing } from '../context.ts'
import type { Me } from './schema.ts'

/** The actor, and where they stand with their limits. */
export function whoAmI({ actor }: Ctx, { tier, rooms }: Standing): Me {
  const { userId, workspaceId, role, kind, scopes, limits } = actor
  const shown = rooms.filter(({ limit }) => limit !== Infinity).map(toLimit)
  const { requestsPerMinute } = limits
  return { userId, workspaceId, role, kind, scopes: [...scopes], requestsPerMinute, tier, limits: shown }
}

function toLimit({ of, span, limit, remaining, resetSeconds }: Room): Me['limits'][number] {
  const whose = of.startsWith('key:') ? 'key' : of.startsWith('user:') ? 'user' : 'workspace'
  const window = span === 'month' ? 'month' : span === 60 ? 'minute' : 'day'
  return { of: whose, window, limit, remaining, resetSeconds }
}
