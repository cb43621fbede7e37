import { AppError } from '../../errors.ts'
import { isRecord } from './json-schema.ts'
import { placedList, tell, textOf, type Importing, type Placed } from './importing.ts'
import type { ExpressionContext, Read } from './runtime.ts'

/** A step of the document on its way in, with those around it. */
export type StepPlace = Placed & {
  /** What it is called in the definition. */
  id: string
  /** Its place among the steps of the workflow. */
  index: number
  context: ExpressionContext
  /** The places of all steps of the workflow by stepId. */
  order: ReadonlyMap<string, number>
  /** What the steps of the workflow are called in the definition, by place; null for those left out. */
  ids: readonly (string | null)[]
  /** All ids that the definition has so far. */
  taken: Set<string>
}

const MAX_ACTIONS = 20
// Each becomes a compiled expression.
const MAX_READ = 10_000

/**
 * Actions of a step, and those of its workflow that it does not replace by one of the same name. Those that an export
 * derived from conditions are not read: the conditions stand beside them.
 */
export function actionsOf(importing: Importing, step: Placed, workflow: Placed, kind: 'Success' | 'Failure'): Placed[] {
  const [ofStep, ofWorkflow] =
    kind === 'Success' ? (['onSuccess', 'successActions'] as const) : (['onFailure', 'failureActions'] as const)
  const own = placedList(importing, step.node[ofStep], [...step.place, ofStep])
  const names = new Set(own.map(({ node }) => node['name']))
  const shared = placedList(importing, workflow.node[ofWorkflow], [...workflow.place, ofWorkflow])
  const all = [...own, ...shared.filter(({ node }) => !names.has(node['name']))]
  const [first, ...rest] = all.filter(({ node }) => node['x-apiq-derived'] !== true).slice(MAX_ACTIONS)
  if (first)
    tell(importing, first.place, `is left out with the ${rest.length} after it`, `Use at most ${MAX_ACTIONS} actions.`)
  const read = all.filter(({ node }) => node['x-apiq-derived'] !== true).slice(0, MAX_ACTIONS)
  for (const { node } of read)
    importing.read.actions += 1 + (Array.isArray(node['criteria']) ? node['criteria'].length : 0)
  if (importing.read.actions <= MAX_READ) return read
  throw new AppError(
    'ARAZZO_INVALID',
    `The steps of the document have more than ${MAX_READ} actions and criteria, those that they share counted at each.`,
  )
}

/** The step an action goes to, as the definition calls it; the number of steps where none of those left is. */
export function targetOf(step: StepPlace, node: Record<string, unknown>): Read<string | number> {
  const { stepId, workflowId, type } = node
  if (type !== 'goto') return { reason: `the action ${JSON.stringify(type)} is not known` }
  if (workflowId !== undefined) return { reason: `it goes on in the workflow ${JSON.stringify(workflowId)}` }
  const index = step.order.get(textOf(stepId))
  if (index === undefined) return { reason: `there is no step ${JSON.stringify(stepId)}` }
  if (index <= step.index) return { reason: `it goes back to the step ${JSON.stringify(stepId)}` }
  return { value: step.ids.slice(index).find((id) => id !== null) ?? step.ids.length }
}

/** An action in words. */
export function describeAction(node: Record<string, unknown>): string {
  const criteria: unknown[] = Array.isArray(node['criteria']) ? node['criteria'] : []
  const when = criteria.filter(isRecord).map(({ condition }) => textOf(condition))
  const what = node['type'] === 'end' ? 'end' : `go to ${textOf(node['stepId'] ?? node['workflowId'])}`
  return when.length === 0 ? what : `${what} when ${when.join(' and ')}`
}
