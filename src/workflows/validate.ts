import { findCompensations } from '../compensations/find.ts'
import { toStepUndo } from '../compensations/schema.ts'
import { requireScope, type Ctx } from '../context.ts'
import type { Verdict } from '../steps/checking.ts'
import type { Targets } from '../steps/execute.ts'
import type { Step } from '../steps/schema.ts'
import { walkInside } from '../steps/tree.ts'
import { reviewAllOf } from './runnable.ts'
import type { DefinitionToValidate, Validation } from './schema.ts'

/**
 * Everything that the specifications say of a definition that is not stored, place by place. `workflowId` says whose
 * next version it would be, so that a workflow that comes to call itself is found.
 */
export async function validateDefinition(
  ctx: Ctx,
  { definition, workflowId }: DefinitionToValidate,
): Promise<Validation> {
  requireScope(ctx, 'read')
  const { findings, linked, targets } = await reviewAllOf(ctx, definition, workflowId ?? null)
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length
  const counts = { proved: count('proved'), wrong: count('wrong'), unproven: count('unproven') }
  return { valid: counts.wrong === 0, counts, findings, effects: await effectsOf(ctx, linked.steps, targets) }
}

/** What the calls of a list of steps change, and what would take it back. */
async function effectsOf(ctx: Ctx, steps: readonly Step[], targets: Targets): Promise<Validation['effects']> {
  const endpoints = Object.values(targets).map(({ endpoint }) => endpoint)
  const compensationOf = await findCompensations(ctx, endpoints)
  return [...walkInside(steps)].flatMap((step) => {
    if (step.type !== 'api_call') return []
    const { id, api, operation } = step
    const endpoint = targets[`${api} ${operation}`]?.endpoint
    const undo = endpoint && toStepUndo(compensationOf(endpoint))
    return undo ? [{ step: id, operation, effect: endpoint.effect, undo }] : []
  })
}
