import { and, eq, sql } from 'drizzle-orm'
import type { Ctx } from '../context.ts'
import {
  calleeKey,
  FIRST_VERSION,
  linkDefinition,
  MAX_DEPTH,
  workflowSteps,
  type Library,
  type LinkProblem,
} from '../steps/link.ts'
import type { Step, WorkflowDefinition } from '../steps/schema.ts'
import { mapLists } from '../steps/tree.ts'
import { workflows, workflowVersions } from './tables.ts'

// The record of a run holds them all, and is one value of the object's storage.
const MAX_CHARS = 500_000

/** A definition with the workflows that it calls. */
export type Resolved = {
  /** With each version that it calls named: to be stored. */
  pinned: WorkflowDefinition
  /** With what it calls in it: to be checked and run. */
  linked: WorkflowDefinition
  problems: LinkProblem[]
}

/** Workflows about to be stored together, pinned, by the id that each gets. */
export type Drafts = ReadonlyMap<string, WorkflowDefinition>

/**
 * Looks up the workflows of the workspace that a definition calls, and those that they call. A call that names no
 * version gets the current one. `own` is the id of the workflow whose definition it is; `drafts` count as stored.
 */
export async function resolveDefinition(
  ctx: Ctx,
  definition: WorkflowDefinition,
  own: string | null = null,
  drafts: Drafts = new Map(),
): Promise<Resolved> {
  const library = new Map<string, WorkflowDefinition>()
  const current = new Map<string, number>()
  const asked = new Set<string>()
  let chars = 0
  let wanted = callsOf(definition.steps)
  // One deeper than may be called, so that it is told what is too deep.
  for (let depth = 0; depth <= MAX_DEPTH && wanted.length > 0 && chars <= MAX_CHARS; depth++) {
    for (const call of wanted) asked.add(nameOf(call))
    for (const row of [...draftsAmong(wanted, drafts), ...(await findVersions(ctx, wanted))]) {
      if (row.version === row.current) current.set(row.id, row.version)
      const key = calleeKey(row.id, row.version)
      if (!library.has(key)) chars += JSON.stringify(row.definition).length
      library.set(key, row.definition)
    }
    wanted = [...library.values()].flatMap(({ steps }) => callsOf(steps)).filter((call) => !asked.has(nameOf(call)))
  }
  const pinned = { ...definition, steps: pinVersions(definition.steps, current) }
  if (chars <= MAX_CHARS) return linkAll(pinned, library, own)
  const message = `the workflows that it calls have more than ${MAX_CHARS} characters`
  return { pinned, linked: pinned, problems: [{ path: ['steps'], code: 'too_large', message }] }
}

function linkAll(pinned: WorkflowDefinition, library: Library, own: string | null): Resolved {
  const { definition, problems } = linkDefinition(pinned, library, own)
  return { pinned, linked: definition, problems }
}

type Call = { workflowId: string; version: number | null }

function callsOf(steps: readonly Step[]): Call[] {
  return [...workflowSteps(steps)].map(({ step }) => ({ workflowId: step.workflowId, version: step.version ?? null }))
}

function nameOf({ workflowId, version }: Call): string {
  return `${workflowId}@${version ?? 'current'}`
}

function draftsAmong(calls: readonly Call[], drafts: Drafts) {
  return calls.flatMap(({ workflowId: id, version }) => {
    const definition = drafts.get(id)
    const stored = { id, current: FIRST_VERSION, version: FIRST_VERSION, definition }
    return definition && (version ?? FIRST_VERSION) === FIRST_VERSION ? [{ ...stored, definition }] : []
  })
}

function findVersions(ctx: Ctx, calls: readonly Call[]) {
  const { workspaceId } = ctx.actor
  const wanted = sql`(select value ->> 'workflowId', coalesce(value ->> 'version', ${workflows.currentVersion}) from json_each(${JSON.stringify(calls)}))`
  return ctx.db
    .select({
      id: workflows.id,
      current: workflows.currentVersion,
      version: workflowVersions.version,
      definition: workflowVersions.definition,
    })
    .from(workflows)
    .innerJoin(workflowVersions, eq(workflowVersions.workflowId, workflows.id))
    .where(
      and(eq(workflows.workspaceId, workspaceId), sql`(${workflows.id}, ${workflowVersions.version}) in ${wanted}`),
    )
}

function pinVersions(steps: readonly Step[], current: ReadonlyMap<string, number>): Step[] {
  return steps.map((step) => {
    if (step.type !== 'workflow') return mapLists(step, (list) => pinVersions(list, current))
    const version = step.version ?? current.get(step.workflowId)
    return version === undefined ? step : { ...step, version }
  })
}
