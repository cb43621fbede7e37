import type { Endpoint } from '../catalog/service.ts'
import { fillFromClause } from './fill.ts'
import { slotKey, slotsOf } from './slots.ts'
import type { Clause } from './understand.ts'

/**
 * How well the values of a clause fill an operation's slots, each from 0 to 1: `placed` is the share of the clause's
 * entities that go somewhere, `required` the share of the required slots that are filled by them (ids that are looked up
 * are not), `fit` how sure the placed ones are on average. 1 where there is nothing to place or to fill, but for `fit`,
 * which is 0 then. Pure; about 0.4 ms for an operation.
 */
export function valueCoverage(endpoint: Endpoint, clause: Clause): { placed: number; required: number; fit: number } {
  const fillings = fillFromClause(endpoint, clause, clause.entities)
  const used = new Set(fillings.flatMap(({ entities }) => entities))
  const filled = new Set(fillings.map(({ slot }) => slotKey(slot)))
  const required = slotsOf(endpoint).filter((slot) => slot.required)
  const scores = fillings.filter(({ entities }) => entities.length > 0).map(({ score }) => Math.min(1, score))
  const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole)
  return {
    placed: share(clause.entities.filter((entity) => used.has(entity)).length, clause.entities.length),
    required: share(required.filter((slot) => filled.has(slotKey(slot))).length, required.length),
    fit: scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length,
  }
}
