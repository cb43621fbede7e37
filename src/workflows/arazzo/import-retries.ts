import type { Retry } from '../../steps/schema.ts'
import type { StepPlace } from './import-actions.ts'
import { tell, type Importing, type Placed } from './importing.ts'
import { failureStatuses, statusesOf } from './statuses.ts'

const MAX_STATUSES = 50
const MAX_ATTEMPTS = 10
const DELAY = { min: 10, max: 3_600_000, unsaid: 1000 }

/** How the actions of the type `retry` have a step tried again: all in one way, those for other statuses with it. */
export function readRetries(importing: Importing, step: StepPlace, actions: readonly Placed[]): Retry | undefined {
  let retry: Retry | undefined
  for (const action of actions) {
    const another = readRetry(importing, step, action)
    const both = retry && join(retry, another)
    if (both === null)
      tell(
        importing,
        action.place,
        'is left out: a step is tried again in one way, which an action before it says',
        'Give both actions the same retryAfter and retryLimit, and criteria on the status.',
      )
    else retry = both ?? another
  }
  return retry
}

/** Two ways to try again as one; null where they differ in more than the statuses. */
function join(one: Retry, other: Retry): Retry | null {
  if (!one.on || !other.on || one.maxAttempts !== other.maxAttempts || one.delayMs !== other.delayMs) return null
  const on = [...new Set([...one.on, ...other.on])]
  return on.length > MAX_STATUSES ? null : { ...one, on }
}

function readRetry(importing: Importing, step: StepPlace, { node, place }: Placed): Retry {
  const { retryAfter, retryLimit, stepId, workflowId } = node
  if (workflowId !== undefined || (stepId !== undefined && stepId !== step.node['stepId']))
    tell(
      importing,
      place,
      'does something else before it tries again, which is left out',
      'Put what must be done before the step in front of it.',
    )
  const criteria: unknown[] = Array.isArray(node['criteria']) ? node['criteria'] : []
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
  if (limit >= MAX_ATTEMPTS)
    tell(
      importing,
      [...place, 'retryLimit'],
      `is ${limit}; a step is tried again ${MAX_ATTEMPTS - 1} times at most`,
      'Try again less often, with a longer pause.',
    )
  const delay = typeof retryAfter === 'number' ? Math.round(retryAfter * 1000) : DELAY.unsaid
  if (delay > DELAY.max)
    tell(importing, [...place, 'retryAfter'], 'is longer than an hour, which is waited here', 'Add a step that waits.')
  return {
    maxAttempts: Math.min(MAX_ATTEMPTS, limit + 1),
    backoff: 'constant',
    delayMs: Math.min(DELAY.max, Math.max(DELAY.min, delay)),
    ...(usable ? { on } : {}),
  }
}
