import type { AuditRow } from '../audit/audit.ts'
import { createWorld, type Ctx, systemCtx } from '../context.ts'
import type { StopSignal } from '../lib/stop.ts'
import { AlarmClock } from '../platform/alarm-clock.ts'
import { LONGEST_TIMER_MS } from '../platform/deadline.ts'
import type { Targets } from '../steps/execute.ts'
import type { PreparedStep, StepResult } from '../steps/result.ts'
import type { Acceptance } from './accept.ts'
import { RunAcceptance } from './acceptance.ts'
import { type Asked, AskedOfRun } from './asked.ts'
import { RunDriver, type RunHome } from './driver.ts'
import { isForQueue } from './for-queue.ts'
import type { RunEvent, StepEvent } from './machine/events.ts'
import { isFinished } from './machine/machine.ts'
import type { Attempt } from './perform.ts'
import { projectNeed, projectRun } from './projection.ts'
import { QueuedCalls } from './queued-calls.ts'
import { sendTickets } from './queued-steps.ts'
import type { RunRecord } from './record.ts'
import type { Refusal } from './register/conditions.ts'
import { DEADLY, RunLives } from './run-lives.ts'
import { RunStore } from './run-store.ts'
import { type RunView, shownStatus, viewOf } from './view.ts'

const HEARTBEAT_MS = 10_000
const IDLE_MS = 3_600_000
/** So long it is believed that a call is out elsewhere: it takes 30 s at most, one with a time limit of its own 60. */
export const ELSEWHERE_MS = 60_000

/** Where the object keeps the audit row of who cancelled the run. */
const CANCEL = 'cancel'

/** What a run goes on from that began elsewhere: its log, and the steps whose calls are still out there. */
export type Handed = { events: RunEvent[]; running: string[] }

/** With `accepted`, the object has the run taken down itself. */
export type StartOptions = { waitMs: number; accepted?: Acceptance; handed?: Handed }

/**
 * Keeps a run going in its object: the driver, its home, and the alarm. After any death the state is rebuilt from the log.
 * While the run is open an alarm is set, so that a run whose object was evicted or killed comes back by itself.
 */
export class RunKeeper {
  readonly store: RunStore
  readonly queued = new QueuedCalls(async (tickets, delaySeconds) => {
    if (this.#driver) await sendTickets(this.#ctxOf(this.#driver.record), this.#driver.record, tickets, delaySeconds)
  })
  readonly #state: DurableObjectState
  readonly #env: Env
  readonly #acceptance: RunAcceptance
  readonly #lives: RunLives
  readonly #asked: AskedOfRun
  /** One timer for who waits and for the time limits of all calls. */
  readonly #clock = new AlarmClock()
  #ctx: Ctx | undefined
  readonly #waiting = new Set<() => void>()
  #isEnding = false
  #driver: RunDriver | undefined
  /** Steps that somebody else carries out, and until when that is believed. */
  readonly #elsewhere = new Map<string, number>()
  #wakeTimer: ReturnType<typeof setTimeout> | undefined

  constructor(state: DurableObjectState, env: Env) {
    this.#state = state
    this.#env = env
    this.store = new RunStore(state)
    this.#acceptance = new RunAcceptance(state.storage, this.store)
    this.#lives = new RunLives(state.storage)
    this.#asked = new AskedOfRun(state.storage.kv)
  }

  /** The run, if this object has one. */
  get driver(): RunDriver | undefined {
    return this.#driver
  }

  get isOver(): boolean {
    return this.#driver !== undefined && isFinished(this.#driver.state)
  }

  /** Takes up what an earlier life of the object kept; at once, for every run waits for its object to be made. */
  load(): void {
    const { kv } = this.#state.storage
    const record = kv.get<RunRecord>('record')
    if (!record) return
    const accepted = kv.get<Acceptance>('accepted')
    this.store.belongTo(record)
    this.#asked.load()
    this.#driver = new RunDriver(this.#homeOf(record), record, undefined, this.store.log.load())
    // That it was asked for is what counts by now.
    if (accepted) this.#accept(record, { ...accepted, given: null })
    if (this.store.log.length === 0) this.#driver.append({ type: 'run.started', at: Date.now(), input: record.input })
    this.store.catchUp()
  }

  /** See `WorkflowRun.start`. */
  async start(
    record: RunRecord,
    targets: Targets | null,
    { waitMs, accepted, handed }: StartOptions,
  ): Promise<RunView | Refusal> {
    const driver = this.#driver ?? this.#begin(record, targets, accepted, handed)
    // Meanwhile reads leave already.
    try {
      const refusal = await this.#acceptance.answer
      if (refusal) {
        await this.#forget()
        return refusal
      }
    } catch (error) {
      await this.#forget()
      this.#state.abort('the run was not accepted')
      throw error
    }
    if (waitMs > 0) await this.wait(waitMs)
    const view = this.viewOf(driver)
    // The end of a run is durable before anybody who waits for it is told.
    if (!this.isOver || this.#isEnding) await this.#state.storage.sync()
    return view
  }

  #begin(record: RunRecord, targets: Targets | null, accepted?: Acceptance, handed?: Handed): RunDriver {
    const now = Date.now()
    this.store.belongTo(record)
    this.#lives.spare()
    // The first read need not wait for these; effects and the caller's answer do.
    void this.#state.storage.put(accepted ? { record, accepted } : { record }, { allowUnconfirmed: true })
    void this.#state.storage.setAlarm(now + HEARTBEAT_MS, { allowUnconfirmed: true })
    if (accepted) this.#accept(record, accepted)
    const driver = new RunDriver(this.#homeOf(record), record, targets ?? undefined, handed?.events)
    this.#driver = driver
    for (const event of handed?.events ?? []) this.#keep(event)
    for (const path of handed?.running ?? []) this.#elsewhere.set(path, now + ELSEWHERE_MS)
    if (!handed) driver.append({ type: 'run.started', at: now, input: record.input })
    if (isFinished(driver.state)) this.#state.waitUntil(this.finish(driver))
    else driver.resume()
    return driver
  }

  /** Has the run taken down, while its reads may leave already; an effect waits for it. */
  #accept(record: RunRecord, acceptance: Acceptance): void {
    this.#acceptance.ask(this.#ctxOf(record), acceptance, () => this.#driver?.stop())
  }

  /** Nothing stays of a run that was not accepted. */
  async #forget(): Promise<void> {
    this.#driver?.stop()
    this.#driver?.abort()
    this.#driver = undefined
    clearTimeout(this.#wakeTimer)
    await this.store.forget()
  }

  /** How a call ended that was out when the run moved here. */
  deliver(event: StepEvent): void {
    if (!this.#driver || !this.#elsewhere.delete(event.step) || this.isOver) return
    this.#driver.append(event)
    this.#driver.advance()
  }

  /** Returns when the run is finished and its end taken down, at the latest after `ms`. */
  async wait(ms: number): Promise<void> {
    this.#driver?.resume()
    if (this.isOver && !this.#isEnding) return
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting
      const takeBack = this.#clock.set(ms, done)
      function done() {
        takeBack()
        waiting.delete(done)
        resolve()
      }
      waiting.add(done)
    })
  }

  /** Returns when the run is over, or does not want the call any more that a consumer of the queue makes for it. */
  async untilUnwanted(worker: string): Promise<void> {
    if (this.isOver) return
    const over = Promise.withResolvers<void>()
    this.#waiting.add(over.resolve)
    await Promise.race([over.promise, this.queued.untilUnwanted(worker)])
    this.#waiting.delete(over.resolve)
  }

  /** Goes on after what somebody decided. */
  async takeUp(driver: RunDriver, event: RunEvent | null, asked: Asked): Promise<boolean> {
    if (!event) return false
    const was = shownStatus(driver.state)
    await this.#take(driver, event, asked)
    driver.resume()
    await this.#tellAsked(driver)
    if (was === 'needs_decision') await this.#projectNeed(driver)
    return true
  }

  /** Begins nothing more. */
  async pause(driver: RunDriver, asked: Asked): Promise<void> {
    await this.#take(driver, { type: 'run.paused', at: Date.now() }, asked)
    await this.#tellAsked(driver)
  }

  /** Makes durable what was asked and what it did; the alarm may have been set for far later, when the run waited for it. */
  async #take(driver: RunDriver, event: RunEvent, asked: Asked): Promise<void> {
    this.#asked.keep(asked)
    driver.append(event)
    this.store.flush()
    await this.#state.storage.setAlarm(Date.now() + HEARTBEAT_MS)
    await this.store.settle()
  }

  /**
   * Ends a run that is open: calls in flight are aborted, nothing more is sent. The audit row of whoever asked for it is
   * durable with that, and goes where the end goes, whatever dies in between.
   */
  async cancel(driver: RunDriver, asked: AuditRow | null): Promise<void> {
    if (asked) void this.#state.storage.put(CANCEL, asked, { allowUnconfirmed: true })
    driver.append({ type: 'run.cancelled', at: Date.now() })
    driver.abort()
    await this.finish(driver)
  }

  /** Comes back to the run: takes up what was lost, and gives it up when that kills the object again and again. */
  async alarm(): Promise<void> {
    const driver = this.#driver
    if (!driver) return
    if (isFinished(driver.state)) return this.finish(driver)
    await this.#state.storage.setAlarm(Date.now() + HEARTBEAT_MS)
    if (await this.#lives.isDeadly(driver)) {
      driver.append({ type: 'run.failed', at: Date.now(), error: { step: null, message: DEADLY } })
      return this.finish(driver)
    }
    driver.resume()
    this.queued.sendAgain()
    if (shownStatus(driver.state) === 'needs_decision') await this.#projectNeed(driver)
    if (!(await this.#tellAsked(driver))) return
    // One that waits for a person has nothing to be woken for but the end of its time; whoever decides or resumes brings
    // the alarm near again.
    if (driver.isIdle) await this.#state.storage.setAlarm(Math.min(Date.now() + IDLE_MS, driver.deadline))
  }

  /**
   * Makes the end durable and has it taken down for D1, then answers whoever waits, who may list it next. Should taking it
   * down fail, they are answered all the same, and the alarm tries again.
   */
  async finish({ record, state }: RunDriver): Promise<void> {
    clearTimeout(this.#wakeTimer)
    this.#isEnding = true
    try {
      await this.store.settle()
      this.store.close()
      if (await this.#acceptance.answer) return
      const asked = state.status === 'cancelled' ? await this.#state.storage.get<AuditRow>(CANCEL) : undefined
      await projectRun(this.#ctxOf(record), record, this.store.log.lighten(state), asked ? [asked] : [])
    } finally {
      this.#isEnding = false
      for (const done of this.#waiting) done()
    }
    if (!(await this.#tellAsked({ record }))) return this.#state.storage.setAlarm(Date.now() + HEARTBEAT_MS)
    // Nobody waits for this: an alarm that comes all the same finds nothing left to do.
    await this.#state.storage.deleteAlarm({ allowUnconfirmed: true })
  }

  /** The run as it may be shown. */
  viewOf({ record, state }: RunDriver): RunView {
    // Large values are known once they are written.
    this.store.flush()
    return this.store.log.lighten(viewOf(record, state))
  }

  #homeOf(record: RunRecord): RunHome {
    return {
      ctx: this.#ctxOf(record),
      keep: (event) => this.#keep(event),
      settle: async () => {
        await Promise.all([this.store.settle(), this.#acceptance.answer])
      },
      bytes: () => this.store.log.bytes,
      requestOf: (path) => (last) => this.store.log.requestOf(path, last),
      takes: () => true,
      make: (attempt, prepared, signal) => this.#make(attempt, prepared, signal),
      wakeAt: (ms) => this.#wakeAt(ms),
      late: () => Promise.resolve(),
      isElsewhere: (path) => (this.#elsewhere.get(path) ?? 0) > Date.now(),
      finish: () => (this.#driver ? this.finish(this.#driver) : Promise.resolve()),
    }
  }

  /** Makes a call here, or has a consumer of the queue make it. */
  #make({ step, path }: Attempt, prepared: PreparedStep, signal: StopSignal): Promise<StepResult> {
    const { call } = prepared
    const queued = call && this.#driver && isForQueue(step, path, this.#driver.state)
    return queued ? this.queued.make(call, signal) : prepared.execute(signal)
  }

  /** Has D1 know what was asked of the run; false where it cannot, and the alarm is to try again. */
  #tellAsked({ record }: { record: RunRecord }): Promise<boolean> {
    return this.#asked.tell(this.#ctxOf(record), record.runId)
  }

  /** Should it not get there, the alarm comes back to it. */
  async #projectNeed({ record, state }: RunDriver): Promise<void> {
    await this.#acceptance.answer
    await projectNeed(this.#ctxOf(record), record, state)
  }

  #keep(event: RunEvent): void {
    this.store.keep(event)
    if ('uncertain' in event && this.#driver) this.#state.waitUntil(this.#projectNeed(this.#driver))
  }

  #wakeAt(ms: number): void {
    clearTimeout(this.#wakeTimer)
    this.#wakeTimer = setTimeout(() => this.#driver?.advance(), Math.min(ms - Date.now(), LONGEST_TIMER_MS))
    const isFar = ms > Date.now() + HEARTBEAT_MS
    if (isFar && !this.#driver?.isOut && !this.#asked.any) void this.#state.storage.setAlarm(ms)
  }

  /** An object has one run, so one context. */
  #ctxOf({ requestId, workspaceId, userId }: RunRecord): Ctx {
    if (this.#ctx) return this.#ctx
    const defer = (work: Promise<unknown>) => this.#state.waitUntil(work)
    const world = createWorld(this.#env, requestId, defer, undefined, this.#clock.set)
    return (this.#ctx = systemCtx(world, workspaceId, userId))
  }
}
