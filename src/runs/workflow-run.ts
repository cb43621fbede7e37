import { DurableObject } from 'cloudflare:workers'
import { createWorld, systemCtx, type Ctx } from '../context.ts'
import type { StopSignal } from '../lib/stop.ts'
import { LONGEST_TIMER_MS } from '../platform/deadline.ts'
import type { Targets } from '../steps/execute.ts'
import type { PreparedStep, StepResult } from '../steps/result.ts'
import type { Acceptance, Refusal } from './accept.ts'
import { RunAcceptance } from './acceptance.ts'
import { RunDriver, type RunHome } from './driver.ts'
import { isForQueue } from './for-queue.ts'
import type { RunLimits } from './limits.ts'
import { isFinished, stepAt, type RunEvent, type StepEvent } from './machine.ts'
import { toEvent, type Decision } from './outcomes.ts'
import { projectNeed, projectRun } from './projection.ts'
import type { Attempt } from './perform.ts'
import { QueuedCalls, type HandedOut } from './queued-calls.ts'
import { sendTickets } from './queued-steps.ts'
import type { RunRecord } from './record.ts'
import { countLife, reopeningOf, type Lives } from './recovery.ts'
import { RunStore } from './run-store.ts'
import type { RunHistory } from './read-run.ts'
import { shownStatus, viewOf, type RunView } from './view.ts'

const HEARTBEAT_MS = 10_000
const IDLE_MS = 3_600_000
// A call takes 30 s at most, a step with a time limit of its own 60.
const ELSEWHERE_MS = 60_000
const MAX_LIVES = 20
const DEADLY = `carrying it on was cut short ${MAX_LIVES} times without a step getting done`

/** What a run goes on from that began elsewhere: its log, and the steps whose calls are still out there. */
export type Handed = { events: RunEvent[]; running: string[] }

/** With `accepted`, the object writes the run's row itself. */
export type StartOptions = { waitMs: number; accepted?: Acceptance; handed?: Handed }

/**
 * One run: its log, its alarm and its watchers around the driver that carries it out. After any death the state is
 * rebuilt from the log. While the run is open an alarm is set, so that a run whose object was evicted or killed comes
 * back by itself.
 */
export class WorkflowRun extends DurableObject<Env> {
  readonly #store: RunStore
  readonly #acceptance: RunAcceptance
  readonly #waiting = new Set<() => void>()
  readonly #queued = new QueuedCalls(async (tickets, delaySeconds) => {
    if (this.#driver) await sendTickets(this.#ctxOf(this.#driver.record), this.#driver.record, tickets, delaySeconds)
  })
  #driver: RunDriver | undefined
  /** Steps that somebody else carries out, and until when that is believed. */
  readonly #elsewhere = new Map<string, number>()
  /** Whether this life of the object has been counted; one that started the run itself needs no counting. */
  #counted = false
  #wakeTimer: ReturnType<typeof setTimeout> | undefined

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#store = new RunStore(state)
    this.#acceptance = new RunAcceptance(state.storage, this.#store)
    void state.blockConcurrencyWhile(async () => {
      const stored = await state.storage.get(['record', 'accepted'])
      const record = stored.get('record') as RunRecord | undefined
      const accepted = stored.get('accepted') as Acceptance | undefined
      if (!record) return
      this.#store.belongTo(record)
      this.#driver = new RunDriver(this.#homeOf(record), record, undefined, this.#store.log.load())
      // That it was asked for is what counts by now.
      if (accepted) this.#accept(record, { ...accepted, given: null })
      if (this.#store.log.length === 0)
        this.#driver.append({ type: 'run.started', at: Date.now(), input: record.input })
      this.#store.catchUp()
    })
  }

  /**
   * Accepts a run and sets it going; returns once it is sure to be carried to its end, and at the latest after `waitMs`
   * once it has ended. `targets` saves the first life of the object from reading them again. Starting twice is starting once.
   */
  async start(
    record: RunRecord,
    targets: Targets,
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
      this.ctx.abort('the run was not accepted')
      throw error
    }
    if (waitMs > 0) await this.wait(waitMs)
    const view = this.#viewOf(driver)
    await this.ctx.storage.sync()
    return view
  }

  #begin(record: RunRecord, targets: Targets, accepted?: Acceptance, handed?: Handed): RunDriver {
    const now = Date.now()
    this.#store.belongTo(record)
    this.#counted = true
    // The first read need not wait for these; effects and the caller's answer do.
    void this.ctx.storage.put(accepted ? { record, accepted } : { record }, { allowUnconfirmed: true })
    void this.ctx.storage.setAlarm(now + HEARTBEAT_MS, { allowUnconfirmed: true })
    if (accepted) this.#accept(record, accepted)
    const driver = new RunDriver(this.#homeOf(record), record, targets, handed?.events)
    this.#driver = driver
    for (const event of handed?.events ?? []) this.#keep(event)
    for (const path of handed?.running ?? []) this.#elsewhere.set(path, now + ELSEWHERE_MS)
    if (!handed) driver.append({ type: 'run.started', at: now, input: record.input })
    if (isFinished(driver.state)) this.ctx.waitUntil(this.#finish(driver))
    else driver.advance()
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
    await this.#store.forget()
  }

  /** How a call ended that was out when the run moved here. */
  deliver(event: StepEvent): void {
    if (!this.#driver || !this.#elsewhere.delete(event.step)) return
    this.#driver.append(event)
    this.#driver.advance()
  }

  /** The run as it is now, or null when this object never got one. */
  view(): RunView | null {
    if (!this.#driver) return null
    this.#driver.resume()
    return this.#viewOf(this.#driver)
  }

  /** What the run was started with. */
  record(): RunRecord | null {
    return this.#driver?.record ?? null
  }

  /** The events after the one numbered `after`, at most `limit`. */
  events(after: number, limit: number): RunEvent[] {
    return this.#store.log.after(after, limit)
  }

  /** What the run was started with and its events, or those of one step, every value whole. */
  history(path?: string): RunHistory | null {
    return this.#driver ? { record: this.#driver.record, events: this.#store.log.whole(path) } : null
  }

  /** A large value of the run as JSON, or null when there is none of that id. */
  value(id: number): string | null {
    return this.#store.log.value(id)
  }

  /** Server-sent events after the one numbered `after`; see `Watchers`. */
  watch(after: number): ReadableStream<Uint8Array> {
    this.#driver?.resume()
    return this.#store.watch(after, this.#isFinished())
  }

  /** A WebSocket of the events after the one numbered `after`; see `Sockets`. */
  override fetch(request: Request): Response {
    this.#driver?.resume()
    const after = Number(new URL(request.url).searchParams.get('after'))
    return this.#store.accept(after, this.#isFinished())
  }

  override webSocketMessage(): void {
    // Watching is listening.
  }

  override webSocketClose(): void {
    this.#store.recount()
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
    await this.#store.settle()
    return true
  }

  /** Goes on after `pause`, under the limits that hold now. */
  async resume(limits: RunLimits): Promise<boolean> {
    if (this.#driver?.state.status !== 'paused') return false
    return this.#takeUp(this.#driver, { type: 'run.resumed', at: Date.now(), limits })
  }

  /** Takes a failed run up again at the steps that failed, with other input if it is given. What is done stays done. */
  async reopen(input: Record<string, unknown> | undefined, limits: RunLimits): Promise<boolean> {
    const driver = this.#driver
    if (!driver) return false
    return this.#takeUp(driver, reopeningOf(driver.record.definition, driver.state, input, Date.now(), limits))
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
    const was = shownStatus(driver.state)
    driver.append(event)
    await this.ctx.storage.setAlarm(Date.now() + HEARTBEAT_MS)
    await this.#store.settle()
    driver.resume()
    if (was === 'needs_decision') await this.#projectNeed(driver)
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
    this.#queued.sendAgain()
    if (shownStatus(driver.state) === 'needs_decision') await this.#projectNeed(driver)
    // One that waits for a person has nothing to be woken for but the end of its time; whoever decides or resumes brings
    // the alarm near again.
    if (driver.isIdle) await this.ctx.storage.setAlarm(Math.min(Date.now() + IDLE_MS, driver.deadline))
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

  #viewOf({ record, state }: RunDriver): RunView {
    // Large values are known once they are written.
    this.#store.flush()
    return this.#store.log.lighten(viewOf(record, state))
  }

  #isFinished(): boolean {
    return this.#driver !== undefined && isFinished(this.#driver.state)
  }

  #homeOf(record: RunRecord): RunHome {
    return {
      ctx: this.#ctxOf(record),
      keep: (event) => this.#keep(event),
      settle: async () => {
        await Promise.all([this.#store.settle(), this.#acceptance.answer])
      },
      bytes: () => this.#store.log.bytes,
      requestOf: (path) => this.#store.log.requestOf(path),
      takes: () => true,
      make: (attempt, prepared, signal) => this.#make(attempt, prepared, signal),
      wakeAt: (ms) => this.#wakeAt(ms),
      late: () => Promise.resolve(),
      isElsewhere: (path) => (this.#elsewhere.get(path) ?? 0) > Date.now(),
      finish: () => (this.#driver ? this.#finish(this.#driver) : Promise.resolve()),
    }
  }

  /** Makes a call here, or has a consumer of the queue make it. */
  #make({ step, path }: Attempt, prepared: PreparedStep, signal: StopSignal): Promise<StepResult> {
    const { call } = prepared
    const queued = call && this.#driver && isForQueue(step, path, this.#driver.state)
    return queued ? this.#queued.make(call, signal) : prepared.execute(signal)
  }

  /** The call that a message of the queue is about; null when it is not wanted any more, or somebody else's. */
  takeCall(ticket: string, worker: string): HandedOut | null {
    this.#driver?.resume()
    return this.#queued.take(ticket, worker)
  }

  /** How a call ended that a consumer of the queue made; returns the next for it, where it asks for more. */
  reportCall(ticket: string, worker: string, result: StepResult, more: boolean): Promise<HandedOut | null> {
    return this.#queued.report(ticket, worker, result, more && !this.#isFinished())
  }

  /** A call that got no turn at its API: it goes to the queue again. */
  giveBackCall(ticket: string, result: StepResult, delaySeconds: number): Promise<void> {
    return this.#queued.giveBack(ticket, result, delaySeconds)
  }

  /** Why a consumer of the queue failed; it may come again. */
  noteFailure(worker: string, why: string): void {
    this.#queued.note(worker, why)
  }

  /** A message of the queue that will not come again: what it was for fails. */
  giveUpCall(ticket: string, worker: string): void {
    this.#queued.giveUp(ticket, worker)
  }

  /** Returns when the run is over, or does not want the call any more that a consumer of the queue makes for it. */
  async untilUnwanted(worker: string): Promise<void> {
    if (this.#isFinished()) return
    const over = Promise.withResolvers<void>()
    this.#waiting.add(over.resolve)
    await Promise.race([over.promise, this.#queued.untilUnwanted(worker)])
    this.#waiting.delete(over.resolve)
  }

  /** Should it not get there, the alarm comes back to it. */
  async #projectNeed({ record, state }: RunDriver): Promise<void> {
    await this.#acceptance.answer
    await projectNeed(this.#ctxOf(record), record, state)
  }

  #keep(event: RunEvent): void {
    this.#store.keep(event)
    if ('uncertain' in event && this.#driver) this.ctx.waitUntil(this.#projectNeed(this.#driver))
  }

  #wakeAt(ms: number): void {
    clearTimeout(this.#wakeTimer)
    this.#wakeTimer = setTimeout(() => this.#driver?.advance(), Math.min(ms - Date.now(), LONGEST_TIMER_MS))
    if (!this.#driver?.isOut && ms > Date.now() + HEARTBEAT_MS) void this.ctx.storage.setAlarm(ms)
  }

  /** Makes the end durable, tells everybody, and writes it to D1; should D1 fail, the alarm tries again. */
  async #finish({ record, state }: RunDriver): Promise<void> {
    clearTimeout(this.#wakeTimer)
    await this.#store.settle()
    this.#store.close()
    for (const done of this.#waiting) done()
    if (await this.#acceptance.answer) return
    await projectRun(this.#ctxOf(record), record, this.#store.log.lighten(state))
    await this.ctx.storage.deleteAlarm()
  }

  #ctxOf({ requestId, workspaceId, userId }: RunRecord): Ctx {
    const defer = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    return systemCtx(createWorld(this.env, requestId, defer), workspaceId, userId)
  }
}
