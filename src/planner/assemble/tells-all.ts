import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { calledBy } from '../fill/values.ts'
import type { Pick, PlannedCall } from '../plan/planned-call.ts'

const COMPARING = new Set(
  'fewer less greater higher lower below above least equal between following'.split(' ').map(stem),
)
const ALIKE = 5

/**
 * Whether every one of some stems has its part in which items of a list are taken: the list is called so, is told it, picks
 * by it, or it is among those `covered`. `more` are further picks from the list.
 */
export function tellsAll(
  terms: readonly string[],
  list: PlannedCall,
  covered: Iterable<string>,
  more: readonly (Pick | null)[] = [],
): boolean {
  const picks = [list.pick ?? null, ...more]
  const tests = picks.flatMap((pick) => pick?.where ?? []).map((test) => `${test.path} ${test.words}`)
  const orders = picks.map((pick) => pick?.order?.words ?? '')
  const bound = list.bindings.map(
    ({ slot, source }) => `${slot.name} ${source.kind === 'literal' ? String(source.value) : ''}`,
  )
  const known = [...calledBy(list.endpoint), ...words([...tests, ...orders, ...bound].join(' '))].map(stem)
  const taken = new Set([...known, ...covered])
  const isTaken = (word: string) =>
    taken.has(word) ||
    COMPARING.has(word) ||
    known.some((other) => word.length >= ALIKE && other.startsWith(word.slice(0, Math.max(ALIKE, word.length - 1))))
  return terms.every(isTaken)
}
