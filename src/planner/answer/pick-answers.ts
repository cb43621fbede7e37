import { stem } from '../../lib/stem.ts'
import { listOf } from '../../links/lists.ts'
import { isSort } from '../../links/slot-kinds.ts'
import { resourceOf } from '../../links/slots.ts'
import { readPick, withoutLimit } from '../assemble/pick.ts'
import { isPlainRead } from '../assemble/producers.ts'
import { calledBy } from '../fill/values.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Pick, PlannedCall } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'

/** An attempt whose lists are cut down to what its clause speaks of, as far as the calls do not see to that themselves. */
export function pickAnswers(attempt: Attempt, clause: Clause, first: number): Attempt {
  let result = attempt
  const places = attempt.calls.map((_, at) => at).slice(first)
  // "The order that Ada placed yesterday": a day is that of the order, before it could be that of Ada.
  const isAside = (at: number) => Number(!isAboutHead(attempt.calls[at], clause))
  for (const at of places.toSorted((one, other) => isAside(one) - isAside(other))) {
    const call = result.calls[at]
    if (!call || call.pick || call.each || !isPlainRead(call.endpoint) || !listOf(call.endpoint)) continue
    // What is gone over one by one was picked by what says which ones.
    if (attempt.calls.some(({ each }) => each?.step === at)) continue
    result = pickFrom(result, at, clause, at === attempt.calls.length - 1)
  }
  return withoutUnordered(result, clause, first)
}

/** Whether calls from `first` on put what they list in an order, or ask for it so. */
export function isOrdered({ calls }: Attempt, first: number): boolean {
  return calls
    .slice(first)
    .some(({ pick, bindings }) => pick?.order != null || bindings.some(({ slot }) => isSort(slot)))
}

/** "Cancel the cheapest order", where nothing tells which that is: whoever asks has to say it, for nothing is done to just any. */
function withoutUnordered(attempt: Attempt, clause: Clause, first: number): Attempt {
  const last = attempt.calls.at(-1)
  if (!last || last.each || last.endpoint.effect === 'read' || clause.order === null || isOrdered(attempt, first))
    return attempt
  const isOfFirst = ({ slot, source }: PlannedCall['bindings'][number]) =>
    source.kind === 'step' &&
    source.step >= first &&
    source.path.includes('[0]') &&
    slot.noun !== null &&
    stem(slot.noun.split(' ').at(-1) ?? '') === clause.head
  if (!last.bindings.some(isOfFirst)) return attempt
  const bindings = last.bindings.map((bound) =>
    isOfFirst(bound) ? { ...bound, source: { kind: 'input' as const } } : bound,
  )
  return { ...attempt, calls: [...attempt.calls.slice(0, -1), { ...last, bindings }] }
}

function pickFrom(attempt: Attempt, at: number, clause: Clause, isAnswer: boolean): Attempt {
  const call = attempt.calls[at]
  if (!call) return attempt
  const left = clause.entities.filter((entity) => !attempt.used.has(entity))
  const bound = call.bindings.map(({ slot }) => slot)
  const { pick: read, used, covered, notes } = readPick(call.endpoint, clause, left, bound, calledBy(call.endpoint))
  const pick =
    read && !isAnswer ? forAnother(isAboutHead(call, clause) ? read : { ...read, order: null }, attempt.calls) : read
  if (!pick) return isAnswer ? { ...attempt, assumptions: [...attempt.assumptions, ...notes] } : attempt
  const picked: PlannedCall = { ...call, bindings: withoutLimit(call.bindings, pick), pick }
  return {
    ...attempt,
    calls: attempt.calls.with(at, picked),
    used: new Set([...attempt.used, ...used]),
    covered: new Set([...attempt.covered, ...covered]),
  }
}

/** Whether a call lists what a clause is about. */
function isAboutHead(call: PlannedCall | undefined, { head }: Clause): boolean {
  const things = call ? resourceOf(call.endpoint.path).split(' ') : []
  return head !== null && things.some((word) => stem(word) === head)
}

/** A pick from a list that is read for another call: what that call sets is no test of what there is. */
function forAnother(pick: Pick, calls: readonly PlannedCall[]): Pick | null {
  const set = new Set(
    calls.flatMap(({ bindings }) =>
      bindings.flatMap(({ source }) => (source.kind === 'literal' ? [source.value] : [])),
    ),
  )
  const where = pick.where.filter(({ value }) => !set.has(value))
  return where.length === 0 && pick.order === null ? null : { ...pick, where }
}
