import type { Endpoint } from '../catalog/service.ts'
import type { Slot } from '../links/slots.ts'
import type { Source } from './assemble.ts'

type Bound = { slot: Slot; source: Source }

/** An operation that something is to be found for, by its path, with what its parameters are already. */
export type Within = { path: string; bound: ReadonlyMap<string, Bound> }

/** What the parameters are that a path has in common with that of the operation it finds something for: the same owner's. */
export function sharedWith(within: Within | undefined, { path }: Endpoint): [string, Bound][] {
  const isShared = (name: string) =>
    within?.path.startsWith(path.slice(0, path.indexOf(`{${name}}`) + name.length + 2)) === true
  return [...(within?.bound ?? [])].filter(
    ([, { slot }]) => slot.in === 'path' && path.includes(`{${slot.name}}`) && isShared(slot.name),
  )
}

/** Whether a list is the one that an operation's own path goes through: `/shops/{id}/orders` of `/shops/{id}/orders/{id}`. */
export function isAround({ endpoint }: { endpoint: Endpoint }, { path }: Endpoint): boolean {
  return endpoint.path.includes('}') && path.startsWith(`${endpoint.path}/`)
}
