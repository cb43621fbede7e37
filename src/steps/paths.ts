import type { Step } from './schema.ts'
import { listsOf } from './tree.ts'

/** The steps of a definition by their path in a run. */
export type StepLookup = { get: (path: string) => Step | undefined }

/**
 * Looks steps up by path: the id; for a step of a loop behind the path of the loop with an index, `refunds[3].refund`;
 * for one of a workflow that is called behind the path of the step that calls it, `invoice.send`. Steps of a condition or
 * a parallel stand beside it. The definition must be linked.
 */
export function stepsByPath(steps: readonly Step[]): StepLookup {
  const byPlace = new Map<string, Step>(placed(steps, ''))
  return { get: (path) => byPlace.get(path) ?? byPlace.get(path.replaceAll(/\[\d+\]/g, '')) }
}

function* placed(steps: readonly Step[], prefix: string): Generator<readonly [place: string, step: Step]> {
  for (const step of steps) {
    const place = `${prefix}${step.id}`
    yield [place, step]
    if (step.type === 'workflow') yield* placed(step.callee?.steps ?? [], `${place}.`)
    else for (const list of listsOf(step)) yield* placed(list, step.type === 'loop' ? `${place}.` : prefix)
  }
}
