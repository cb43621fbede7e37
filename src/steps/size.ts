/** Bytes of JSON that one value of a run may have: as much as one answer of an API may. */
export const MAX_VALUE_BYTES = 10_000_000
// UTF-8 takes three bytes for a character at most.
const SURELY_FINE = MAX_VALUE_BYTES / 3

/** Why a value is too large to be kept, or null when it is not. */
export function tooLarge(value: unknown): string | null {
  // Written as JSON, a character becomes six at most.
  if (typeof value === 'string' && value.length * 6 < SURELY_FINE) return null
  const text = JSON.stringify(value) ?? ''
  if (text.length <= SURELY_FINE) return null
  const bytes = new TextEncoder().encode(text).byteLength
  return bytes > MAX_VALUE_BYTES ? `has ${bytes} bytes, and at most ${MAX_VALUE_BYTES} are kept` : null
}
