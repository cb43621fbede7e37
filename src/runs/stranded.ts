import { and, asc, eq, lt } from 'drizzle-orm'
import { systemCtx, type World } from '../context.ts'
import { loadTargets } from '../steps/catalogue.ts'
import { resolveDefinition } from '../workflows/library.ts'
import { workflowVersions } from '../workflows/tables.ts'
import { priorityOf } from './accept.ts'
import { resolveLimits } from './limits.ts'
import { withApprovals } from './policy.ts'
import { stub } from './stub.ts'
import { runLimits, runs } from './tables.ts'

const SETTLED_MS = 60_000
const AT_ONCE = 50

/**
 * Starts the runs that were accepted and never reached their object: the Worker died in between. Those of every
 * workspace; an object that has its run already is merely asked how it is, which takes up again what it lost.
 */
export async function startStrandedRuns(world: World): Promise<void> {
  const before = new Date(world.now() - SETTLED_MS).toISOString()
  const open = await world.db
    .select({
      runId: runs.id,
      workspaceId: runs.workspaceId,
      userId: runs.createdBy,
      input: runs.input,
      trigger: runs.trigger,
      undoes: runs.undoes,
      definition: workflowVersions.definition,
      limits: runLimits,
    })
    .from(runs)
    .innerJoin(
      workflowVersions,
      and(eq(workflowVersions.workflowId, runs.workflowId), eq(workflowVersions.version, runs.workflowVersion)),
    )
    .leftJoin(runLimits, eq(runLimits.workspaceId, runs.workspaceId))
    .where(and(eq(runs.status, 'running'), lt(runs.createdAt, before)))
    .orderBy(asc(runs.id))
    .limit(AT_ONCE)
  for (const run of open) {
    const object = stub(world, run.runId)
    if ((await object.view()) !== null) continue
    world.log.warn('run was accepted and never started', { runId: run.runId })
    const ctx = systemCtx(world, run.workspaceId, run.userId)
    const { linked } = await resolveDefinition(ctx, run.definition)
    const targets = await loadTargets(ctx, linked.steps)
    // Who confirms a plan or undoes a run has confirmed that very run.
    const definition = withApprovals(linked, targets, run.trigger === 'chat' || run.undoes !== null)
    const late = { limits: resolveLimits(run.limits), priority: priorityOf[run.trigger], requestId: world.requestId }
    await object.start({ ...run, ...late, definition }, targets, { waitMs: 0 })
  }
}
