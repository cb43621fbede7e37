import { isAtMostOnce } from '../../steps/order.ts'
import type { Step } from '../../steps/schema.ts'
import { listsInside, listsOf } from '../../steps/tree.ts'
import { prefixOf } from './frames.ts'
import type { Frame, Opened, StepState } from './state.ts'

/** Whether a step that fails is gone beyond. */
export function isHandled(step: Step): boolean {
  return step.onError !== undefined && step.onError !== 'fail'
}

/** The steps that make a list fail, and where they hold others those in them, from outside in. */
export function* failedSteps(steps: readonly Step[], frame: Frame, prefix: string): Generator<string> {
  for (const step of steps) {
    const state = frame[step.id]
    if (state?.status === 'failed' && !isHandled(step)) yield `${prefix}${step.id}`
    else if (state?.status !== 'open') continue
    const inside = state.status === 'open' ? state : state.inside
    if (inside) for (const list of listsIn(step, inside, frame, prefix)) yield* failedSteps(...list)
  }
}

/** As `failedSteps`, of what one open step holds. */
export function failedIn(step: Step, inside: Opened, frame: Frame, prefix: string): string[] {
  return listsIn(step, inside, frame, prefix).flatMap((list) => [...failedSteps(...list)])
}

/** The calls and questions in an open step that are out, and those of them that are not to be made again unasked. */
export function outIn(
  step: Step,
  inside: Opened,
  frame: Frame,
  prefix: string,
): { aborted: string[]; uncertain: string[] } {
  const out = listsIn(step, inside, frame, prefix).flatMap((list) => [...runningSteps(...list)])
  return {
    aborted: out.map(({ path }) => path),
    uncertain: out.flatMap(({ step, path }) => (isAtMostOnce(step) ? [path] : [])),
  }
}

function* runningSteps(steps: readonly Step[], frame: Frame, prefix: string): Generator<{ step: Step; path: string }> {
  for (const step of steps) {
    const state: StepState | undefined = frame[step.id]
    if (state?.status === 'running') yield { step, path: `${prefix}${step.id}` }
    if (state?.status !== 'open') continue
    for (const list of listsIn(step, state, frame, prefix)) yield* runningSteps(...list)
  }
}

type Placed = [steps: readonly Step[], frame: Frame, prefix: string]

/** The lists that a step holds, each with the frame that its steps stand in: that of the step itself, or their own. */
function listsIn(step: Step, inside: Opened, frame: Frame, prefix: string): Placed[] {
  if (step.type !== 'loop' && step.type !== 'workflow') return listsOf(step).map((list) => [list, frame, prefix])
  const [list = []] = listsInside(step)
  return Object.entries(inside.frames).map(([index, inner]) => [
    list,
    inner,
    prefixOf(`${prefix}${step.id}`, inside, index),
  ])
}
