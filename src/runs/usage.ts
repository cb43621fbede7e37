import { limitExceeded, resolveLimits, type RunLimits } from './limits.ts'
import type { RunEvent } from './machine/events.ts'
import type { RunRecord } from './record.ts'

/**
 * Counts what a run uses up as its events come, and holds it against the limits it was accepted under, or those that held
 * when somebody last resumed it.
 */
export class RunUsage {
  #limits: RunLimits
  #steps = 0
  #since = Infinity

  constructor(record: RunRecord) {
    this.#limits = resolveLimits(record.limits)
  }

  /** When the time of the run is up, in milliseconds since 1970. */
  get deadline(): number {
    return this.#since + this.#limits.maxDurationMs
  }

  /** Takes an event into account. Steps and time count anew when somebody takes a failed run up again. */
  count(event: RunEvent): void {
    if (event.type === 'step.started') this.#steps++
    if ((event.type === 'run.resumed' || event.type === 'run.reopened') && event.limits)
      this.#limits = resolveLimits(event.limits)
    if (event.type !== 'run.started' && event.type !== 'run.reopened') return
    this.#steps = 0
    this.#since = event.at
  }

  /** Which limit the run is beyond, or would be with `more` attempts begun. */
  exceeded(bytes: number, now: number, more = 0): string | null {
    return limitExceeded(this.#limits, { steps: this.#steps + more, bytes, since: this.#since }, now)
  }
}
