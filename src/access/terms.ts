import { eq, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { requireRole, requireScope, type Ctx } from '../context.ts'
import { notFound } from '../errors.ts'
import { workspaces } from '../auth/tables.ts'
import { changeFor } from '../limits/change.ts'
import { workspaceLimits } from '../limits/tables.ts'
import { loadTerms } from '../limits/terms.ts'
import type { TermsChange, WorkspaceTerms } from './terms-schema.ts'

/** What a workspace may use; for whoever runs the deployment. @throws AppError FORBIDDEN, NOT_FOUND */
export async function getTerms(ctx: Ctx, workspaceId: string): Promise<WorkspaceTerms> {
  requireRole(ctx, 'ADMIN')
  const [known] = await ctx.db.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.id, workspaceId))
  if (!known) throw notFound('workspace', workspaceId)
  const { revision: _revision, ...terms } = await loadTerms(ctx.db, workspaceId)
  return { workspaceId, ...terms }
}

/** Puts a workspace on a tier, from the next request on. @throws AppError FORBIDDEN, NOT_FOUND */
export async function setTerms(ctx: Ctx, workspaceId: string, change: TermsChange): Promise<WorkspaceTerms> {
  requireScope(ctx, 'admin')
  await getTerms(ctx, workspaceId)
  const { tier, requestsPerMinute = null, requestsPerDay = null, requestsPerMonth = null } = change
  const terms = { tier, requestsPerMinute, requestsPerDay, requestsPerMonth }
  await changeFor(ctx, workspaceId, () =>
    ctx.db.batch([
      ctx.db
        .insert(workspaceLimits)
        .values({ workspaceId, ...terms, revision: 1 })
        .onConflictDoUpdate({
          target: workspaceLimits.workspaceId,
          set: { ...terms, revision: sql`${workspaceLimits.revision} + 1` },
        }),
      auditRow(ctx, 'workspace.terms', workspaceId, terms),
    ]),
  )
  return getTerms(ctx, workspaceId)
}
