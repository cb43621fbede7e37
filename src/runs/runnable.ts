import { and, eq } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import { notFound } from '../errors.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { workflows, workflowVersions } from '../workflows/tables.ts'
import { hasRoom, loadAllowance, selectAllowance, toAllowance, type Allowance } from './allowance.ts'

/**
 * A workflow ready to be run any number of times: its definition has passed the check and is linked. `allowance` is that
 * of its workspace when it was loaded; it is what it was for as long as the workspace is at the same revision.
 */
export type RunnableWorkflow = {
  id: string
  version: number
  definition: WorkflowDefinition
  targets: Targets
  allowance: Allowance
}

const MAX_REMEMBERED = 200
// So long a run may begin to read without asking whether anything has changed; see `loadCurrent`.
const BELIEVED_MS = 2000

/** Workflows that passed the check and when they were last known to be current; those run longest ago go first. */
const remembered = new Map<string, { workflow: RunnableWorkflow; at: number }>()

/**
 * A workflow with the version asked for, else its current one.
 * @throws AppError NOT_FOUND, INVALID_WORKFLOW when what it calls is no longer there.
 */
export async function loadRunnable(ctx: Ctx, workflowId: string, version?: number): Promise<RunnableWorkflow> {
  const [[row], allowed] = await ctx.db.batch([
    ctx.db
      .select({ version: workflowVersions.version, definition: workflowVersions.definition })
      .from(workflows)
      .innerJoin(
        workflowVersions,
        and(
          eq(workflowVersions.workflowId, workflows.id),
          eq(workflowVersions.version, version ?? workflows.currentVersion),
        ),
      )
      .where(isWorkflow(ctx, workflowId)),
    selectAllowance(ctx),
  ])
  if (!row) throw notFound('workflow', workflowId)
  const { linked, targets } = await requireRunnable(ctx, row.definition, workflowId)
  return { id: workflowId, version: row.version, definition: linked, targets, allowance: toAllowance(allowed) }
}

/**
 * The current version, as `loadRunnable` gives it, for workflows that run again and again: where this isolate has run it
 * before, one number tells whether it and all it calls are what they were. Within two seconds not even that is asked: the
 * statement that writes the run looks at the revision, and a run of which it has changed counts for nothing and begins
 * anew (`acceptRun`). What may leave before is a read.
 */
export async function loadCurrent(ctx: Ctx, workflowId: string): Promise<RunnableWorkflow> {
  const known = remembered.get(keyOf(ctx, workflowId))
  if (!known) return loadAnew(ctx, workflowId)
  const { workflow, at } = known
  if (ctx.now() - at < BELIEVED_MS && hasRoom(workflow.allowance)) return workflow
  const asked = ctx.now()
  const allowance = await loadAllowance(ctx)
  return allowance.revision === workflow.allowance.revision
    ? remember(ctx, { ...workflow, allowance }, asked)
    : loadAnew(ctx, workflowId)
}

/** The current version, whatever is remembered of it. */
export async function loadAnew(ctx: Ctx, workflowId: string): Promise<RunnableWorkflow> {
  const asked = ctx.now()
  return remember(ctx, await loadRunnable(ctx, workflowId), asked)
}

/** Takes note that a workflow was current `at` a time; the statement that wrote a run of it has said so. */
export function remember(ctx: Ctx, workflow: RunnableWorkflow, at: number): RunnableWorkflow {
  const key = keyOf(ctx, workflow.id)
  remembered.delete(key)
  remembered.set(key, { workflow, at })
  if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value ?? '')
  return workflow
}

function keyOf(ctx: Ctx, workflowId: string): string {
  return `${ctx.actor.workspaceId}/${workflowId}`
}

function isWorkflow(ctx: Ctx, id: string) {
  return and(eq(workflows.workspaceId, ctx.actor.workspaceId), eq(workflows.id, id))
}
