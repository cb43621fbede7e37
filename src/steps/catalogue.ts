import { findTargets } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition, type CheckFinding } from './check.ts'
import type { Targets } from './execute.ts'
import type { Step, WorkflowDefinition } from './schema.ts'
import { walkSteps } from './tree.ts'

/** A definition that has passed the check, with what its calls call. */
export type Runnable = { targets: Targets; findings: CheckFinding[] }

/** The targets of every call in a list of steps. */
export async function loadTargets(ctx: Ctx, steps: readonly Step[]): Promise<Targets> {
  const wanted = [...walkSteps(steps)].flatMap((step) => {
    if (step.type !== 'api_call') return []
    const [method = '', path = ''] = step.operation.split(' ', 2)
    return [{ api: step.api, method, path }]
  })
  const found = await findTargets(ctx, wanted)
  return Object.fromEntries(
    found.map((target) => [`${target.upstream.slug} ${operationName(target.endpoint)}`, target]),
  )
}

/** Holds a definition against what is connected now. */
export async function reviewDefinition(ctx: Ctx, definition: WorkflowDefinition): Promise<Runnable> {
  const targets = await loadTargets(ctx, definition.steps)
  return {
    targets,
    findings: checkDefinition(definition, (api, operation) => targets[`${api} ${operation}`]?.endpoint),
  }
}

/** As `reviewDefinition`, for a definition about to be stored or run. @throws AppError INVALID_WORKFLOW when anything in it is wrong. */
export async function requireRunnable(ctx: Ctx, definition: WorkflowDefinition): Promise<Runnable> {
  const runnable = await reviewDefinition(ctx, definition)
  const wrong = runnable.findings.filter((finding) => finding.verdict === 'wrong')
  const [first] = wrong
  if (first) throw new AppError('INVALID_WORKFLOW', `${first.path}: ${first.message}.`, { errors: wrong })
  return runnable
}
