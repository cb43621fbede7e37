import type { Step } from '../../steps/schema.ts'
import type { Frame } from './state.ts'

/** The steps that a failed one before them goes on beyond. */
export function jumpedOver(steps: readonly Step[], frame: Frame): Set<string> {
  const jumped = new Set<string>()
  steps.forEach((step, at) => {
    if (typeof step.onError !== 'object' || frame[step.id]?.status !== 'failed') return
    const { goto } = step.onError
    for (const between of steps.slice(at + 1)) {
      if (between.id === goto) break
      jumped.add(between.id)
    }
  })
  return jumped
}

/** What one step came to; null where it did not. */
export function outputOf(step: Step | undefined, frame: Frame): unknown {
  const state = step && frame[step.id]
  return state?.status === 'succeeded' ? state.output : null
}

/** What a list of steps came to: the output of the last step that ran. */
export function lastOutput(steps: readonly Step[], frame: Frame): unknown {
  for (const step of steps.toReversed()) {
    const state = frame[step.id]
    if (state?.status === 'succeeded') return state.output
  }
  return null
}

/** What a step's output is worth as the result of a run or of a workflow that is called: of a call, its body. */
export function valueOf(output: unknown): unknown {
  if (typeof output === 'object' && output !== null && 'status' in output && 'body' in output) return output.body
  return output ?? null
}
