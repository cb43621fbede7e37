import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { toPointer } from '../lib/json-pointer.ts'
import { loadTargets } from '../steps/catalogue.ts'
import { checkDefinition, proveDefinition, type Catalogue, type CheckFinding } from '../steps/check.ts'
import type { Targets } from '../steps/execute.ts'
import type { WorkflowDefinition } from '../steps/schema.ts'
import { walkInside } from '../steps/tree.ts'
import { resolveDefinition, type Drafts, type Resolved } from './library.ts'

/** A definition that has been held against what there is, with what its calls call. */
export type Reviewed = Omit<Resolved, 'problems'> & { targets: Targets; findings: CheckFinding[] }

/**
 * Holds a definition against what is connected and stored now. `own` is the id of the workflow it belongs to; `drafts`
 * are stored together with it.
 */
export async function reviewDefinition(
  ctx: Ctx,
  definition: WorkflowDefinition,
  own: string | null = null,
  drafts?: Drafts,
): Promise<Reviewed> {
  const { pinned, linked, problems } = await resolveDefinition(ctx, definition, own, drafts)
  const targets = await loadTargets(ctx, linked.steps)
  const findings = [
    ...problems.map(toFinding),
    ...checkDefinition(linked, catalogueOf(targets)),
    ...needsModel(ctx, linked),
  ]
  return { pinned, linked, targets, findings }
}

/** As `reviewDefinition`, with everything that is proved, and each place of which nobody can say. */
export async function reviewAllOf(ctx: Ctx, definition: WorkflowDefinition, own: string | null): Promise<Reviewed> {
  const { pinned, linked, problems } = await resolveDefinition(ctx, definition, own)
  const targets = await loadTargets(ctx, linked.steps)
  const findings = [
    ...problems.map(toFinding),
    ...proveDefinition(linked, catalogueOf(targets)),
    ...needsModel(ctx, linked),
  ]
  return { pinned, linked, targets, findings }
}

/**
 * As `reviewDefinition`, for a definition about to be stored or run.
 * @throws AppError INVALID_WORKFLOW when anything in it is wrong, MODEL_REQUIRED when all that is wrong is that there is
 * no model to ask.
 */
export async function requireRunnable(
  ctx: Ctx,
  definition: WorkflowDefinition,
  own: string | null = null,
): Promise<Reviewed> {
  const reviewed = await reviewDefinition(ctx, definition, own)
  const wrong = reviewed.findings.filter((finding) => finding.verdict === 'wrong')
  const [first] = wrong
  if (!first) return reviewed
  const code = wrong.every((finding) => finding.code === MODEL_REQUIRED) ? 'MODEL_REQUIRED' : 'INVALID_WORKFLOW'
  throw new AppError(code, `${first.path}: ${first.message}.`, { errors: wrong })
}

/** Looks operations up among targets. */
export function catalogueOf(targets: Targets): Catalogue {
  return (api, operation) => targets[`${api} ${operation}`]?.endpoint
}

const MODEL_REQUIRED = 'model_required'

function needsModel(ctx: Ctx, linked: WorkflowDefinition): CheckFinding[] {
  if (ctx.config.model) return []
  const index = linked.steps.findIndex((step) => [...walkInside([step])].some(({ type }) => type === 'ai'))
  if (index === -1) return []
  const message = 'it asks a model, and none is configured'
  return [{ path: toPointer(['steps', index]), code: MODEL_REQUIRED, message, verdict: 'wrong' }]
}

function toFinding({ path, code, message }: Resolved['problems'][number]): CheckFinding {
  return { path: toPointer(path), code, message, verdict: 'wrong' }
}
