import { findTargets, type OperationRef } from '../connections/targets.ts'
import type { Ctx } from '../context.ts'
import { AppError } from '../errors.ts'
import { operationName } from '../specs/operation.ts'
import { checkDefinition, type CheckFinding } from './check.ts'
import type { Targets } from './execute.ts'
import type { Step, WorkflowDefinition } from './schema.ts'
import { walkSteps } from './tree.ts'

/** A definition that has passed the check, with what its calls call. */
export type Runnable = { targets: Targets; findings: CheckFinding[] }

/** Every operation that a list of steps calls, once. */
export function operationsOf(steps: readonly Step[]): OperationRef[] {
  const refs = new Map<string, OperationRef>()
  for (const step of walkSteps(steps)) {
    if (step.type !== 'api_call') continue
    const [method = '', path = ''] = step.operation.split(' ', 2)
    refs.set(`${step.api} ${step.operation}`, { api: step.api, method, path })
  }
  return [...refs.values()]
}

/** The targets of every call in a list of steps. */
export async function loadTargets(ctx: Ctx, steps: readonly Step[]): Promise<Targets> {
  const found = await findTargets(ctx, operationsOf(steps))
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
