import type { OnError, Retry } from '../../steps/schema.ts'
import { failureStatuses, statusesOf } from './statuses.ts'
import { placedList, tell, type Importing, type Placed } from './importing.ts'
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
}

const MAX_STATUSES = 50
const MAX_ACTIONS = 20
const MAX_ATTEMPTS = 10
const DELAY = { min: 10, max: 3_600_000, unsaid: 1000 }

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
  return all.filter(({ node }) => node['x-apiq-derived'] !== true).slice(0, MAX_ACTIONS)
}

/** What the failure actions of a step say, as its retries and as the way on after a failure. */
export function readFailureActions(
  importing: Importing,
  step: StepPlace,
  actions: readonly Placed[],
): { retry?: Retry; onError?: OnError } {
  const read: { retry?: Retry; onError?: OnError } = {}
  for (const { node, place } of actions) {
    const criteria: unknown[] = Array.isArray(node['criteria']) ? node['criteria'] : []
    if (node['type'] === 'retry') {
      read.retry ??= readRetry(importing, step, { node, place }, criteria)
      continue
    }
    // To end is what a failed step does anyway.
    if (node['type'] === 'end' && criteria.length > 0) continue
    const way = node['type'] === 'end' ? ({ value: 'fail' } as const) : readGoto(step, node, criteria)
    if ('reason' in way) tell(importing, place, way.reason, 'Say in onError of the step how to go on after a failure.')
    else {
      read.onError = way.value
      break
    }
  }
  return read
}

function readGoto(step: StepPlace, node: Record<string, unknown>, criteria: readonly unknown[]): Read<OnError> {
  const target = targetOf(step, node)
  if ('reason' in target) return { reason: `is left out: ${target.reason}` }
  if (criteria.length > 0)
    return { reason: 'is left out: it goes on after some failures only, and a step here after all or none' }
  return typeof target.value === 'string' ? { value: { goto: target.value } } : { value: 'continue' }
}

function readRetry(
  importing: Importing,
  step: StepPlace,
  { node, place }: Placed,
  criteria: readonly unknown[],
): Retry {
  const { retryAfter, retryLimit, stepId, workflowId } = node
  if (workflowId !== undefined || (stepId !== undefined && stepId !== step.node['stepId']))
    tell(
      importing,
      place,
      'does something else before it tries again, which is left out',
      'Put what must be done before the step in front of it.',
    )
  const on = criteria.length === 0 ? [] : (statusesOf(criteria, failureStatuses) ?? [])
  const usable = on.length > 0 && on.length <= MAX_STATUSES
  if (criteria.length > 0 && !usable)
    tell(
      importing,
      [...place, 'criteria'],
      'cannot be told by the status; the step is tried again where a failure usually passes by itself',
      'Name the statuses in retry.on of the step.',
    )
  const limit = typeof retryLimit === 'number' ? Math.max(0, Math.trunc(retryLimit)) : 1
  const delay = typeof retryAfter === 'number' ? Math.round(retryAfter * 1000) : DELAY.unsaid
  return {
    maxAttempts: Math.min(MAX_ATTEMPTS, limit + 1),
    backoff: 'constant',
    delayMs: Math.min(DELAY.max, Math.max(DELAY.min, delay)),
    ...(usable ? { on } : {}),
  }
}

/** The step an action goes to, as the definition calls it; the number of steps where none of those left is. */
export function targetOf(step: StepPlace, node: Record<string, unknown>): Read<string | number> {
  const { stepId, workflowId, type } = node
  if (type !== 'goto') return { reason: `the action ${JSON.stringify(type)} is not known` }
  if (workflowId !== undefined) return { reason: `it goes on in the workflow ${JSON.stringify(workflowId)}` }
  const index = step.order.get(String(stepId))
  if (index === undefined) return { reason: `there is no step ${JSON.stringify(stepId)}` }
  if (index <= step.index) return { reason: `it goes back to the step ${JSON.stringify(stepId)}` }
  return { value: step.ids.slice(index).find((id) => id !== null) ?? step.ids.length }
}
