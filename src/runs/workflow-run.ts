import { DurableObject } from 'cloudflare:workers'
import { createWorld, systemCtx, type Ctx } from '../context.ts'
import { errorFields } from '../platform/log.ts'
import { Watchers } from '../platform/watchers.ts'
import { loadTargets } from '../steps/catalogue.ts'
import { prepareStep, toStepError, type Targets, type WorkStep } from '../steps/execute.ts'
import { evaluate } from '../steps/expressions.ts'
import { isSafe } from '../steps/order.ts'
import { stepsByPath, type StepLookup } from '../steps/paths.ts'
import type { Step } from '../steps/schema.ts'
import { tooLarge } from '../steps/size.ts'
import { enterStep, isControl, isTrue } from './enter.ts'
import { EventLog } from './event-log.ts'
import { initialState, isFinished, reduce, stepAt, type RunEvent, type RunState } from './machine.ts'
import { isStillAsked, next, type Action } from './next.ts'
import { keyOf, moveOn, outcomeOf, toEvent, type Decision } from './outcomes.ts'
import { projectRun } from './projection.ts'
import type { RunRecord, RunSnapshot } from './record.ts'
import { countLife, recoveryOf, reopeningOf, requestBefore, type Lives } from './recovery.ts'
import { valueOf } from './result.ts'
import { scopeOf } from './scope.ts'

const HEARTBEAT_MS = 10_000
const IDLE_MS = 3_600_000
const FLUSH_MS = 50
const MAX_LIVES = 20
// What a timer can be set to.
const MAX_TIMER_MS = 2 ** 31 - 1
const DEADLY = `carrying it on was cut short ${MAX_LIVES} times without a step getting done`

/**
 * One run. A shell around the machine: it carries out what `next` asks for, appends what happened to the log, and after
 * any death rebuilds the state from the log and asks again. While the run is open an alarm is set, so that a run whose
 * object was evicted or killed comes back by itself.
 */
export class WorkflowRun extends DurableObject<Env> {
  readonly #log: EventLog
  readonly #watchers = new Watchers<RunEvent>()
  readonly #inFlight = new Map<string, AbortController>()
  readonly #waiting = new Set<() => void>()
  #record: RunRecord | undefined
  #ctx: Ctx | undefined
  #targets: Promise<Targets> | undefined
  #state: RunState = initialState
  #steps: StepLookup = new Map<string, Step>()
  /** Whether this life of the object has been counted; one that started the run itself needs no counting. */
  #counted = false
  #flushTimer: ReturnType<typeof setTimeout> | undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#log = new EventLog(state.storage)
    void state.blockConcurrencyWhile(async () => {
      const record = await state.storage.get<RunRecord>('record')
      if (!record) return
      this.#adopt(record)
      this.#log.load()
      if (this.#log.events.length === 0) this.#apply({ type: 'run.started', at: Date.now(), input: record.input })
      else for (const event of this.#log.events) this.#state = reduce(this.#state, event)
    })
  }

  /**
   * Accepts a run and sets it going; returns once it is sure to be carried to its end, and at the latest after `waitMs`
   * once it has ended. `targets` saves the first life of the object from reading them again. Starting twice is starting once.
   */
  async start(record: RunRecord, targets: Targets, waitMs: number): Promise<RunSnapshot> {
    if (!this.#record) {
      this.#adopt(record)
      this.#counted = true
      this.#targets = Promise.resolve(targets)
      // The first read need not wait for these two; the caller's answer does, by the sync below.
      void this.ctx.storage.put('record', record, { allowUnconfirmed: true })
      void this.ctx.storage.setAlarm(Date.now() + HEARTBEAT_MS, { allowUnconfirmed: true })
      this.#append({ type: 'run.started', at: Date.now(), input: record.input })
      this.#advance()
    }
    if (waitMs > 0) await this.wait(waitMs)
    await this.ctx.storage.sync()
    return { record: this.#record ?? record, state: this.#state }
  }

  /** The run as it is now, or null when this object never got one. */
  snapshot(): RunSnapshot | null {
    if (!this.#record) return null
    this.#resume()
    this.#log.flush()
    return { record: this.#record, state: this.#state }
  }

  /** The log, from its first event. */
  events(): readonly RunEvent[] {
    this.#log.flush()
    return this.#log.events
  }

  /** Server-sent events after the one numbered `after`; see `Watchers`. */
  watch(after: number): ReadableStream<Uint8Array> {
    this.#resume()
    this.#log.flush()
    return this.#watchers.watch(this.#log.events, after, isFinished(this.#state))
  }

  /** Returns when the run is finished, at the latest after `ms`. */
  async wait(ms: number): Promise<void> {
    this.#resume()
    if (isFinished(this.#state)) return
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
    if (this.#state.status !== 'running' && this.#state.status !== 'paused') return false
    this.#append({ type: 'run.cancelled', at: Date.now() })
    for (const controller of this.#inFlight.values()) controller.abort()
    await this.#finish()
    return true
  }

  /** Begins nothing more until `resume`; what is out is waited for. */
  async pause(): Promise<boolean> {
    if (this.#state.status !== 'running') return false
    this.#append({ type: 'run.paused', at: Date.now() })
    await this.#settle()
    return true
  }

  /** Goes on after `pause`. */
  async resume(): Promise<boolean> {
    if (this.#state.status !== 'paused') return false
    this.#append({ type: 'run.resumed', at: Date.now() })
    await this.#takeUp()
    return true
  }

  /** Takes a failed run up again at the steps that failed, with other input if it is given. What is done stays done. */
  async reopen(input: Record<string, unknown> | undefined): Promise<boolean> {
    if (!this.#record) return false
    const event = reopeningOf(this.#record.definition, this.#state, input, Date.now())
    if (!event) return false
    this.#append(event)
    await this.#takeUp()
    return true
  }

  /**
   * Settles a step that waits for a person: an approval, or a call whose outcome a crash left unknown, which is made
   * again, taken as done, or taken as failed.
   */
  async decide(path: string, decision: Decision): Promise<boolean> {
    const event = toEvent(path, stepAt(this.#state, path), decision, Date.now())
    if (!event || isFinished(this.#state)) return false
    this.#append(event)
    await this.#takeUp()
    return true
  }

  override async alarm(): Promise<void> {
    if (!this.#record) return
    if (isFinished(this.#state)) return this.#finish()
    await this.ctx.storage.setAlarm(Date.now() + HEARTBEAT_MS)
    if (await this.#isDeadly()) {
      this.#append({ type: 'run.failed', at: Date.now(), error: { step: null, message: DEADLY } })
      return this.#finish()
    }
    this.#resume()
    // One that waits for a person has nothing to be woken for; whoever decides or resumes brings the alarm near again.
    if (this.#isIdle()) await this.ctx.storage.setAlarm(Date.now() + IDLE_MS)
  }

  #isIdle(): boolean {
    if (!this.#record || isFinished(this.#state) || this.#inFlight.size > 0) return false
    return next(this.#record.definition, this.#state, Date.now()).length === 0
  }

  /**
   * Whether carrying the run on has killed its object again and again without a step getting done, as an expression
   * that never ends does. Counted before the work is taken up, since afterwards may never come.
   */
  async #isDeadly(): Promise<boolean> {
    if (this.#counted || !this.#record) return false
    this.#counted = true
    const before = await this.ctx.storage.get<Lives>('lives')
    const counted = countLife(this.#record.definition, this.#state, before, Date.now())
    if (!counted) return false
    await this.ctx.storage.put('lives', counted)
    await this.ctx.storage.sync()
    return counted.lives > MAX_LIVES
  }

  /** Goes on after what somebody decided; the alarm may have been set for far later, when the run waited for them. */
  async #takeUp(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + HEARTBEAT_MS)
    await this.#settle()
    this.#resume()
  }

  /** Takes a run up again, after the death of its object or of one of its steps; does nothing where all goes its way. */
  #resume(): void {
    if (this.#state.status !== 'running') return
    const event = recoveryOf(this.#steps, this.#state, (path) => this.#inFlight.has(path), Date.now())
    if (event) this.#append(event)
    this.#advance()
  }

  #adopt(record: RunRecord): void {
    this.#record = record
    this.#steps = stepsByPath(record.definition.steps)
  }

  #stepOf(path: string): Step | undefined {
    return this.#steps.get(path)
  }

  async #settle(): Promise<void> {
    this.#flush()
    await this.ctx.storage.sync()
  }

  #append(event: RunEvent): void {
    if (event.type === 'step.failed') for (const path of event.aborted ?? []) this.#inFlight.get(path)?.abort()
    const seq = this.#apply(event)
    if (this.#watchers.any) {
      this.#log.flush()
      this.#watchers.publish(seq, event)
    } else this.#flushTimer ??= setTimeout(() => this.#flush(), FLUSH_MS)
  }

  #apply(event: RunEvent): number {
    this.#state = reduce(this.#state, event)
    return this.#log.append(event)
  }

  #flush(): void {
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    this.#log.flush()
  }

  /** Does what there is to do; what only moves the state on is done at once, and may give more to do. */
  #advance(): void {
    if (!this.#record) return
    for (;;) {
      const actions = next(this.#record.definition, this.#state, Date.now())
      const events = actions.flatMap((action) => moveOn(action, Date.now()) ?? [])
      for (const event of events) this.#append(event)
      // What was asked for beside these may not be wanted after them.
      if (events.length > 0) continue
      for (const action of actions) this.#carryOut(action)
      return
    }
  }

  #carryOut(action: Action): void {
    switch (action.type) {
      case 'execute':
        if (!this.#inFlight.has(action.step)) this.#inBackground(this.#execute(action.step, action.attempt))
        return
      case 'wait':
        clearTimeout(this.#retryTimer)
        this.#retryTimer = setTimeout(() => this.#advance(), Math.min(action.until - Date.now(), MAX_TIMER_MS))
        if (this.#inFlight.size === 0 && action.until > Date.now() + HEARTBEAT_MS)
          void this.ctx.storage.setAlarm(action.until)
        return
      case 'succeed':
        return this.#inBackground(this.#succeed())
      case 'fail':
        this.#append({ type: 'run.failed', at: Date.now(), error: action.error })
        return this.#inBackground(this.#finish())
      case 'complete':
      case 'break':
      case 'retry':
      case 'collect':
      case 'skip':
        return
      default:
        action satisfies never
    }
  }

  async #execute(path: string, attempt: number): Promise<void> {
    const step = this.#stepOf(path)
    if (!step || !this.#record) return
    const controller = new AbortController()
    this.#inFlight.set(path, controller)
    try {
      const event = await this.#perform(this.#record, step, path, attempt, controller.signal)
      if (isFinished(this.#state)) return
      if (event) this.#append(event)
    } catch (error) {
      // What could not be read may be there the next time.
      this.#targets = undefined
      if (!isFinished(this.#state) && !controller.signal.aborted) throw error
    } finally {
      this.#inFlight.delete(path)
    }
    this.#advance()
  }

  async #perform(
    record: RunRecord,
    step: Step,
    path: string,
    attempt: number,
    signal: AbortSignal,
  ): Promise<RunEvent | null> {
    const ctx = this.#context(record)
    const asked = this.#state
    const isStill = () =>
      isStillAsked(record.definition, { before: asked, state: this.#state, now: Date.now() }, { step: path, attempt })
    const event = await this.#begin(ctx, record, step, path, attempt)
    if (event) return isStill() ? event : null
    if (isControl(step)) return null
    return this.#call(ctx, record, step, path, attempt, isStill, signal)
  }

  /** What happens to a step without anything being called; null for one that is to be called. */
  async #begin(ctx: Ctx, record: RunRecord, step: Step, path: string, attempt: number): Promise<RunEvent | null> {
    const scope = scopeOf(record, this.#steps, this.#state, path)
    const before = stepAt(this.#state, path)
    try {
      if (step.when !== undefined && before.status === 'pending' && !isTrue(await evaluate(step.when, scope)))
        return { type: 'step.skipped', at: Date.now(), step: path }
      if (!isControl(step)) return null
      return await enterStep(step, path, before, scope, Date.now())
    } catch (error) {
      return { type: 'step.failed', at: Date.now(), step: path, attempt, error: toStepError(ctx, error), retryAt: null }
    }
  }

  async #call(
    ctx: Ctx,
    record: RunRecord,
    step: WorkStep,
    path: string,
    attempt: number,
    isStillAsked: () => boolean,
    signal: AbortSignal,
  ): Promise<RunEvent | null> {
    this.#targets ??= loadTargets(ctx, record.definition.steps)
    const before = stepAt(this.#state, path)
    const scope = scopeOf(record, this.#steps, this.#state, path)
    const sent = isSafe(step) ? null : requestBefore(this.#log.events, path, before)
    const prepared = await prepareStep(ctx, step, scope, await this.#targets, keyOf(record.runId, path, before), sent)
    // While it was made ready the run may have been paused, cancelled or failed.
    if (!isStillAsked()) return null
    this.#append({ type: 'step.started', at: Date.now(), step: path, attempt, request: prepared.request })
    if (!isSafe(step)) {
      await this.#settle()
      if (isFinished(this.#state)) return null
    }
    return outcomeOf(step, { path, attempt }, await prepared.execute(signal), Date.now(), Math.random())
  }

  async #succeed(): Promise<void> {
    if (!this.#record || this.#state.status !== 'running') return
    const scope = scopeOf(this.#record, this.#steps, this.#state, '')
    const last = this.#record.definition.steps.at(-1)
    try {
      const output =
        this.#record.definition.output === undefined
          ? valueOf(scope.steps[last?.id ?? ''])
          : ((await evaluate(this.#record.definition.output, scope)) ?? null)
      if (this.#state.status !== 'running') return
      const excess = tooLarge(output)
      if (excess) throw new Error(`the result ${excess}`)
      this.#append({ type: 'run.succeeded', at: Date.now(), output })
    } catch (error) {
      if (this.#state.status !== 'running') return
      this.#append({ type: 'run.failed', at: Date.now(), error: { step: null, message: `output: ${String(error)}` } })
    }
    await this.#finish()
  }

  /** Makes the end durable, tells everybody, and writes it to D1; should D1 fail, the alarm tries again. */
  async #finish(): Promise<void> {
    if (!this.#record) return
    clearTimeout(this.#retryTimer)
    this.#flush()
    await this.ctx.storage.sync()
    this.#watchers.close()
    for (const done of this.#waiting) done()
    await projectRun(this.#context(this.#record), this.#record, this.#state)
    await this.ctx.storage.deleteAlarm()
  }

  #inBackground(work: Promise<void>): void {
    // The alarm is still set: whatever this was, it takes the run up again from where the log ends.
    work.catch((error: unknown) => {
      if (this.#record) this.#context(this.#record).log.error('run interrupted', errorFields(error))
    })
  }

  #context(record: RunRecord): Ctx {
    const defer = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    this.#ctx ??= systemCtx(createWorld(this.env, record.requestId, defer), record.workspaceId, record.userId)
    return this.#ctx
  }
}
