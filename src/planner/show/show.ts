import type { Endpoint } from '../../catalog/service.ts'
import type { ConnectionName } from '../../connections/targets.ts'
import { operationName } from '../../specs/operation.ts'
import { hasExpression } from '../../steps/expressions.ts'
import type { ApiCallStep, Step, WorkflowDefinition } from '../../steps/schema.ts'
import { listsOf, walkInside } from '../../steps/tree.ts'
import type { Binding, PlanStep } from '../schema.ts'

const WORDS: Record<Exclude<PlanStep['type'], 'api_call'>, readonly [title: string, reach: string]> = {
  transform: ['Compute the result', 'computed here'],
  condition: ['Decide how to go on', 'decided here'],
  loop: ['Repeat', 'repeats what is in it'],
  parallel: ['At the same time', 'begins what is in it at once'],
  delay: ['Wait', 'waits here'],
  approval: ['Ask for approval', 'waits for a person'],
  ai: ['Ask the model', 'asks the model'],
  workflow: ['Run another workflow', 'runs another workflow'],
}

type Find = (key: string) => { endpoint: Endpoint; connection: ConnectionName } | undefined

/** The steps of a definition as a plan shows them; `find` takes the API's slug and the operation's name. */
export function showDefinition(definition: WorkflowDefinition, find: Find): PlanStep[] {
  return [...walkTimes(definition.steps, 1)].map(([step, times]): PlanStep => {
    if (step.type !== 'api_call') {
      const [title, reach] = WORDS[step.type]
      return {
        id: step.id,
        title: step.name ?? title,
        type: step.type,
        api: null,
        operation: null,
        effect: step.type === 'workflow' ? gravestEffect(step, find) : 'read',
        reach: step.type === 'workflow' && step.callee ? `runs “${step.callee.name}”` : reach,
        bindings: [],
      }
    }
    const found = find(`${step.api} ${step.operation}`)
    const host = found ? new URL(found.connection.baseUrl).host : step.api
    return {
      id: step.id,
      title: (found?.endpoint.summary || (found ? operationName(found.endpoint) : step.operation)).replace(/\.$/, ''),
      type: step.type,
      api: step.api,
      operation: step.operation,
      // An operation that cannot be found is taken for the worst it could be.
      effect: found?.endpoint.effect ?? 'delete',
      reach: `${times === 1 ? '1' : `up to ${times}`} × ${step.operation} at ${host}`,
      bindings: showBindings(step, found?.endpoint),
    }
  })
}

/** Every step before what it holds, with how often it may be carried out. */
function* walkTimes(steps: readonly Step[], times: number): Generator<[step: Step, times: number]> {
  for (const step of steps) {
    yield [step, times]
    const inside = step.type === 'loop' ? times * step.maxIterations : times
    for (const list of listsOf(step)) yield* walkTimes(list, inside)
  }
}

// From what leaves nothing behind to what cannot be taken back.
const GRAVITY: PlanStep['effect'][] = ['read', 'create', 'update', 'message', 'delete', 'pay']

/** The gravest that a called workflow does; one that is not at hand is taken for the worst it could be. */
function gravestEffect(step: Extract<Step, { type: 'workflow' }>, find: Find): PlanStep['effect'] {
  if (!step.callee) return 'delete'
  return gravest(
    [...walkInside(step.callee.steps)].flatMap((inner) =>
      inner.type === 'api_call' ? [find(`${inner.api} ${inner.operation}`)?.endpoint.effect ?? 'delete'] : [],
    ),
  )
}

/** The gravest of effects; of none that nothing is changed. */
export function gravest(effects: readonly PlanStep['effect'][]): PlanStep['effect'] {
  return GRAVITY.findLast((effect) => effects.includes(effect)) ?? 'read'
}

/** How grave the gravest of effects is: 0 where nothing is changed. */
export function gravity(effects: readonly PlanStep['effect'][]): number {
  return GRAVITY.indexOf(gravest(effects))
}

function showBindings(step: ApiCallStep, endpoint: Endpoint | undefined): Binding[] {
  const parameters = Object.entries(step.parameters ?? {}).map(([name, value]): Binding => {
    const place = endpoint?.parameters.find((parameter) => parameter.name === name)?.in ?? 'query'
    return showValue(name, place, value)
  })
  return [...parameters, ...leaves(step.body, []).map(([path, value]) => showValue(path.join('.'), 'body', value))]
}

function showValue(target: string, place: Binding['in'], value: unknown): Binding {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const source = !hasExpression(value) ? 'literal' : /^\{\{\s*input\.\w+\s*\}\}$/.test(text) ? 'input' : 'expression'
  return { target, in: place, source, value: text }
}

function leaves(value: unknown, path: readonly string[]): [readonly string[], unknown][] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null) return [[path, value]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}
