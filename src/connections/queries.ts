import { and, eq } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { connections } from './tables.ts'

/** Limits a query to one connection of the workspace. */
export function mine(ctx: Ctx, id: string) {
  return and(eq(connections.workspaceId, ctx.actor.workspaceId), eq(connections.id, id))
}
