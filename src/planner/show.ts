import type { Endpoint } from '../catalog/service.ts'
import { operationName } from '../specs/operation.ts'
import { hasExpression } from '../steps/expressions.ts'
import type { ApiCallStep, WorkflowDefinition } from '../steps/schema.ts'
import type { ConnectionName } from './compose.ts'
import type { Binding, PlanStep } from './schema.ts'

type Find = (key: string) => { endpoint: Endpoint; connection: ConnectionName } | undefined

/** The steps of a definition as a plan shows them; `find` takes the API's slug and the operation's name. */
export function showDefinition(definition: WorkflowDefinition, find: Find): PlanStep[] {
  return definition.steps.map((step): PlanStep => {
    if (step.type === 'transform') {
      const title = step.name ?? 'Compute the result'
      return {
        id: step.id,
        title,
        type: step.type,
        api: null,
        operation: null,
        effect: 'read',
        reach: 'computed here',
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
      reach: `1 × ${step.operation} at ${host}`,
      bindings: showBindings(step, found?.endpoint),
    }
  })
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
