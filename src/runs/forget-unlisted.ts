import { and, eq, lt, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { systemCtx, type World } from '../context.ts'
import { workflows, workflowVersions } from '../workflows/tables.ts'
import { runs } from './tables.ts'

const KEPT_DAYS = 30
const AT_ONCE = 500

/**
 * Deletes workflows that a question made for its run and nobody took up: not in the list, unchanged and not run for thirty
 * days, with nothing of theirs still open, and not called by another workflow. Their executions stay.
 */
export async function forgetUnlistedWorkflows(world: World): Promise<void> {
  const before = new Date(world.now() - KEPT_DAYS * 86_400_000).toISOString()
  const isRun = sql`exists (select 1 from ${runs} where ${runs.workflowId} = ${workflows.id}
    and (${runs.createdAt} >= ${before} or ${runs.finishedAt} is null))`
  const isCalled = sql`exists (select 1 from ${workflowVersions} where ${workflowVersions.workspaceId} = ${workflows.workspaceId}
    and ${workflowVersions.workflowId} <> ${workflows.id} and instr(${workflowVersions.definition}, ${workflows.id}) > 0)`
  const isForgotten = and(
    eq(workflows.listed, false),
    lt(workflows.updatedAt, before),
    sql`not ${isRun}`,
    sql`not ${isCalled}`,
  )
  const found = await world.db
    .select({ id: workflows.id, workspaceId: workflows.workspaceId })
    .from(workflows)
    .where(isForgotten)
    .limit(AT_ONCE)
  for (const { id, workspaceId } of found) {
    const ctx = systemCtx(world, workspaceId, 'system')
    // Somebody may have taken it up since.
    const isMine = and(eq(workflows.id, id), eq(workflows.workspaceId, workspaceId))
    await world.db.batch([
      world.db.delete(workflows).where(and(isMine, isForgotten)),
      auditRow(ctx, 'workflow.delete', id, { unlisted: true }),
    ])
  }
}
