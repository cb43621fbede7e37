import { requireScope, type Ctx } from '../context.ts'
import type { Verdict } from '../steps/checking.ts'
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
  const findings = await reviewAllOf(ctx, definition, workflowId ?? null)
  const count = (verdict: Verdict) => findings.filter((finding) => finding.verdict === verdict).length
  const counts = { proved: count('proved'), wrong: count('wrong'), unproven: count('unproven') }
  return { valid: counts.wrong === 0, counts, findings }
}
