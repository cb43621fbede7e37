import type { Slot } from '../../links/slots.ts'
import type { PlannedCall } from '../plan/planned-call.ts'

const OTHERS = /\b(?:another|other|others|different|second|two|both|each)\b/i

/**
 * Calls that ask but once which thing is meant: "the students and the teachers of a school" are of one school. Where a
 * message speaks of several each call asks for its own.
 */
export function askOnce(message: string, calls: readonly PlannedCall[]): readonly PlannedCall[] {
  if (OTHERS.test(message)) return calls
  return calls.map((call, at) => ({
    ...call,
    bindings: call.bindings.map((binding) => {
      const { slot, source } = binding
      if (source.kind !== 'input' || source.like || !isOfThing(slot)) return binding
      const like = askedFor(slot, call, calls.slice(0, at))
      return like ? { slot, source: { kind: 'input' as const, like } } : binding
    }),
  }))
}

/** The first call of another operation that asks for the same thing, and where. */
function askedFor(slot: Slot, { endpoint }: PlannedCall, earlier: readonly PlannedCall[]) {
  for (const [step, { endpoint: other, bindings }] of earlier.entries()) {
    if (other.connectionId !== endpoint.connectionId || other.id === endpoint.id) continue
    const same = bindings.find(
      ({ slot: { noun, in: place, schema }, source }) =>
        source.kind === 'input' &&
        !source.like &&
        place === 'path' &&
        noun === slot.noun &&
        JSON.stringify(schema['type']) === JSON.stringify(slot.schema['type']),
    )
    if (same) return { step, slot: same.slot }
  }
  return null
}

function isOfThing(slot: Slot): boolean {
  return slot.in === 'path' && slot.noun !== null
}
