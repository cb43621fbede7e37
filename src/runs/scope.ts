import type { ExpressionScope } from '../steps/expressions.ts'
import type { Step } from '../steps/schema.ts'
import { splitPath, type Frame, type RunState, type StepState } from './machine.ts'
import type { RunRecord } from './record.ts'

/**
 * What the expressions of the step at a path may read: the input, what the steps around it gave so far, and for each
 * loop around it the item and the index.
 */
export function scopeOf(
  record: RunRecord,
  definitions: ReadonlyMap<string, Step>,
  state: RunState,
  path: string,
): ExpressionScope {
  const steps: Record<string, unknown> = {}
  const variables: Record<string, unknown> = {}
  let frame: Frame = state.steps
  for (let rest = path; ;) {
    Object.assign(steps, outputsOf(frame))
    const part = splitPath(rest)
    const loop = frame[part.id]
    const definition = definitions.get(part.id)
    if (part.index === null || loop?.status !== 'open' || definition?.type !== 'loop') break
    variables[definition.as] = loop.items?.[part.index]
    variables['index'] = part.index
    frame = loop.frames[part.index] ?? {}
    rest = part.rest
  }
  const accepted = state.status === 'accepted'
  const startedAt = accepted ? Date.now() : state.startedAt
  const run = { id: record.runId, startedAt: new Date(startedAt).toISOString() }
  return { ...variables, input: accepted ? record.input : state.input, steps, run }
}

function outputsOf(frame: Frame): Record<string, unknown> {
  const entries = Object.entries(frame).flatMap(([id, step]) => {
    const output = outputOf(step)
    return output === undefined ? [] : [[id, output] as const]
  })
  return Object.fromEntries(entries)
}

function outputOf(step: StepState): unknown {
  if (step.status === 'succeeded') return step.output
  if (step.status === 'open') return step.items || step.results.length > 0 ? step.results : undefined
  if (step.status !== 'failed') return undefined
  const { code, message, status } = step.error
  return { error: { code, message, ...(status === undefined ? {} : { status }) } }
}
