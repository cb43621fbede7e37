import { stem } from '../../lib/stem.ts'
import { slotKey } from '../../links/slots.ts'
import { fillFromClause } from '../fill/fill.ts'
import type { Filling } from '../fill/filling.ts'
import type { PlannedCall } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import type { Entity } from '../understand/entity.ts'

// Verbs that give what is made one more value: "call it X", "use the password Y".
const GIVES =
  /^\s*(?:(?:please|also|and|let's|let us|for it),?\s+)*(?:use|call|name|title|label|include|set|add|make|put|give|change)\b/i
const GRAVE: ReadonlySet<string> = new Set(['message', 'pay', 'delete'])
const SURE = 0.7
const LONG = 6
const OWNING = new Set(['of', 'by', 'from'])

/**
 * Calls of which the last takes what a clause says besides: "Create a board. Call it 'Plan'". Null where the clause does not
 * speak of that call, says something that it does not take, or says anew what it has already, which asks for another one.
 */
export function amend(calls: readonly PlannedCall[], clause: Clause): readonly PlannedCall[] | null {
  const last = calls.at(-1)
  if (!last || clause.entities.length === 0 || !speaksOn(clause) || clause.entities.some(isOwner)) return null
  const given = new Set(last.bindings.flatMap(({ slot, source }) => (source.kind === 'input' ? [] : [slotKey(slot)])))
  const fillings = fillFromClause(last.endpoint, clause, clause.entities)
  const taken = new Set(fillings.filter((filling) => isMeant(filling, clause)).flatMap(({ entities }) => entities))
  if (fillings.some(({ slot }) => given.has(slotKey(slot))) || !clause.entities.every((entity) => taken.has(entity)))
    return null
  const filled = new Set(fillings.map(({ slot }) => slotKey(slot)))
  const bindings = [
    ...last.bindings.filter(({ slot }) => !filled.has(slotKey(slot))),
    ...fillings.map(({ slot, value }) => ({ slot, source: { kind: 'literal' as const, value } })),
  ]
  return [...calls.slice(0, -1), { ...last, bindings }]
}

/** "Add the songs of Ada": whose what is spoken of is, and no value of what was made. */
function isOwner({ kind, before }: Entity): boolean {
  return kind === 'name' && OWNING.has(before.at(-1) ?? '')
}

function speaksOn({ text, refersBack, effect }: Clause): boolean {
  return GIVES.test(text) || (refersBack && !GRAVE.has(effect))
}

/** Whether a value is quite clear, or its slot is spoken of: "categorize it as …" where there are categories. */
function isMeant({ slot, score }: Filling, { terms }: Clause): boolean {
  return score >= SURE || slot.words.map(stem).some((word) => terms.some((term) => isAlike(term, word)))
}

function isAlike(one: string, other: string): boolean {
  return (
    one === other || (one.length >= LONG && other.startsWith(one)) || (other.length >= LONG && one.startsWith(other))
  )
}
