import { type Slot, slotAt, slotsOf } from '../../links/slots.ts'
import type { PlannedCall } from '../plan/planned-call.ts'

/**
 * Calls without the value that a finding of the check points at (`/steps/1/body/amount`): a required one is asked for
 * instead, an optional one is left out. Where nothing is bound and something has to be, that is asked for. Null when there
 * is no such place, or it is asked for already.
 */
export function mend(calls: readonly PlannedCall[], path: string): PlannedCall[] | null {
  const [, list, index, part, ...rest] = path.split('/').map(unescape)
  const call = list === 'steps' ? calls[Number(index)] : undefined
  if (!call || part === undefined) return null
  const there = call.bindings.filter(({ slot }) => isAt(slot, part, rest))
  const binding = there.find(({ source }) => source.kind !== 'input')
  if (!binding) {
    const slot = there.length === 0 ? missingSlot(call, part, rest) : null
    return slot && withBindings(calls, Number(index), [...call.bindings, { slot, source: { kind: 'input' } }])
  }
  const at = call.bindings.indexOf(binding)
  const bindings = binding.slot.required
    ? call.bindings.with(at, { slot: binding.slot, source: { kind: 'input' } })
    : call.bindings.toSpliced(at, 1)
  return withBindings(calls, Number(index), bindings)
}

function withBindings(calls: readonly PlannedCall[], at: number, bindings: PlannedCall['bindings']): PlannedCall[] {
  return calls.map((call, index) => (index === at ? { ...call, bindings } : call))
}

/** What has to stand at a place where nothing does: a parameter, or a member of the body as a whole. */
function missingSlot({ endpoint }: PlannedCall, part: string, rest: readonly string[]): Slot | null {
  if (part === 'body') return slotAt(endpoint, rest)
  return slotsOf(endpoint).find((slot) => part === 'parameters' && isAt(slot, part, rest)) ?? null
}

function isAt(slot: Slot, part: string, rest: readonly string[]): boolean {
  if (part === 'parameters') return slot.in !== 'body' && slot.name === rest[0]
  return (
    part === 'body' &&
    slot.in === 'body' &&
    slot.path.every((key, at) => rest[at] === undefined || rest[at] === String(key))
  )
}

/** A part of a JSON pointer (RFC 6901). */
function unescape(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}
