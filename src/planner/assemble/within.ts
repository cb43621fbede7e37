import type { Endpoint } from '../../catalog/service.ts'
import type { Output } from '../../links/outputs.ts'
import { resourceOf, type Slot } from '../../links/slots.ts'
import { IRREVERSIBLE } from '../../specs/effect.ts'
import { asSpoken } from '../language/spoken.ts'
import { isOfCaller } from '../rank/profile.ts'
import type { Clause } from '../understand/clause.ts'
import { type Entity, isNameLike } from '../understand/entity.ts'
import type { Bound, Within } from './search.ts'

// How many calls may stand before one that changes something, to find of what.
const MOST_ADDED = 2
/** The field of an item itself, and not of what it refers to: of any comment the author is nobody in particular. */
export const OF_ITEM = /\[0\]\.[^.]+$/

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

/** Whether an operation answers with what belongs to whoever calls, and that is asked for: "my lists"; with a noun, just those. */
export function isMine(endpoint: Endpoint, { text }: Clause, noun = ''): boolean {
  const said = asSpoken(text)
  const isSaid = noun === '' ? said.includes(' my ') : new RegExp(`\\bmy (?:\\S+ ){0,3}${noun}\\b`, 'u').test(said)
  return isSaid && isOfCaller(endpoint)
}

const MINE = /\b(?:my|me|mine|i)\b/i

/**
 * Whether an operation answers with whoever calls, and they are meant: they say so, or something is made and nobody is named;
 * what is done is done for a user and not to one, and nothing is taken away or paid.
 */
export function isCallers(
  slot: Slot,
  endpoint: Endpoint,
  target: Endpoint,
  { clause, left }: { clause: Clause; left: readonly Entity[] },
): boolean {
  const isFor = !target.path.endsWith(`{${slot.name}}`) || MINE.test(clause.text)
  return (
    !endpoint.path.includes('{') &&
    resourceOf(endpoint.path) === slot.noun &&
    isOfCaller(endpoint) &&
    isFor &&
    !IRREVERSIBLE.has(target.effect) &&
    // Who is told, or whom something is given to, is not whoever asks.
    (MINE.test(clause.text) || (target.effect !== 'read' && slot.in !== 'body' && !left.some(isNameLike)))
  )
}

/** Whether what is to be changed would be found by way of other things: the owner of the first repository that is found. */
export function isFarFetched({ path, fromList }: Output, added: number): boolean {
  return added > MOST_ADDED || (fromList && !OF_ITEM.test(path))
}
