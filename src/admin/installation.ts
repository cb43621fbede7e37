import { eq } from 'drizzle-orm'
import { users } from '../auth/tables.ts'
import { requireRole, type Ctx } from '../context.ts'
import { requirePerson } from '../people/proof.ts'

/**
 * For what concerns all workspaces: an auditor of the installation sees it too, and changes nothing. In a workspace somebody
 * may be an auditor who is none here, so the account is asked.
 * @throws AppError FORBIDDEN
 */
export async function requireInstallation(ctx: Ctx): Promise<void> {
  requirePerson(ctx)
  const [user] = await ctx.db.select({ role: users.role }).from(users).where(eq(users.id, ctx.actor.userId))
  if (user?.role !== 'AUDITOR') requireRole(ctx, 'ADMIN')
}
