import { referencesOf } from './expressions.ts'
import type { Step } from './schema.ts'

/** Whether a step may run any number of times: it only reads, or only computes. */
export function isSafe(step: Step): boolean {
  return step.type === 'transform' || /^(GET|HEAD) /.test(step.operation)
}

/** The ids of the steps a step refers to; `earlier` are those listed before it, which "steps" as a whole means. */
function referredSteps(step: Step, earlier: readonly string[]): string[] {
  const templates = step.type === 'transform' ? step.value : [step.parameters, step.body]
  const ids = referencesOf(templates).flatMap(([root, id]) =>
    root !== 'steps' ? [] : id === undefined ? earlier : [id],
  )
  return [...ids, ...(step.dependsOn ?? [])]
}

const computed = new WeakMap<readonly Step[], ReadonlyMap<string, readonly string[]>>()

/**
 * For each step, the steps that must have succeeded before it: those it refers to, and for a step with an effect every
 * step listed before it. Safe steps may overtake.
 */
export function dependencies(steps: readonly Step[]): ReadonlyMap<string, readonly string[]> {
  let needs = computed.get(steps)
  if (!needs) {
    needs = new Map(
      steps.map((step, index) => {
        const earlier = steps.slice(0, index).map(({ id }) => id)
        return [step.id, [...new Set([...(isSafe(step) ? [] : earlier), ...referredSteps(step, earlier)])]]
      }),
    )
    computed.set(steps, needs)
  }
  return needs
}
