import { atMoment, type ExpressionScope } from '../steps/expression-moment.ts'
import type { StepLookup } from '../steps/paths.ts'
import { splitPath } from './machine/machine.ts'
import type { Frame, RunState, StepState } from './machine/state.ts'
import type { RunRecord } from './record.ts'

/**
 * What the expressions of the step at a path may read: the input, what the steps around it gave so far, and for each
 * loop around it the item and the index. In a workflow that is called there is nothing of what is around the call; a
 * call that has begun reads, for its output, what the steps of that workflow do.
 */
export function scopeOf(record: RunRecord, definitions: StepLookup, state: RunState, path: string): ExpressionScope {
  const accepted = state.status === 'accepted'
  let input = accepted ? record.input : state.input
  let steps: Record<string, unknown> = {}
  let variables: Record<string, unknown> = {}
  let frame: Frame = state.steps
  let at = ''
  for (let rest = path; ;) {
    addOutputs(frame, steps)
    const part = splitPath(rest)
    const around = frame[part.id]
    at += part.id
    const definition = definitions.get(at)
    if (around?.status !== 'open') break
    if (definition?.type === 'workflow') {
      input = { ...around.input }
      steps = {}
      variables = {}
    } else if (part.index !== null && definition?.type === 'loop') {
      variables[definition.as] = around.items?.[part.index]
      variables['index'] = part.index
    } else break
    frame = around.frames[part.index ?? 0] ?? {}
    if (part.index === null) {
      addOutputs(frame, steps)
      break
    }
    at += '.'
    rest = part.rest
  }
  return { ...variables, input, steps, run: runOf(record, accepted ? Date.now() : state.startedAt) }
}

type ShownRun = ExpressionScope['run']

const shownRuns = new WeakMap<RunRecord, { at: number; run: ShownRun }>()

/** What expressions see of the run itself: the same for all its steps. */
function runOf(record: RunRecord, at: number): ShownRun {
  const known = shownRuns.get(record)
  if (known?.at === at) return known.run
  const run = { id: record.runId, startedAt: new Date(at).toISOString() }
  shownRuns.set(record, { at, run })
  return run
}

/**
 * As `scopeOf`, at a moment: the time and chance that expressions have there follow from the run, the step and what of it
 * is evaluated (`what`), so that a replay finds them again.
 */
export function scopeAt(
  record: RunRecord,
  definitions: StepLookup,
  state: RunState,
  { path, what, at }: { path: string; what: string; at: number },
): ExpressionScope {
  const scope = scopeOf(record, definitions, state, path)
  return atMoment(scope, { at, seed: `${record.runId} ${path} ${what}` })
}

/** What of a step is evaluated before it begins; a step that holds others may ask again as it goes on. */
export function askedOf(before: StepState): string {
  return before.status === 'open' ? `goes on ${before.count}` : 'begins'
}

function addOutputs(frame: Frame, steps: Record<string, unknown>): void {
  for (const [id, step] of Object.entries(frame)) {
    const output = outputOf(step)
    if (output !== undefined) steps[id] = output
  }
}

function outputOf(step: StepState): unknown {
  if (step.status === 'succeeded') return step.output
  if (step.status === 'open') return step.items || step.results.length > 0 ? step.results : undefined
  if (step.status !== 'failed') return undefined
  const { code, message, status } = step.error
  return { error: { code, message, ...(status === undefined ? {} : { status }) } }
}
