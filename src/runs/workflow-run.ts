import { DurableObject } from 'cloudflare:workers'
import type { AuditRow } from '../audit/audit.ts'
import type { Targets } from '../steps/execute.ts'
import type { StepResult } from '../steps/result.ts'
import type { Asked } from './asked.ts'
import type { RunLimits } from './limits.ts'
import type { RunEvent, StepEvent } from './machine/events.ts'
import { isFinished, stepAt } from './machine/machine.ts'
import { type Decision, toEvent } from './machine/outcomes.ts'
import type { HandedOut } from './queued-calls.ts'
import type { RunHistory, RunRecord } from './record.ts'
import { reopeningOf } from './recovery.ts'
import type { Refusal } from './register/conditions.ts'
import { RunKeeper, type StartOptions } from './run-keeper.ts'
import { type Course, courseOf } from './undo/made-calls.ts'
import type { RunView } from './view.ts'

/**
 * One run: what can be asked of it and done to it from outside. `RunKeeper` keeps it going. What is done comes with its audit
 * row (`asked`), which is written down with it.
 */
export class WorkflowRun extends DurableObject<Env> {
  readonly #keeper: RunKeeper

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#keeper = new RunKeeper(state, env)
    this.#keeper.load()
  }

  /**
   * Accepts a run and sets it going; returns once it is sure to be carried to its end, and at the latest after `waitMs`
   * once it has ended. `targets` saves the first life of the object from reading them again. Starting twice is starting once.
   */
  start(record: RunRecord, targets: Targets | null, options: StartOptions): Promise<RunView | Refusal> {
    return this.#keeper.start(record, targets, options)
  }

  /** How a call ended that was out when the run moved here. */
  deliver(event: StepEvent): void {
    this.#keeper.deliver(event)
  }

  override alarm(): Promise<void> {
    return this.#keeper.alarm()
  }

  /** The run as it is now, or null when this object never got one. */
  view(): RunView | null {
    if (!this.#driver) return null
    this.#driver.resume()
    return this.#keeper.viewOf(this.#driver)
  }

  /** What the run was started with. */
  record(): RunRecord | null {
    return this.#driver?.record ?? null
  }

  /** The events after the one numbered `after`, at most `limit`. */
  events(after: number, limit: number): RunEvent[] {
    return this.#keeper.store.log.after(after, limit)
  }

  /** What the run was started with and its events, or those of one step, every value whole. */
  history(path?: string): RunHistory | null {
    return this.#driver ? { record: this.#driver.record, events: this.#keeper.store.log.whole(path) } : null
  }

  /** How the run stands and what it did, for who wants to undo it: of what it read nothing, which may be very much. */
  course(): Course | null {
    const history = this.history()
    return history && courseOf(history)
  }

  /** A large value of the run as JSON, or null when there is none of that id. */
  value(id: number): string | null {
    return this.#keeper.store.log.value(id)
  }

  /** Server-sent events after the one numbered `after`; see `Watchers`. */
  watch(after: number): ReadableStream<Uint8Array> {
    this.#driver?.resume()
    return this.#keeper.store.watch(after, this.#keeper.isOver)
  }

  /** A WebSocket of the events after the one numbered `after`; see `Sockets`. */
  override fetch(request: Request): Response {
    this.#driver?.resume()
    const after = Number(new URL(request.url).searchParams.get('after'))
    return this.#keeper.store.accept(after, this.#keeper.isOver)
  }

  override webSocketMessage(): void {
    // Watching is listening.
  }

  override webSocketClose(): void {
    this.#keeper.store.recount()
  }

  /** Returns when the run is finished, at the latest after `ms`. */
  wait(ms: number): Promise<void> {
    return this.#keeper.wait(ms)
  }

  /** Ends a run that is still open; `asked` tells the audit log who wanted that, where nothing else does. */
  async cancel(asked: AuditRow | null): Promise<boolean> {
    const driver = this.#driver
    if (driver?.state.status !== 'running' && driver?.state.status !== 'paused') return false
    await this.#keeper.cancel(driver, asked)
    return true
  }

  /** Begins nothing more until `resume`; what is out is waited for. */
  async pause(asked: Asked): Promise<boolean> {
    if (this.#driver?.state.status !== 'running') return false
    await this.#keeper.pause(this.#driver, asked)
    return true
  }

  /** Goes on after `pause`, under the limits that hold now. */
  async resume(limits: RunLimits, asked: Asked): Promise<boolean> {
    if (this.#driver?.state.status !== 'paused') return false
    return this.#keeper.takeUp(this.#driver, { type: 'run.resumed', at: Date.now(), limits }, asked)
  }

  /** Takes a failed run up again at the steps that failed, with other input if it is given. What is done stays done. */
  async reopen(input: Record<string, unknown> | undefined, limits: RunLimits, asked: Asked): Promise<boolean> {
    const driver = this.#driver
    if (!driver) return false
    const event = reopeningOf(driver.record.definition, driver.state, input, Date.now(), limits)
    return this.#keeper.takeUp(driver, event, asked)
  }

  /**
   * Settles a step that waits for a person: an approval, or a call whose outcome a crash left unknown, which is made
   * again, taken as done, or taken as failed.
   */
  async decide(path: string, decision: Decision, asked: Asked): Promise<boolean> {
    const driver = this.#driver
    if (!driver || isFinished(driver.state)) return false
    return this.#keeper.takeUp(driver, toEvent(path, stepAt(driver.state, path), decision, Date.now()), asked)
  }

  /** The call that a message of the queue is about; null when it is not wanted any more, or somebody else's. */
  takeCall(ticket: string, worker: string): HandedOut | null {
    this.#driver?.resume()
    return this.#keeper.queued.take(ticket, worker)
  }

  /** How a call ended that a consumer of the queue made; returns the next for it, where it asks for more. */
  reportCall(ticket: string, worker: string, result: StepResult, more: boolean): Promise<HandedOut | null> {
    return this.#keeper.queued.report(ticket, worker, result, more && !this.#keeper.isOver)
  }

  /** A call that got no turn at its API: it goes to the queue again. */
  giveBackCall(ticket: string, result: StepResult, delaySeconds: number): Promise<void> {
    return this.#keeper.queued.giveBack(ticket, result, delaySeconds)
  }

  /** Why a consumer of the queue failed; it may come again. */
  noteFailure(worker: string, why: string): void {
    this.#keeper.queued.note(worker, why)
  }

  /** A message of the queue that will not come again: what it was for fails. */
  giveUpCall(ticket: string, worker: string): void {
    this.#keeper.queued.giveUp(ticket, worker)
  }

  /** Returns when the run is over, or does not want the call any more that a consumer of the queue makes for it. */
  untilUnwanted(worker: string): Promise<void> {
    return this.#keeper.untilUnwanted(worker)
  }

  get #driver() {
    return this.#keeper.driver
  }
}
