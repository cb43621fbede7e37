/** A signal that aborts when a time is up, unless it is taken back before. */
export type Deadline = { signal: AbortSignal; clear: () => void }

/**
 * As `AbortSignal.timeout`, which leaves its timer behind until it fires: of those an isolate may have ten thousand, and
 * whoever makes many calls meets that.
 */
export function startDeadline(ms: number): Deadline {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new DOMException('The time is up.', 'TimeoutError')), ms)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}
