import { and, eq } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { notFound } from '../errors.ts'
import { requireRunnable } from '../steps/catalogue.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { workflows, workflowVersions } from '../workflows/tables.ts'

/** A workflow ready to be run any number of times: its definition has passed the check. */
export type RunnableWorkflow = { id: string; version: number; definition: WorkflowDefinition; targets: Targets }

/**
 * A workflow with the version asked for, else its current one.
 * @throws AppError NOT_FOUND, INVALID_WORKFLOW when what it calls is no longer there.
 */
export async function loadRunnable(ctx: Ctx, workflowId: string, version?: number): Promise<RunnableWorkflow> {
  const [row] = await ctx.db
    .select({ version: workflowVersions.version, definition: workflowVersions.definition })
    .from(workflows)
    .innerJoin(
      workflowVersions,
      and(
        eq(workflowVersions.workflowId, workflows.id),
        eq(workflowVersions.version, version ?? workflows.currentVersion),
      ),
    )
    .where(and(eq(workflows.workspaceId, ctx.actor.workspaceId), eq(workflows.id, workflowId)))
  if (!row) throw notFound('workflow', workflowId)
  const { targets } = await requireRunnable(ctx, row.definition)
  return { id: workflowId, ...row, targets }
}
