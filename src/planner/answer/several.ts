import { singular } from '../../lib/words.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'

const MOST = 20

/** A clause about several things that are named one by one, of which a call takes only the first. */
export type Several = {
  /** The clause about that one alone. */
  first: Clause
  /** The same of each of the others. */
  others: readonly Clause[]
}

/**
 * "Cancel the orders 5 and 6", where an order is cancelled by a call of its own: what is asked for of each that is left.
 * Null where nothing of a list is left, or where the call is about more than those. Pure.
 */
export function severalOf(clause: Clause, { used, calls }: Attempt): Several | null {
  if (calls.at(-1)?.each) return null
  const lists = Map.groupBy(clause.entities, ({ list }) => list)
  for (const list of lists.values()) {
    const [first, ...others] = list
    if (!first || others.length === 0 || list.length > MOST || !namesOne(first, clause)) continue
    if (!used.has(first) || others.some((other) => used.has(other))) continue
    const about = (entity: Entity): Clause => ({
      ...clause,
      entities: clause.entities.flatMap((each) => (each === first ? [entity] : others.includes(each) ? [] : [each])),
    })
    return { first: about(first), others: others.map((other) => about(inPlaceOf(first, other))) }
  }
  return null
}

/** Whether an entity may stand for one thing that something is done to; in "films with Ada and Bob" both are in each. */
function namesOne(entity: Entity, { effect }: Clause): boolean {
  const { kind, money, percent } = entity
  if (kind === 'number') return !money && !percent
  if (kind !== 'email' && kind !== 'name' && kind !== 'quoted') return kind === 'id'
  return effect !== 'read' || isOneOfSeveral(entity)
}

/** "The birthdays of Ada and Bob", "the films Jaws and Alien": what is asked for of each, or each is one of what is said. */
function isOneOfSeveral({ before }: Entity): boolean {
  const last = before.at(-1) ?? ''
  return last === 'of' || last === 'are' || singular(last) !== last
}

/** An entity as if it stood where another does: "orders" is said of all that follow. */
function inPlaceOf({ before, lead, list }: Entity, other: Entity): Entity {
  return { ...other, before, lead, list }
}
