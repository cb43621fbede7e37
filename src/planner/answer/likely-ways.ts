import type { Answer } from '../plan/attempt.ts'
import type { Way } from '../retrieve/hops.ts'
import type { Candidate } from '../retrieve/retrieve.ts'
import type { Clause } from '../understand/clause.ts'
import { isOrdered } from './pick-answers.ts'

type Found = NonNullable<Answer>

/** How sure each part of a way has to be. */
export const SURE = { thing: 0.2, asked: 0.3, inRole: 0.05, ofRole: 0.1 }

/** "The members of the team night-shift": whether one call has all that it takes from the message, each name in its place. */
export function isToldOutright({ thing }: Way, { attempt }: Found, { entities }: Clause, before: number): boolean {
  const [call, ...more] = attempt.calls.slice(before)
  return (
    call !== undefined &&
    more.length === 0 &&
    thing.clause.order === null &&
    entities.length > 0 &&
    entities.every((entity) => attempt.used.has(entity)) &&
    call.bindings.every(({ source }) => source.kind === 'literal')
  )
}

/** Whether something is to be done, and of what tells to which thing something is left, or has to be said again. */
export function isShort({ kind, asked, many }: Way, { attempt }: Found, { entities }: Clause): boolean {
  if (asked.clause.effect === 'read') return false
  const { bindings = [], endpoint, each } = attempt.calls.at(-1) ?? {}
  if (many && !each) return true
  const isAsked = bindings.some(({ slot, source }) => slot.noun === kind && source.kind === 'input')
  return endpoint?.effect === 'read' || isAsked || entities.some((entity) => !attempt.used.has(entity))
}

/** Whether an answer does what a clause asks for, to just what it tells of, with nothing left to be said. */
export function doesIt({ many }: Way, { attempt }: Found, { entities, order, limit }: Clause, before: number): boolean {
  const added = attempt.calls.slice(before)
  const last = added.at(-1)
  const isPicked = added.some(({ pick }) => pick !== undefined) || isOrdered(attempt, before)
  return (
    last !== undefined &&
    last.endpoint.effect !== 'read' &&
    last.bindings.every(({ source }) => source.kind !== 'input') &&
    (!many || last.each !== undefined) &&
    entities.every((entity) => attempt.used.has(entity)) &&
    ((order === null && limit === null) || isPicked)
  )
}

/** Whether operations are sure enough for both parts to be worth a try. */
export function isLikely({ thing, asked, role }: Way): boolean {
  const most = (candidates: readonly Candidate[]) => Math.max(0, ...candidates.map(({ sure }) => sure))
  return (
    most(thing.candidates) >= (role === null ? SURE.thing : SURE.inRole) && most(asked.candidates) >= leastSure(role)
  )
}

/** How sure what is asked has to be: of somebody who is told by a role, whatever is known of them may tell it. */
export function leastSure(role: string | null): number {
  return role === null ? SURE.asked : SURE.ofRole
}
