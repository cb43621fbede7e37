import { quote } from '../../links/lists.ts'
import type { ApiCallStep, LoopStep, TransformStep, WorkflowDefinition } from '../../steps/schema.ts'
import { GONE, type UndoCall } from './plan-undo.ts'

const MAX_NAME = 200
// Where so many fail it is the API that fails, or the credential.
const MAX_FAILURES = 100

/** The run that undoes another, as any run is started: what it does, and with what. */
export type UndoWorkflow = { definition: WorkflowDefinition; input: Record<string, unknown> }

/**
 * The workflow that makes the calls of an undo one after the other, those after one that fails all the same. The values
 * are its input, which no expression is read from: they come out of answers.
 */
export function undoWorkflow(runId: string, name: string, calls: readonly UndoCall[]): UndoWorkflow {
  const { steps, idOf } = callSteps(calls)
  const statuses = steps.map(({ id }) => `steps.${id}.status`).join(', ')
  const told: TransformStep = {
    id: 'told',
    type: 'transform',
    value: { step: '{{ item.step }}', status: `{{ [${statuses}][0] }}` },
  }
  const loop: LoopStep = {
    id: 'undo',
    type: 'loop',
    name: 'Take back, the last first',
    items: '{{ input.calls }}',
    as: 'item',
    concurrency: 1,
    maxIterations: calls.length,
    maxFailures: MAX_FAILURES,
    steps: [...steps, told],
  }
  return {
    input: { calls: calls.map((call) => ({ step: call.step, call: idOf(call), parameters: call.parameters })) },
    definition: {
      name: `Undo: ${name}`.slice(0, MAX_NAME),
      description: `Takes back what the execution ${runId} created, the last first.`,
      inputs: {
        type: 'object',
        properties: { calls: { type: 'array', items: { type: 'object' } } },
        required: ['calls'],
      },
      steps: [loop],
    },
  }
}

/** A step for each operation; of several, an item says which is its own. */
function callSteps(calls: readonly UndoCall[]) {
  const groups = [...Map.groupBy(calls, nameOf)]
  const ids = new Map(groups.map(([name], index) => [name, `delete_${index + 1}`]))
  const idOf = (call: UndoCall) => ids.get(nameOf(call)) ?? ''
  const steps = groups.flatMap(([, group]): ApiCallStep[] => {
    const [first] = group
    if (!first) return []
    const { api, operation } = first
    const names = [...new Set(group.flatMap(({ parameters }) => Object.keys(parameters)))]
    const id = idOf(first)
    return [
      {
        id,
        type: 'api_call',
        api,
        operation,
        ...(groups.length > 1 && { when: `{{ item.call = "${id}" }}` }),
        parameters: Object.fromEntries(names.map((name) => [name, `{{ item.parameters.${quote(name)} }}`])),
        succeedsOn: [...GONE],
      },
    ]
  })
  return { steps, idOf }
}

function nameOf({ api, operation }: UndoCall): string {
  return `${api} ${operation}`
}
