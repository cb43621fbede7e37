import type { PlannedCall } from './assemble.ts'
import type { Slot } from './slots.ts'

/**
 * Calls without the value that a finding of the check points at (`/steps/1/body/amount`): a required one is asked for
 * instead, an optional one is left out. Null when no binding is at that place, or it is asked for already.
 */
export function mend(calls: readonly PlannedCall[], path: string): PlannedCall[] | null {
  const [, list, index, part, ...rest] = path.split('/').map(unescape)
  const call = list === 'steps' ? calls[Number(index)] : undefined
  if (!call || part === undefined) return null
  const at = call.bindings.findIndex(({ slot, source }) => source.kind !== 'input' && isAt(slot, part, rest))
  const binding = call.bindings[at]
  if (!binding) return null
  const bindings = binding.slot.required
    ? call.bindings.with(at, { slot: binding.slot, source: { kind: 'input' } })
    : call.bindings.toSpliced(at, 1)
  return calls.with(Number(index), { ...call, bindings })
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
