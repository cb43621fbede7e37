import type { FieldTest } from '../fill/field-test.ts'
import { oppositeOf } from '../fill/field-tests.ts'
import type { Condition, Only, PlannedCall } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { type ItemCondition, readCondition } from './conditions.ts'

/** A condition that a clause has stated, of the whole or of each item of a list; `negated` is "unless". */
export type Stated = { condition: Condition | ItemCondition; negated: boolean }

/** A condition that calls made before can tell of, with nothing in it that has to be looked up first; else null. */
export function conditionOfEarlier(clause: Clause, calls: readonly PlannedCall[]): Stated['condition'] | null {
  const namesNothing = clause.entities.every(({ kind }) => kind === 'number' || kind === 'date')
  if (!clause.refersBack && !namesNothing) return null
  const condition = readCondition(clause, clause.entities, calls)
  const { kind } = condition
  return kind === 'fields' || kind === 'items' || (kind === 'count' && clause.refersBack) ? condition : null
}

/** The calls of a clause that stands under a condition, marked so; those before `first` are of other clauses. */
export function guarded(
  first: number,
  calls: readonly PlannedCall[],
  { guard }: Clause,
  conditions: ReadonlyMap<number, Stated>,
): readonly PlannedCall[] {
  const stated = guard && conditions.get(guard.group)
  if (!guard || !stated) return calls
  const holds = guard.holds !== stated.negated
  const { condition } = stated
  if (condition.kind !== 'items') return onlyIf({ group: guard.group, holds, condition }, first, calls)
  const tests = holds ? condition.tests : oppositeOf(condition.tests)
  if (tests) return ofItems(first, calls, condition.step, tests)
  const text = condition.tests.map(({ words }) => words).join(' and ')
  return onlyIf({ group: guard.group, holds, condition: { kind: 'asked', text } }, first, calls)
}

function onlyIf(only: Only, first: number, calls: readonly PlannedCall[]): readonly PlannedCall[] {
  // To read what need not be read does no harm.
  const isHarmless = calls.slice(first).every(({ endpoint }) => endpoint.effect === 'read')
  if (only.condition.kind === 'asked' && isHarmless) return calls
  return calls.map((call, index) => (index < first ? call : { ...call, only }))
}

/** Calls for each item of a list, made for those only that pass some tests. */
function ofItems(
  first: number,
  calls: readonly PlannedCall[],
  step: number,
  tests: readonly FieldTest[],
): readonly PlannedCall[] {
  return calls.map((call, index) => {
    const { each } = call
    if (index < first || each?.step !== step) return call
    const pick = each.pick ?? { where: [], order: null, limit: null }
    return { ...call, each: { ...each, pick: { ...pick, where: [...pick.where, ...tests] } } }
  })
}
