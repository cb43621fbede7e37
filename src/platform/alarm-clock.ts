import { LONGEST_TIMER_MS, type SetAlarm } from './deadline.ts'

type Alarm = { at: number; ring: () => void }

/**
 * Any number of alarms on one timer, set for the first of them. Of a chain of calls each has its time limit, and hardly
 * one comes to its end: to set and take back a timer for each is dear, and here nothing is set while the one before runs.
 * A timer belongs to the request or object that set it, so each has a clock of its own.
 */
export class AlarmClock {
  readonly #alarms = new Set<Alarm>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #setFor = Infinity

  /** Sets an alarm; what it returns takes it back. */
  readonly set: SetAlarm = (ms, ring) => {
    const alarm = { at: Date.now() + ms, ring }
    this.#alarms.add(alarm)
    this.#setTimer(alarm.at)
    return () => void this.#alarms.delete(alarm)
  }

  #setTimer(at: number): void {
    if (at >= this.#setFor) return
    clearTimeout(this.#timer)
    this.#setFor = at
    this.#timer = setTimeout(() => this.#ring(), Math.min(at - Date.now(), LONGEST_TIMER_MS))
  }

  #ring(): void {
    this.#setFor = Infinity
    const now = Date.now()
    const due = [...this.#alarms].filter(({ at }) => at <= now)
    for (const alarm of due) this.#alarms.delete(alarm)
    const next = Math.min(...[...this.#alarms].map(({ at }) => at))
    if (next < Infinity) this.#setTimer(next)
    for (const { ring } of due) ring()
  }
}

/** A clock that is there once an alarm is set: most requests set none. */
export function alarmOnDemand(): SetAlarm {
  let clock: AlarmClock | undefined
  return (ms, ring) => (clock ??= new AlarmClock()).set(ms, ring)
}
