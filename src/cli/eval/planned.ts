import type { EndpointView } from '../../catalog/schema.ts'
import type { Plan } from '../../planner/schema.ts'
import { hasExpression, referencesOf } from '../../steps/expressions.ts'
import type { Step } from '../../steps/schema.ts'
import { templatesOf, walkSteps } from '../../steps/tree.ts'
import { type Argument, leavesOf } from './arguments.ts'
import type { Flow } from './metrics.ts'

/** A call that a plan makes, with what it is given; what is left to be asked is not given. */
export type PlannedCall = { operation: string; arguments: Argument[] }

/** The calls of a plan in their order, those inside loops and branches among them. */
export function callsOf(plan: Plan, operations: readonly EndpointView[]): PlannedCall[] {
  return [...walkSteps(plan.definition?.steps ?? [])].flatMap((step) => {
    if (step.type !== 'api_call') return []
    const parameters = operations.find(({ method, path }) => step.operation === `${method} ${path}`)?.parameters
    const given = Object.entries(step.parameters ?? {}).flatMap(([name, value]) =>
      leavesOf(value, parameters?.find((parameter) => parameter.name === name)?.in ?? null, name),
    )
    const all = [...given, ...leavesOf(step.body, 'body')]
    return [{ operation: step.operation, arguments: all.filter(({ value }) => !isAsked(value)) }]
  })
}

function isAsked(value: unknown): boolean {
  const references = hasExpression(value) ? referencesOf(value) : []
  return references.length > 0 && references.every(([root]) => root === 'input')
}

/** What flows from call to call in a plan: straight, through a transform, or as the item of a loop. */
export function flowsOf(plan: Plan): Flow[] {
  const steps = [...walkSteps(plan.definition?.steps ?? [])]
  const byId = new Map(steps.map((step) => [step.id, step]))
  const loops = steps.flatMap((step) => (step.type === 'loop' ? [step] : []))
  const sources = (template: unknown, seen: ReadonlySet<Step>): string[] =>
    readsFrom(template).flatMap((from) => {
      if (seen.has(from)) return []
      if (from.type === 'api_call') return [from.operation]
      return templatesOf(from).flatMap((inner) => sources(inner, new Set([...seen, from])))
    })
  const readsFrom = (template: unknown): Step[] => {
    if (!hasExpression(template)) return []
    const named = referencesOf(template).flatMap(([root, id]) => (root === 'steps' ? (byId.get(id ?? '') ?? []) : []))
    // A loop's name for its item is no reference to a step.
    const text = JSON.stringify(template)
    return [...named, ...loops.filter(({ as }) => new RegExp(`(?<![\\w.])${as}\\b`).test(text))]
  }
  return steps.flatMap((step) => {
    if (step.type !== 'api_call') return []
    const given = [...leavesOf(step.parameters, null), ...leavesOf(step.body, 'body')]
    return given.flatMap(({ name, value }) =>
      sources(value, new Set([step])).map((from) => ({ from, to: step.operation, param: name })),
    )
  })
}
