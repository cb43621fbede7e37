import { quote } from '../../links/lists.ts'
import type { ApiCallStep, LoopStep, TransformStep, WorkflowDefinition } from '../../steps/schema.ts'
import type { UndoCall } from './plan-undo.ts'

/** What is gone already needs no deleting. */
const GONE = [404, 410]
// Of one loop.
const MAX_ITERATIONS = 10_000
const MAX_NAME = 200

/** The run that undoes another, as any run is started: what it does, and with what. */
export type UndoWorkflow = { definition: WorkflowDefinition; input: Record<string, unknown> }

/**
 * The workflow that makes the calls of an undo one after the other. The values are its input, which no expression is read
 * from: they come out of answers.
 */
export function undoWorkflow(runId: string, name: string, calls: readonly UndoCall[]): UndoWorkflow {
  const lists = Array.from({ length: Math.ceil(calls.length / MAX_ITERATIONS) }, (_, index) => {
    const from = index * MAX_ITERATIONS
    return loopOver(calls.slice(from, from + MAX_ITERATIONS), index === 0 ? '' : String(index + 1))
  })
  return {
    input: Object.fromEntries(lists.map(({ name, items }) => [name, items])),
    definition: {
      name: `Undo: ${name}`.slice(0, MAX_NAME),
      description: `Takes back what the execution ${runId} created, the last first.`,
      inputs: {
        type: 'object',
        properties: Object.fromEntries(lists.map(({ name }) => [name, { type: 'array', items: { type: 'object' } }])),
        required: lists.map(({ name }) => name),
      },
      steps: lists.map(({ loop }) => loop),
    },
  }
}

/** A loop over calls, and the input that it goes over; `suffix` tells those of several loops apart. */
function loopOver(calls: readonly UndoCall[], suffix: string) {
  const steps = callSteps(calls, suffix)
  const items = calls.map((call) => ({ step: call.step, call: nameOf(call), parameters: call.parameters }))
  const statuses = steps.map(({ id }) => `steps.${id}.status`).join(', ')
  const told: TransformStep = {
    id: `told${suffix}`,
    type: 'transform',
    value: { step: '{{ item.step }}', call: '{{ item.call }}', status: `{{ [${statuses}][0] }}` },
  }
  const name = `calls${suffix}`
  const loop: LoopStep = {
    id: `undo${suffix}`,
    type: 'loop',
    name: 'Take back, the last first',
    items: `{{ input.${name} }}`,
    as: 'item',
    concurrency: 1,
    maxIterations: items.length,
    steps: [...steps, told],
  }
  return { name, items, loop }
}

/** A step for each operation; of several, an item says which is its own. */
function callSteps(calls: readonly UndoCall[], suffix: string): ApiCallStep[] {
  const groups = [...Map.groupBy(calls, nameOf).values()]
  return groups.flatMap((group, index) => {
    const [first] = group
    if (!first) return []
    const { api, operation } = first
    const names = [...new Set(group.flatMap(({ parameters }) => Object.keys(parameters)))]
    const id = `delete${suffix}_${index + 1}`
    return {
      id,
      type: 'api_call' as const,
      api,
      operation,
      ...(groups.length > 1 && { when: `{{ item.call = ${JSON.stringify(nameOf(first))} }}` }),
      parameters: Object.fromEntries(names.map((name) => [name, `{{ item.parameters.${quote(name)} }}`])),
      succeedsOn: GONE,
    }
  })
}

function nameOf({ api, operation }: Pick<UndoCall, 'api' | 'operation'>): string {
  return `${api} ${operation}`
}
