// A value is kept in one row of the run's log, which takes 2 MB.
export const MAX_VALUE_BYTES = 1_500_000

/** Why a value is too large to be kept, or null when it is not. */
export function tooLarge(value: unknown): string | null {
  const bytes = new TextEncoder().encode(JSON.stringify(value) ?? '').byteLength
  return bytes > MAX_VALUE_BYTES ? `has ${bytes} bytes, and at most ${MAX_VALUE_BYTES} are kept` : null
}
