import { and, eq, lt } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { requireScope, type Ctx } from '../context.ts'
import { AppError, notFound } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { keysetOf } from '../platform/keyset.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { requireRunnable } from './runnable.ts'
import type { Duplicate, VersionQuery, WorkflowChange, WorkflowDetail, WorkflowVersion } from './schema.ts'
import { findWorkflow, getWorkflow, insertWorkflow } from './service.ts'
import { workflows, workflowVersions } from './tables.ts'

/**
 * Changes a workflow: its tags, whether it is listed, or its definition, which becomes the next version; those before it never change.
 * @throws AppError INVALID_WORKFLOW; CONFLICT when it is no longer at `baseVersion`.
 */
export async function changeWorkflow(ctx: Ctx, id: string, change: WorkflowChange): Promise<WorkflowDetail> {
  requireScope(ctx, 'write')
  const { version } = await findWorkflow(ctx, id)
  const { tags, listed = true } = change
  if (change.baseVersion !== undefined && change.baseVersion !== version) throw moved(version)
  if (change.definition) {
    const { pinned } = await requireRunnable(ctx, change.definition, id)
    await storeVersion(ctx, id, version, pinned, { tags, listed })
  } else
    await ctx.db.batch([
      ctx.db
        .update(workflows)
        .set({ listed, updatedAt: iso(ctx), ...(tags && { tags }) })
        .where(mine(ctx, id)),
      auditRow(ctx, 'workflow.update', id, { tags, listed: change.listed }),
    ])
  return getWorkflow(ctx, id)
}

/** The versions of a workflow; a page goes on behind the number of the last one shown. */
export async function listWorkflowVersions(
  ctx: Ctx,
  id: string,
  { limit, cursor, sort }: VersionQuery,
): Promise<{ items: WorkflowVersion[]; nextCursor: string | null }> {
  requireScope(ctx, 'read')
  await findWorkflow(ctx, id)
  const { version, definition, createdBy, createdAt } = workflowVersions
  const { after, order } = keysetOf(version, { sort, cursor: cursor === undefined ? undefined : Number(cursor) })
  const rows = await ctx.db
    .select({ version, definition, createdBy, createdAt })
    .from(workflowVersions)
    .where(and(ofWorkflow(ctx, id), after))
    .orderBy(order)
    .limit(limit + 1)
  const items = rows.slice(0, limit)
  return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.version) : null }
}

/** Makes an earlier definition the current one again, as a version of its own. @throws AppError INVALID_WORKFLOW */
export async function rollBackWorkflow(ctx: Ctx, id: string, to: number): Promise<WorkflowDetail> {
  requireScope(ctx, 'write')
  const { version } = await findWorkflow(ctx, id)
  const [earlier] = await ctx.db
    .select({ definition: workflowVersions.definition })
    .from(workflowVersions)
    .where(and(ofWorkflow(ctx, id), eq(workflowVersions.version, to), lt(workflowVersions.version, version)))
  if (!earlier) throw notFound('earlier version', String(to))
  await requireRunnable(ctx, earlier.definition, id)
  await storeVersion(ctx, id, version, earlier.definition, { rolledBackTo: to })
  return getWorkflow(ctx, id)
}

/** A workflow of its own with the definition that another has now. */
export async function duplicateWorkflow(ctx: Ctx, id: string, { name }: Duplicate): Promise<WorkflowDetail> {
  requireScope(ctx, 'write')
  const { definition, tags, name: old } = await findWorkflow(ctx, id)
  const copy = newId('wfl', ctx.now())
  await ctx.db.batch(
    insertWorkflow(ctx, copy, { ...definition, name: name ?? `${old} (copy)`.slice(0, 200) }, { tags }),
  )
  return getWorkflow(ctx, copy)
}

async function storeVersion(
  ctx: Ctx,
  id: string,
  current: number,
  definition: WorkflowDefinition,
  { tags, listed = true, rolledBackTo }: { tags?: string[] | undefined; listed?: boolean; rolledBackTo?: number },
): Promise<void> {
  const { workspaceId, userId } = ctx.actor
  const version = current + 1
  const createdAt = iso(ctx)
  const stored = ctx.db.batch([
    ctx.db
      .insert(workflowVersions)
      .values({ workflowId: id, version, workspaceId, definition, createdBy: userId, createdAt }),
    auditRow(ctx, 'workflow.update', id, { version, tags, listed, rolledBackTo }),
    ctx.db
      .update(workflows)
      .set({ name: definition.name, currentVersion: version, updatedAt: createdAt, listed, ...(tags && { tags }) })
      .where(mine(ctx, id)),
  ])
  await stored.catch((error: unknown) => {
    // Of two that wrote the same version at once, the key lets one through.
    if (/UNIQUE constraint failed: workflow_versions/.test(`${String(error)} ${String((error as Error).cause)}`))
      throw moved(version)
    throw error
  })
}

function moved(version: number): AppError {
  return new AppError('CONFLICT', `Somebody else changed the workflow: it is at version ${version} now.`)
}

function mine(ctx: Ctx, id: string) {
  return and(eq(workflows.workspaceId, ctx.actor.workspaceId), eq(workflows.id, id))
}

function ofWorkflow(ctx: Ctx, id: string) {
  return and(eq(workflowVersions.workspaceId, ctx.actor.workspaceId), eq(workflowVersions.workflowId, id))
}

function iso(ctx: Ctx): string {
  return new Date(ctx.now()).toISOString()
}
