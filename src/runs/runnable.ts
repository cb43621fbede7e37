import { and, eq } from 'drizzle-orm'
import { glanceAtTargets } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { notFound } from '../errors.ts'
import { operationName } from '../specs/operation.ts'
import { operationsOf } from '../steps/catalogue.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { walkSteps } from '../steps/tree.ts'
import { requireRunnable } from '../workflows/runnable.ts'
import { workflows, workflowVersions } from '../workflows/tables.ts'
import { selectAllowance, toAllowance, type Allowance } from './allowance.ts'

/**
 * A workflow ready to be run any number of times: its definition has passed the check and is linked. `allowance` is that
 * of its workspace when it was loaded.
 */
export type RunnableWorkflow = {
  id: string
  version: number
  definition: WorkflowDefinition
  targets: Targets
  allowance: Allowance
}

const MAX_REMEMBERED = 200

/** Workflows that passed the check, by workspace and id; those run longest ago go first. */
const remembered = new Map<string, RunnableWorkflow>()

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
 * before, one round trip tells whether it and all it calls are what they were, and what was checked is not checked anew.
 */
export async function loadCurrent(ctx: Ctx, workflowId: string): Promise<RunnableWorkflow> {
  const key = `${ctx.actor.workspaceId}/${workflowId}`
  const known = remembered.get(key)
  const workflow = (known && (await confirm(ctx, known))) ?? (await loadRunnable(ctx, workflowId))
  remembered.delete(key)
  // Whether what it calls is still there is looked up each time.
  if (!calls(workflow.definition)) remembered.set(key, workflow)
  if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.keys().next().value ?? '')
  return workflow
}

/** The workflow with its connections as they are now, or null when anything else of it has changed. */
async function confirm(ctx: Ctx, known: RunnableWorkflow): Promise<RunnableWorkflow | null> {
  const { definition, targets } = known
  const [[current], seen, allowed] = await ctx.db.batch([
    ctx.db.select({ version: workflows.currentVersion }).from(workflows).where(isWorkflow(ctx, known.id)),
    glanceAtTargets(ctx, operationsOf(definition.steps)),
    selectAllowance(ctx),
  ])
  if (current?.version !== known.version || seen.length !== Object.keys(targets).length) return null
  const confirmed = seen.flatMap((now) => {
    const name = `${now.upstream.slug} ${operationName(now.endpoint)}`
    const then = targets[name]
    if (!then || then.endpoint.manual || stampOf(then) !== stampOf(now)) return []
    // The very same connection keeps what is remembered of it, as its opened credential.
    const upstream = JSON.stringify(then.upstream) === JSON.stringify(now.upstream) ? then.upstream : now.upstream
    return [[name, { ...then, upstream }] as const]
  })
  if (confirmed.length !== seen.length) return null
  return { ...known, targets: Object.fromEntries(confirmed), allowance: toAllowance(allowed) }
}

function calls({ steps }: WorkflowDefinition): boolean {
  return [...walkSteps(steps)].some(({ type }) => type === 'workflow')
}

function stampOf({
  endpoint,
  hash,
}: {
  endpoint: { id: string; effect: string; server: string | null }
  hash: string
}) {
  return `${endpoint.id} ${hash} ${endpoint.effect} ${endpoint.server}`
}

function isWorkflow(ctx: Ctx, id: string) {
  return and(eq(workflows.workspaceId, ctx.actor.workspaceId), eq(workflows.id, id))
}
