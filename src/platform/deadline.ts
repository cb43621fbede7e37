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
  const deadline = new FollowingDeadline(controller)
  deadline.start(ms, followed, setAlarm)
  return deadline
}

// A class: each call has one, and an object literal with a getter is made anew, property by property, each time.
class FollowingDeadline implements Deadline {
  readonly signal: AbortSignal
  readonly #controller: AbortController
  readonly #unfollow: (() => void)[] = []
  #takeBack: (() => void) | undefined
  #isUp = false

  constructor(controller: AbortController) {
    this.#controller = controller
    this.signal = controller.signal
  }

  get isUp(): boolean {
    return this.#isUp
  }

  start(ms: number, followed: readonly (StopSignal | undefined)[], setAlarm: SetAlarm): void {
    this.#takeBack = setAlarm(ms, () => {
      this.#isUp = true
      this.#controller.abort(new DOMException('The time is up.', 'TimeoutError'))
    })
    for (const signal of followed) if (signal) this.#follow(signal)
  }

  clear(): void {
    this.#takeBack?.()
    for (const unfollow of this.#unfollow) unfollow()
  }

  #follow(signal: StopSignal): void {
    const follow = () => this.#controller.abort(signal.reason)
    if (signal.aborted) follow()
    signal.addEventListener('abort', follow)
    this.#unfollow.push(() => signal.removeEventListener('abort', follow))
  }
}
