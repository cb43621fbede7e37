import type { Endpoint } from '../../catalog/service.ts'
import { resourceOf } from '../../links/slots.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import type { Attempt } from '../plan/attempt.ts'
import { lastOf } from '../rank/profile.ts'
import type { Clause } from '../understand/clause.ts'
import { isNameLike } from '../understand/entity.ts'

/** Whether there is an operation that changes one of what this one adds to: a price is not raised by adding a product. */
export function hasChangingTwin({ effect, path }: Endpoint, candidates: readonly { endpoint: Endpoint }[]): boolean {
  return (
    effect === 'create' &&
    candidates.some(
      ({ endpoint }) =>
        endpoint.effect === 'update' && (isOneOf(endpoint.path, path) || isOneAlike(endpoint.path, path)),
    )
  )
}

/** Whether there is an operation that makes one of what this one changes, where one is to be made: "create a customer". */
export function hasCreatingTwin(
  { head }: Clause,
  { effect, path }: Endpoint,
  candidates: readonly { endpoint: Endpoint }[],
): boolean {
  return (
    effect === 'update' &&
    candidates.some(
      ({ endpoint }) =>
        endpoint.effect === 'create' && isOneOf(path, endpoint.path) && head !== null && lastOf(path).includes(head),
    )
  )
}

/** "Find users in Berlin": whether another attempt reads the same things, and makes use of more that is said. */
export function hasUsingTwin(
  { effect, entities }: Clause,
  { attempt }: { attempt: Attempt },
  answers: readonly { attempt: Attempt }[],
): boolean {
  const unused = entities.filter((entity) => isNameLike(entity) && !attempt.used.has(entity))
  const endpoint = attempt.calls.at(-1)?.endpoint
  if (effect !== 'read' || unused.length === 0 || !endpoint || endpoint.path.includes('{')) return false
  const resource = resourceOf(endpoint.path)
  return answers.some(({ attempt: other }) => {
    const path = other.calls.at(-1)?.endpoint.path ?? ''
    return !path.includes('{') && resourceOf(path) === resource && unused.some((entity) => other.used.has(entity))
  })
}

/** "Delete the label bug from issue 5": whether another attempt takes away or pays for less, by more that is said. */
export function hasNarrowerTwin({ attempt }: { attempt: Attempt }, answers: readonly { attempt: Attempt }[]): boolean {
  const effect = attempt.calls.at(-1)?.endpoint.effect
  if (effect === undefined || !IRREVERSIBLE.has(effect)) return false
  return answers.some(
    ({ attempt: other }) =>
      other.calls.at(-1)?.endpoint.effect === effect &&
      other.used.size > attempt.used.size &&
      [...attempt.used].every((entity) => other.used.has(entity)),
  )
}

/** Whether there is an operation that reads what this one would change: who asks to see orders creates none. */
export function hasReadingTwin(endpoint: Endpoint, candidates: readonly { endpoint: Endpoint }[]): boolean {
  if (endpoint.effect === 'read') return false
  const last = lastOf(endpoint.path).join(' ')
  return candidates.some((other) => other.endpoint.effect === 'read' && lastOf(other.endpoint.path).join(' ') === last)
}

/** Whether a path is that of one thing of the kind that a list elsewhere holds: `/lists/{id}` and `/users/{id}/lists`. */
function isOneAlike(path: string, list: string): boolean {
  return path.endsWith('}') && resourceOf(path) === resourceOf(list)
}

/** Whether a path is that of one thing of a list: `/orders/{id}` of `/orders`. */
function isOneOf(path: string, list: string): boolean {
  return path.startsWith(`${list}/{`) && !path.slice(list.length + 1).includes('/')
}

/** Whether there is an operation that reads one of what this one lists. */
export function hasSingleTwin({ path, effect }: Endpoint, candidates: readonly { endpoint: Endpoint }[]): boolean {
  return (
    effect === 'read' && candidates.some(({ endpoint }) => endpoint.effect === 'read' && isOneOf(endpoint.path, path))
  )
}
