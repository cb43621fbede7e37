import { and, eq, sql } from 'drizzle-orm'
import { auditRow } from '../audit/audit.ts'
import { type Ctx, requireScope } from '../context.ts'
import { notFound } from '../errors.ts'
import { toPage } from '../http/router.ts'
import { newId } from '../lib/ids.ts'
import { containsText } from '../platform/contains-text.ts'
import { keysetOf } from '../platform/keyset.ts'
import { FIRST_VERSION } from '../steps/link.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { requireRunnable, reviewDefinition } from './runnable.ts'
import type { NewWorkflow, WorkflowDetail, WorkflowQuery } from './schema.ts'
import { workflows, workflowVersions } from './tables.ts'

const view = {
  id: workflows.id,
  name: workflows.name,
  version: workflows.currentVersion,
  tags: workflows.tags,
  listed: workflows.listed,
  createdAt: workflows.createdAt,
  updatedAt: workflows.updatedAt,
}

/** What is said of a workflow beside its definition. */
type Told = { tags?: string[]; listed?: boolean }

/** The statements that store a new workflow and its first version, for the caller's batch. */
export function insertWorkflow(ctx: Ctx, id: string, definition: WorkflowDefinition, told: Told = {}) {
  const { workspaceId, userId } = ctx.actor
  const at = new Date(ctx.now()).toISOString()
  const { name } = definition
  return [
    ctx.db.insert(workflows).values({
      id,
      workspaceId,
      name,
      currentVersion: FIRST_VERSION,
      ...told,
      createdBy: userId,
      createdAt: at,
      updatedAt: at,
    }),
    auditRow(ctx, 'workflow.create', id, { name }),
    ctx.db
      .insert(workflowVersions)
      .values({ workflowId: id, version: FIRST_VERSION, workspaceId, definition, createdBy: userId, createdAt: at }),
  ] as const
}

/** The statement that puts a workflow into the list, for the batch of whatever takes it up. */
export function listWorkflow(ctx: Ctx, id: string) {
  return ctx.db
    .update(workflows)
    .set({ listed: true })
    .where(and(eq(workflows.workspaceId, ctx.actor.workspaceId), eq(workflows.id, id)))
}

/** Stores a definition as a new workflow. @throws AppError INVALID_WORKFLOW */
export async function createWorkflow(ctx: Ctx, { definition: given, tags }: NewWorkflow): Promise<WorkflowDetail> {
  requireScope(ctx, 'write')
  const { pinned: definition, findings } = await requireRunnable(ctx, given)
  const id = newId('wfl', ctx.now())
  await ctx.db.batch(insertWorkflow(ctx, id, definition, { tags }))
  const at = new Date(ctx.now()).toISOString()
  return {
    id,
    name: definition.name,
    version: FIRST_VERSION,
    tags,
    listed: true,
    createdAt: at,
    updatedAt: at,
    definition,
    findings,
  }
}

/** The workflows of the workspace, newest first; with `q` those whose name holds it, with `tag` those that have it. */
export async function listWorkflows(ctx: Ctx, { limit, q, tag, listed, ...place }: WorkflowQuery) {
  requireScope(ctx, 'read')
  const { after, order } = keysetOf(workflows.id, place)
  const rows = await ctx.db
    .select(view)
    .from(workflows)
    .where(
      and(
        eq(workflows.workspaceId, ctx.actor.workspaceId),
        eq(workflows.listed, listed),
        q ? containsText(sql`${workflows.name}`, q) : undefined,
        tag ? sql`exists (select 1 from json_each(${workflows.tags}) where value = ${tag})` : undefined,
        after,
      ),
    )
    .orderBy(order)
    .limit(limit + 1)
  return toPage(rows, limit)
}

/** A workflow with its current definition, held against the specifications as they are now. */
export async function getWorkflow(ctx: Ctx, id: string): Promise<WorkflowDetail> {
  requireScope(ctx, 'read')
  const row = await findWorkflow(ctx, id)
  const { findings } = await reviewDefinition(ctx, row.definition, id)
  return { ...row, findings }
}

/** A workflow with its current definition. @throws AppError NOT_FOUND */
export async function findWorkflow(ctx: Ctx, id: string): Promise<Omit<WorkflowDetail, 'findings'>> {
  const [row] = await ctx.db
    .select({ ...view, definition: workflowVersions.definition })
    .from(workflows)
    .innerJoin(
      workflowVersions,
      and(eq(workflowVersions.workflowId, workflows.id), eq(workflowVersions.version, workflows.currentVersion)),
    )
    .where(and(eq(workflows.workspaceId, ctx.actor.workspaceId), eq(workflows.id, id)))
  if (!row) throw notFound('workflow', id)
  return row
}

/** Removes a workflow and its versions; the executions it had stay. */
export async function deleteWorkflow(ctx: Ctx, id: string): Promise<{ id: string; deleted: true }> {
  requireScope(ctx, 'write')
  const [removed] = await ctx.db.batch([
    ctx.db
      .delete(workflows)
      .where(and(eq(workflows.workspaceId, ctx.actor.workspaceId), eq(workflows.id, id)))
      .returning({ id: workflows.id }),
    auditRow(ctx, 'workflow.delete', id),
  ])
  if (removed.length === 0) throw notFound('workflow', id)
  return { id, deleted: true }
}
