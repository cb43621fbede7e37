import { findCompensations } from '../compensations/find.ts'
import { toStepUndo } from '../compensations/schema.ts'
import type { Ctx } from '../context.ts'
import { loadTargets } from '../steps/catalogue.ts'
import type { Planned, PlanStep } from './schema.ts'

/** A plan that says of each step with an effect what would take it back, so that this is confirmed with it. */
export async function withUndo<P extends Pick<Planned, 'definition' | 'steps'>>(ctx: Ctx, planned: P): Promise<P> {
  const { definition, steps } = planned
  if (!definition || steps.every(({ effect }) => effect === 'read')) return planned
  const targets = await loadTargets(ctx, definition.steps)
  const compensationOf = await findCompensations(
    ctx,
    Object.values(targets).map(({ endpoint }) => endpoint),
  )
  const undoOf = ({ api, operation }: PlanStep) => {
    const target = targets[`${api} ${operation}`]
    return target ? toStepUndo(compensationOf(target.endpoint)) : null
  }
  return { ...planned, steps: steps.map((step) => ({ ...step, undo: undoOf(step) })) }
}
