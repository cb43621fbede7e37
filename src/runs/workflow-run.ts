import { DurableObject } from 'cloudflare:workers'
import { createWorld, systemCtx, type Ctx } from '../context.ts'
import { backoff } from '../lib/backoff.ts'
import { errorFields } from '../platform/log.ts'
import { Watchers } from '../platform/watchers.ts'
import { loadTargets } from '../steps/catalogue.ts'
import { prepareStep, tooLarge, type StepResult, type Targets } from '../steps/execute.ts'
import { evaluate, type ExpressionScope } from '../steps/expressions.ts'
import { isSafe } from '../steps/order.ts'
import type { Step } from '../steps/schema.ts'
import { EventLog } from './event-log.ts'
import { initialState, isFinished, next, reduce, type Action, type RunEvent, type RunState } from './machine.ts'
import { projectRun } from './projection.ts'
import type { RunRecord, RunSnapshot } from './record.ts'

const HEARTBEAT_MS = 10_000
const FLUSH_MS = 50
const DEFAULT_ATTEMPTS = 3
const MAX_RETRY_MS = 3_600_000
const MAX_LIVES = 20
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
  /** Whether this life of the object has been counted; one that started the run itself needs no counting. */
  #counted = false
  #flushTimer: ReturnType<typeof setTimeout> | undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#log = new EventLog(state.storage)
    void state.blockConcurrencyWhile(async () => {
      this.#record = await state.storage.get<RunRecord>('record')
      if (!this.#record) return
      this.#log.load()
      if (this.#log.events.length === 0) this.#apply({ type: 'run.started', at: Date.now(), input: this.#record.input })
      else for (const event of this.#log.events) this.#state = reduce(this.#state, event)
    })
  }

  /**
   * Accepts a run and sets it going; returns once it is sure to be carried to its end, and at the latest after `waitMs`
   * once it has ended. `targets` saves the first life of the object from reading them again. Starting twice is starting once.
   */
  async start(record: RunRecord, targets: Targets, waitMs: number): Promise<RunSnapshot> {
    if (!this.#record) {
      this.#record = record
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
    return { record: this.#record, state: this.#state }
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
    if (this.#state.status !== 'running') return false
    this.#append({ type: 'run.cancelled', at: Date.now() })
    for (const controller of this.#inFlight.values()) controller.abort()
    await this.#finish()
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
  }

  /**
   * Whether carrying the run on has killed its object again and again without a step getting done, as an expression
   * that never ends does. Counted before the work is taken up, since afterwards may never come.
   */
  async #isDeadly(): Promise<boolean> {
    if (this.#counted || !this.#record) return false
    this.#counted = true
    const works = next(this.#record.definition, this.#state, Date.now()).some((action) => action.type !== 'wait')
    const lost = Object.values(this.#state.steps).some((step) => step.status === 'running')
    if (!works && !lost) return false
    const done = Object.values(this.#state.steps).filter((step) => step.status === 'succeeded').length
    const before = await this.ctx.storage.get<{ lives: number; done: number }>('lives')
    const lives = before?.done === done ? before.lives + 1 : 1
    await this.ctx.storage.put('lives', { lives, done })
    await this.ctx.storage.sync()
    return lives > MAX_LIVES
  }

  /** Takes a run up again, after the death of its object or of one of its steps; does nothing where all goes its way. */
  #resume(): void {
    if (this.#state.status !== 'running') return
    const lost = Object.entries(this.#state.steps).some(
      ([id, step]) => step.status === 'running' && !this.#inFlight.has(id),
    )
    if (lost) this.#append({ type: 'run.recovered', at: Date.now() })
    this.#advance()
  }

  #append(event: RunEvent): void {
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

  #advance(): void {
    if (!this.#record) return
    for (const action of next(this.#record.definition, this.#state, Date.now())) this.#carryOut(action)
  }

  #carryOut(action: Action): void {
    switch (action.type) {
      case 'execute':
        if (!this.#inFlight.has(action.step)) this.#inBackground(this.#execute(action.step, action.attempt))
        return
      case 'wait':
        clearTimeout(this.#retryTimer)
        this.#retryTimer = setTimeout(() => this.#advance(), action.until - Date.now())
        return
      case 'succeed':
        return this.#inBackground(this.#succeed())
      case 'fail':
        this.#append({ type: 'run.failed', at: Date.now(), error: action.error })
        return this.#inBackground(this.#finish())
      default:
        action satisfies never
    }
  }

  async #execute(id: string, attempt: number): Promise<void> {
    const step = this.#record?.definition.steps.find((step) => step.id === id)
    if (!step || !this.#record) return
    const controller = new AbortController()
    this.#inFlight.set(id, controller)
    try {
      const ctx = this.#context(this.#record)
      this.#targets ??= loadTargets(ctx, this.#record.definition.steps)
      const key = `${this.#record.runId}:${id}`
      const prepared = await prepareStep(ctx, step, this.#scope(this.#record), await this.#targets, key)
      if (isFinished(this.#state)) return
      this.#append({ type: 'step.started', at: Date.now(), step: id, attempt, request: prepared.request })
      if (!isSafe(step)) {
        this.#flush()
        await this.ctx.storage.sync()
        if (isFinished(this.#state)) return
      }
      const result = await prepared.execute(controller.signal)
      if (isFinished(this.#state)) return
      this.#append(this.#outcome(step, attempt, result))
    } catch (error) {
      // What could not be read may be there the next time.
      this.#targets = undefined
      if (!isFinished(this.#state)) throw error
    } finally {
      this.#inFlight.delete(id)
    }
    this.#advance()
  }

  #outcome(step: Step, attempt: number, result: StepResult): RunEvent {
    const at = Date.now()
    if (result.ok) return { type: 'step.succeeded', at, step: step.id, attempt, output: result.output }
    const { error } = result
    const attempts = (step.type === 'api_call' ? step.retry?.maxAttempts : undefined) ?? DEFAULT_ATTEMPTS
    const wait = Math.max(error.retryAfterMs ?? 0, backoff(attempt, Math.random()))
    const again = error.retryable && attempt < attempts && wait <= MAX_RETRY_MS
    return { type: 'step.failed', at, step: step.id, attempt, error, retryAt: again ? at + wait : null }
  }

  async #succeed(): Promise<void> {
    if (!this.#record || this.#state.status !== 'running') return
    const scope = this.#scope(this.#record)
    const last = this.#record.definition.steps.at(-1)
    try {
      const output =
        this.#record.definition.output === undefined
          ? valueOf(scope.steps[last?.id ?? ''])
          : ((await evaluate(this.#record.definition.output, scope)) ?? null)
      if (isFinished(this.#state)) return
      const excess = tooLarge(output)
      if (excess) throw new Error(`the result ${excess}`)
      this.#append({ type: 'run.succeeded', at: Date.now(), output })
    } catch (error) {
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

  #scope(record: RunRecord): ExpressionScope {
    const outputs = Object.entries(this.#state.steps).flatMap(([id, step]) =>
      step.status === 'succeeded' ? [[id, step.output] as const] : [],
    )
    const startedAt = this.#state.status === 'accepted' ? Date.now() : this.#state.startedAt
    return {
      input: this.#state.status === 'accepted' ? record.input : this.#state.input,
      steps: Object.fromEntries(outputs),
      run: { id: record.runId, startedAt: new Date(startedAt).toISOString() },
    }
  }
}

/** What a step's output is worth as the result of a run: of a call, its body. */
function valueOf(output: unknown): unknown {
  if (typeof output === 'object' && output !== null && 'status' in output && 'body' in output) return output.body
  return output ?? null
}
