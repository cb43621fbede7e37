import { evaluate } from '../steps/expressions.ts'
import type { StepLookup } from '../steps/paths.ts'
import { tooLarge } from '../steps/size.ts'
import type { RunFailure } from './machine/events.ts'
import { valueOf } from './machine/lists.ts'
import type { RunState } from './machine/state.ts'
import type { RunRecord } from './record.ts'
import { scopeAt } from './scope.ts'

/** What a run whose steps are all done came to: what its definition says, else what its last step gave; `at` is when. */
export async function resultOf(
  record: RunRecord,
  steps: StepLookup,
  state: RunState,
  at: number,
): Promise<{ status: 'succeeded'; output: unknown } | { status: 'failed'; error: RunFailure }> {
  const { definition } = record
  const scope = scopeAt(record, steps, state, { path: '', what: 'output', at })
  try {
    const output =
      definition.output === undefined
        ? valueOf(scope.steps[definition.steps.at(-1)?.id ?? ''])
        : ((await evaluate(definition.output, scope)) ?? null)
    const excess = tooLarge(output)
    if (excess) throw new Error(`the result ${excess}`)
    return { status: 'succeeded', output }
  } catch (error) {
    return { status: 'failed', error: { step: null, message: `output: ${String(error)}` } }
  }
}
