import type { StopSignal } from '../lib/stop.ts'

/** A signal that aborts when a time is up, unless it is taken back before, or when one that it follows does. */
export type Deadline = {
  signal: AbortSignal
  /** Whether it was the time. */
  readonly isUp: boolean
  clear: () => void
}

/** What a timer can be set to. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Calls back when a time is up; what it returns takes that back. */
export type SetAlarm = (ms: number, ring: () => void) => () => void

/** A timer for each. */
const setOwnTimer: SetAlarm = (ms, ring) => {
  const timer = setTimeout(ring, Math.min(ms, LONGEST_TIMER_MS))
  return () => clearTimeout(timer)
}

/**
 * As `AbortSignal.timeout`, which leaves its timer behind until it fires: of those an isolate may have ten thousand, and
 * whoever makes many calls meets that. Following other signals by hand costs half of what `AbortSignal.any` does.
 */
export function startDeadline(
  ms: number,
  followed: readonly (StopSignal | undefined)[] = [],
  setAlarm: SetAlarm = setOwnTimer,
  controller = new AbortController(),
): Deadline {
  let isUp = false
  const takeBack = setAlarm(ms, () => {
    isUp = true
    controller.abort(new DOMException('The time is up.', 'TimeoutError'))
  })
  const follows = followed.flatMap((signal) => {
    if (!signal) return []
    if (signal.aborted) controller.abort(signal.reason)
    const follow = () => controller.abort(signal.reason)
    signal.addEventListener('abort', follow)
    return () => signal.removeEventListener('abort', follow)
  })
  return {
    signal: controller.signal,
    get isUp() {
      return isUp
    },
    clear: () => {
      takeBack()
      for (const unfollow of follows) unfollow()
    },
  }
}
