import { referencesOf } from './expressions.ts'
import type { Step } from './schema.ts'
import { listsInside, templatesOf, walkSteps } from './tree.ts'

/** Whether a step may run any number of times: it only reads, computes or waits, and so does all that is in it. */
export function isSafe(step: Step): boolean {
  if (step.type === 'api_call') return /^(GET|HEAD) /.test(step.operation)
  // What is not known may do anything.
  if (step.type === 'workflow' && !step.callee) return false
  return listsInside(step).every((list) => list.every(isSafe))
}

/** Whether what is listed after a step waits for it whatever it is: that is what a delay or an approval is for. */
function isBarrier(step: Step): boolean {
  return step.type === 'delay' || step.type === 'approval' || listsInside(step).some((list) => list.some(isBarrier))
}

/** The ids of the steps a step refers to; `earlier` are those listed before it, which "steps" as a whole means. */
function referredSteps(step: Step, earlier: readonly string[]): string[] {
  return [...walkSteps([step])].flatMap((inner) => [
    ...referencesOf(templatesOf(inner)).flatMap(([root, id]) =>
      root !== 'steps' ? [] : id === undefined ? earlier : [id],
    ),
    ...(inner.dependsOn ?? []),
  ])
}

const computed = new WeakMap<readonly Step[], ReadonlyMap<string, readonly string[]>>()

/**
 * For each step of a list, the steps of the same list that must be done before it: those it or anything in it refers
 * to; for a step with an effect every step listed before it; the nearest delay or approval before it; and a step before
 * it that may go on beyond it on failure. Safe steps overtake whatever else is listed before them.
 */
export function dependencies(steps: readonly Step[]): ReadonlyMap<string, readonly string[]> {
  let needs = computed.get(steps)
  if (!needs) computed.set(steps, (needs = compute(steps)))
  return needs
}

function compute(steps: readonly Step[]): Map<string, string[]> {
  // A reference to a step within another waits for the other.
  const owners = new Map(steps.flatMap((step) => [...walkSteps([step])].map(({ id }) => [id, step.id] as const)))
  const needs = new Map<string, string[]>()
  const earlier: string[] = []
  let barrier: string | null = null
  let jumps: { from: string; to: string }[] = []
  for (const step of steps) {
    const referred = referredSteps(step, earlier).flatMap((id) => owners.get(id) ?? [])
    const ordered = !isSafe(step) || isBarrier(step) ? earlier : barrier === null ? [] : [barrier]
    const jumped = jumps.map(({ from }) => from)
    needs.set(
      step.id,
      [...new Set([...ordered, ...jumped, ...referred])].filter((id) => id !== step.id),
    )
    jumps = jumps.filter(({ to }) => to !== step.id)
    if (typeof step.onError === 'object') jumps.push({ from: step.id, to: step.onError.goto })
    if (isBarrier(step)) barrier = step.id
    earlier.push(step.id)
  }
  return needs
}

/** Whether a call is not to be made again when its outcome is not known. */
export function isAtMostOnce(step: Step | undefined): boolean {
  return step?.type === 'api_call' && step.atMostOnce === true && !isSafe(step)
}
