import { DurableObject } from 'cloudflare:workers'
import { createWorld, systemCtx } from '../context.ts'
import { Watchers } from '../platform/watchers.ts'
import type { Targets } from '../steps/execute.ts'
import { RunDriver, type RunHome } from './driver.ts'
import { EventLog } from './event-log.ts'
import { isFinished, stepAt, type RunEvent } from './machine.ts'
import { toEvent, type Decision } from './outcomes.ts'
import { projectRun } from './projection.ts'
import type { RunRecord, RunSnapshot } from './record.ts'
import { countLife, reopeningOf, type Lives } from './recovery.ts'

const HEARTBEAT_MS = 10_000
const IDLE_MS = 3_600_000
const FLUSH_MS = 50
const MAX_LIVES = 20
// What a timer can be set to.
const MAX_TIMER_MS = 2 ** 31 - 1
const DEADLY = `carrying it on was cut short ${MAX_LIVES} times without a step getting done`

/**
 * One run: its log, its alarm and its watchers around the driver that carries it out. After any death the state is
 * rebuilt from the log. While the run is open an alarm is set, so that a run whose object was evicted or killed comes
 * back by itself.
 */
export class WorkflowRun extends DurableObject<Env> {
  readonly #log: EventLog
  readonly #watchers = new Watchers<RunEvent>()
  readonly #waiting = new Set<() => void>()
  #driver: RunDriver | undefined
  /** Whether this life of the object has been counted; one that started the run itself needs no counting. */
  #counted = false
  #flushTimer: ReturnType<typeof setTimeout> | undefined
  #wakeTimer: ReturnType<typeof setTimeout> | undefined

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#log = new EventLog(state.storage)
    void state.blockConcurrencyWhile(async () => {
      const record = await state.storage.get<RunRecord>('record')
      if (!record) return
      this.#log.load()
      this.#driver = new RunDriver(this.#homeOf(record), record, undefined, this.#log.events)
      if (this.#log.events.length === 0)
        this.#driver.append({ type: 'run.started', at: Date.now(), input: record.input })
    })
  }

  /**
   * Accepts a run and sets it going; returns once it is sure to be carried to its end, and at the latest after `waitMs`
   * once it has ended. `targets` saves the first life of the object from reading them again. Starting twice is starting once.
   */
  async start(record: RunRecord, targets: Targets, waitMs: number): Promise<RunSnapshot> {
    const driver = this.#driver ?? this.#accept(record, targets)
    if (waitMs > 0) await this.wait(waitMs)
    await this.ctx.storage.sync()
    return driver.snapshot
  }

  #accept(record: RunRecord, targets: Targets): RunDriver {
    const driver = new RunDriver(this.#homeOf(record), record, targets)
    this.#driver = driver
    this.#counted = true
    // The first read need not wait for these two; the caller's answer does.
    void this.ctx.storage.put('record', record, { allowUnconfirmed: true })
    void this.ctx.storage.setAlarm(Date.now() + HEARTBEAT_MS, { allowUnconfirmed: true })
    driver.append({ type: 'run.started', at: Date.now(), input: record.input })
    driver.advance()
    return driver
  }

  /** The run as it is now, or null when this object never got one. */
  snapshot(): RunSnapshot | null {
    if (!this.#driver) return null
    this.#driver.resume()
    this.#log.flush()
    return this.#driver.snapshot
  }

  /** The log, from its first event. */
  events(): readonly RunEvent[] {
    this.#log.flush()
    return this.#log.events
  }

  /** Server-sent events after the one numbered `after`; see `Watchers`. */
  watch(after: number): ReadableStream<Uint8Array> {
    this.#driver?.resume()
    this.#log.flush()
    return this.#watchers.watch(this.#log.events, after, this.#isFinished())
  }

  /** Returns when the run is finished, at the latest after `ms`. */
  async wait(ms: number): Promise<void> {
    this.#driver?.resume()
    if (this.#isFinished()) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms)
      const waiting = this.#waiting
      function done() {
        clearTimeout(timer)
        waiting.delete(done)
        resolve()
      }
      waiting.add(done)
    })
  }

  /** Ends a run that is still open: the calls in flight are aborted and nothing more is sent. */
  async cancel(): Promise<boolean> {
    const driver = this.#driver
    if (driver?.state.status !== 'running' && driver?.state.status !== 'paused') return false
    driver.append({ type: 'run.cancelled', at: Date.now() })
    driver.abort()
    await this.#finish(driver)
    return true
  }

  /** Begins nothing more until `resume`; what is out is waited for. */
  async pause(): Promise<boolean> {
    if (this.#driver?.state.status !== 'running') return false
    this.#driver.append({ type: 'run.paused', at: Date.now() })
    await this.#settle()
    return true
  }

  /** Goes on after `pause`. */
  async resume(): Promise<boolean> {
    if (this.#driver?.state.status !== 'paused') return false
    return this.#takeUp(this.#driver, { type: 'run.resumed', at: Date.now() })
  }

  /** Takes a failed run up again at the steps that failed, with other input if it is given. What is done stays done. */
  async reopen(input: Record<string, unknown> | undefined): Promise<boolean> {
    const driver = this.#driver
    if (!driver) return false
    return this.#takeUp(driver, reopeningOf(driver.record.definition, driver.state, input, Date.now()))
  }

  /**
   * Settles a step that waits for a person: an approval, or a call whose outcome a crash left unknown, which is made
   * again, taken as done, or taken as failed.
   */
  async decide(path: string, decision: Decision): Promise<boolean> {
    const driver = this.#driver
    if (!driver || isFinished(driver.state)) return false
    return this.#takeUp(driver, toEvent(path, stepAt(driver.state, path), decision, Date.now()))
  }

  /** Goes on after what somebody decided; the alarm may have been set for far later, when the run waited for them. */
  async #takeUp(driver: RunDriver, event: RunEvent | null): Promise<boolean> {
    if (!event) return false
    driver.append(event)
    await this.ctx.storage.setAlarm(Date.now() + HEARTBEAT_MS)
    await this.#settle()
    driver.resume()
    return true
  }

  override async alarm(): Promise<void> {
    const driver = this.#driver
    if (!driver) return
    if (isFinished(driver.state)) return this.#finish(driver)
    await this.ctx.storage.setAlarm(Date.now() + HEARTBEAT_MS)
    if (await this.#isDeadly(driver)) {
      driver.append({ type: 'run.failed', at: Date.now(), error: { step: null, message: DEADLY } })
      return this.#finish(driver)
    }
    driver.resume()
    // One that waits for a person has nothing to be woken for; whoever decides or resumes brings the alarm near again.
    if (driver.isIdle) await this.ctx.storage.setAlarm(Date.now() + IDLE_MS)
  }

  /**
   * Whether carrying the run on has killed its object again and again without a step getting done, as an expression
   * that never ends does. Counted before the work is taken up, since afterwards may never come.
   */
  async #isDeadly({ record, state }: RunDriver): Promise<boolean> {
    if (this.#counted) return false
    this.#counted = true
    const before = await this.ctx.storage.get<Lives>('lives')
    const counted = countLife(record.definition, state, before, Date.now())
    if (!counted) return false
    await this.ctx.storage.put('lives', counted)
    await this.ctx.storage.sync()
    return counted.lives > MAX_LIVES
  }

  #isFinished(): boolean {
    return this.#driver !== undefined && isFinished(this.#driver.state)
  }

  #homeOf(record: RunRecord): RunHome {
    const defer = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    return {
      ctx: systemCtx(createWorld(this.env, record.requestId, defer), record.workspaceId, record.userId),
      keep: (event) => this.#keep(event),
      settle: () => this.#settle(),
      events: () => this.#log.events,
      takes: () => true,
      wakeAt: (ms) => this.#wakeAt(ms),
      finish: () => (this.#driver ? this.#finish(this.#driver) : Promise.resolve()),
    }
  }

  #keep(event: RunEvent): void {
    const seq = this.#log.append(event)
    if (this.#watchers.any) {
      this.#log.flush()
      this.#watchers.publish(seq, event)
    } else this.#flushTimer ??= setTimeout(() => this.#flush(), FLUSH_MS)
  }

  #flush(): void {
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    this.#log.flush()
  }

  async #settle(): Promise<void> {
    this.#flush()
    await this.ctx.storage.sync()
  }

  #wakeAt(ms: number): void {
    clearTimeout(this.#wakeTimer)
    this.#wakeTimer = setTimeout(() => this.#driver?.advance(), Math.min(ms - Date.now(), MAX_TIMER_MS))
    const [inFlight] = this.#driver?.inFlight ?? []
    if (inFlight === undefined && ms > Date.now() + HEARTBEAT_MS) void this.ctx.storage.setAlarm(ms)
  }

  /** Makes the end durable, tells everybody, and writes it to D1; should D1 fail, the alarm tries again. */
  async #finish({ record, state }: RunDriver): Promise<void> {
    clearTimeout(this.#wakeTimer)
    await this.#settle()
    this.#watchers.close()
    for (const done of this.#waiting) done()
    await projectRun(this.#homeOf(record).ctx, record, state)
    await this.ctx.storage.deleteAlarm()
  }
}
