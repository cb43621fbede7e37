import type { Ctx } from '../context.ts'
import { Stopper, type StopSignal } from '../lib/stop.ts'
import { errorFields } from '../platform/log.ts'
import { loadTargets } from '../steps/catalogue.ts'
import type { Targets, WorkStep } from '../steps/execute.ts'
import { type StepLookup, stepsByPath } from '../steps/paths.ts'
import type { PreparedStep, StepResult } from '../steps/result.ts'
import type { Step } from '../steps/schema.ts'
import type { Action } from './machine/action.ts'
import type { RunEvent, RunFailure, StepEvent } from './machine/events.ts'
import { initialState, isFinished, reduce, stepsOf } from './machine/machine.ts'
import { isStillAsked, next } from './machine/next.ts'
import { moveOn } from './machine/outcomes.ts'
import type { RunState } from './machine/state.ts'
import { type Attempt, type Performance, performStep } from './perform.ts'
import type { RunRecord } from './record.ts'
import { type FindRequest, recoveryOf } from './recovery.ts'
import { resultOf } from './result.ts'
import { RunUsage } from './usage.ts'

/** The place a run lives in, as far as carrying it out needs one. */
export type RunHome = {
  ctx: Ctx
  /** Takes an event into the log. */
  keep(event: RunEvent): void
  /** Returns once everything kept so far outlives a crash: an effect leaves after that. */
  settle(): Promise<void>
  /** How many bytes of the run are kept. */
  bytes(): number
  /** Looks up what a step began with before. */
  requestOf(path: string): FindRequest
  /** Whether a step may be carried out here; where not, nothing more is begun. */
  takes(step: Step, path: string, state: RunState): boolean
  /** Makes what was prepared of a step, here or elsewhere. */
  make(attempt: Attempt<WorkStep>, prepared: PreparedStep, signal: StopSignal): Promise<StepResult>
  /** Comes back to the run at a time. */
  wakeAt(ms: number): void
  /** The run has ended: makes that durable and known. */
  finish(): Promise<void>
  /** How a call ended that was out when the driver was stopped. */
  late(event: StepEvent): Promise<void>
  /** Whether somebody else carries a step out that is running. */
  isElsewhere(path: string): boolean
}

/**
 * Carries a run out: does what `next` asks for and appends what happened, wherever the run lives. All it knows is in the
 * log, so that another driver can take the run up from there.
 */
export class RunDriver {
  readonly record: RunRecord
  readonly #home: RunHome
  readonly #steps: StepLookup
  readonly #usage: RunUsage
  readonly #performance: Performance
  readonly #inFlight = new Map<string, Stopper>()
  #targets: Promise<Targets> | undefined
  #state: RunState = initialState
  #stopped = false

  /** `targets` saves reading them again; `log` is what has happened to the run already. */
  constructor(home: RunHome, record: RunRecord, targets?: Targets, log: readonly RunEvent[] = []) {
    this.record = record
    this.#home = home
    this.#steps = stepsByPath(record.definition.steps)
    if (targets) this.#targets = Promise.resolve(targets)
    this.#usage = new RunUsage(record)
    this.#performance = this.#performanceOf()
    for (const event of log) this.#take(event)
  }

  get state(): RunState {
    return this.#state
  }

  /** Whether any call is out, here or elsewhere. */
  get isOut(): boolean {
    if (this.#inFlight.size > 0) return true
    // Of a run that is paused nobody looks after what was lost before it goes on.
    return this.#state.status === 'running' && stepsOf(this.#state.steps).some(([, step]) => step.status === 'running')
  }

  /** When the time that the run may take is up. */
  get deadline(): number {
    return this.#usage.deadline
  }

  /** Whether there is nothing to do until somebody or some time comes. */
  get isIdle(): boolean {
    if (isFinished(this.#state) || this.isOut) return false
    return next(this.record.definition, this.#state, Date.now()).length === 0
  }

  /** Takes note of what happened. */
  append(event: RunEvent): void {
    if (event.type === 'step.failed') for (const path of event.aborted ?? []) this.#inFlight.get(path)?.abort()
    this.#take(event)
    this.#home.keep(event)
  }

  #take(event: RunEvent): void {
    this.#state = reduce(this.#state, event)
    this.#usage.count(event)
  }

  /** Takes a run up again, after the death of its home or of one of its steps; does nothing where all goes its way. */
  resume(): void {
    if (this.#state.status !== 'running') return
    const isOut = (path: string) => this.#inFlight.has(path) || this.#home.isElsewhere(path)
    const event = recoveryOf(this.#steps, this.#state, isOut, Date.now())
    if (event) this.append(event)
    this.advance()
  }

  /** Does what there is to do; what only moves the state on is done at once, and may give more to do. */
  advance(): void {
    while (!this.#stopped && this.#isWithinLimits()) {
      const actions = next(this.record.definition, this.#state, Date.now())
      const events = actions.flatMap((action) => moveOn(action, Date.now()) ?? [])
      for (const event of events) this.append(event)
      // What was asked for beside these may not be wanted after them.
      if (events.length > 0) continue
      for (const action of actions) if (!this.#stopped) this.#carryOut(action)
      return
    }
  }

  /** Begins nothing more and takes no more note of anything: the run goes on elsewhere. */
  stop(): void {
    this.#stopped = true
  }

  /** Aborts the calls that are out. */
  abort(): void {
    for (const stopper of this.#inFlight.values()) stopper.abort()
  }

  /** Whether a run may go on, and begin so many attempts `more`; one that may not fails here, and what is out is aborted. */
  #isWithinLimits(more = 0): boolean {
    if (this.#state.status !== 'running') return true
    const message = this.#usage.exceeded(this.#home.bytes(), Date.now(), more)
    if (message === null) return true
    this.#fail({ step: null, message })
    this.abort()
    return false
  }

  #fail(error: RunFailure): void {
    this.append({ type: 'run.failed', at: Date.now(), error })
    this.#inBackground(this.#home.finish())
  }

  #carryOut(action: Action): void {
    switch (action.type) {
      case 'execute':
        if (!this.#inFlight.has(action.step)) this.#inBackground(this.#execute(action.step, action.attempt))
        return
      case 'wait':
        return this.#home.wakeAt(Math.min(action.until, this.deadline))
      case 'succeed':
        return this.#inBackground(this.#succeed())
      case 'fail':
        return this.#fail(action.error)
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
    const step = this.#steps.get(path)
    if (!step || !this.#home.takes(step, path, this.#state)) return
    const stopper = new Stopper()
    this.#inFlight.set(path, stopper)
    try {
      const event = await performStep(this.#performance, { step, path, attempt }, stopper)
      if (isFinished(this.#state)) return
      if (event && this.#stopped) return await this.#home.late(event)
      if (event) this.append(event)
    } catch (error) {
      // What could not be read may be there the next time.
      this.#targets = undefined
      if (!isFinished(this.#state) && !stopper.aborted) throw error
    } finally {
      this.#inFlight.delete(path)
    }
    this.advance()
  }

  /** The run as its steps see it. */
  #performanceOf(): Performance {
    const { ctx } = this.#home
    const { definition } = this.record
    return {
      ctx,
      record: this.record,
      steps: this.#steps,
      state: () => this.#state,
      requestOf: (path) => this.#home.requestOf(path),
      targets: () => (this.#targets ??= loadTargets(ctx, definition.steps)),
      isStillAsked: (before, { path, attempt }) =>
        !this.#stopped &&
        isStillAsked(definition, { before, state: this.#state, now: Date.now() }, { step: path, attempt }),
      make: (attempt, prepared, signal) => this.#home.make(attempt, prepared, signal),
      mayStart: () => this.#isWithinLimits(1),
      isOver: () => this.#stopped || isFinished(this.#state),
      append: (event) => this.append(event),
      settle: async () => {
        await this.#home.settle()
        // Only what is written has a size; a run that is beyond its limit then lets nothing out.
        this.#isWithinLimits()
      },
    }
  }

  async #succeed(): Promise<void> {
    const isWanted = () => this.#state.status === 'running' && !this.#stopped
    if (!isWanted()) return
    const at = Date.now()
    const result = await resultOf(this.record, this.#steps, this.#state, at)
    if (!isWanted()) return
    if (result.status === 'succeeded') this.append({ type: 'run.succeeded', at, output: result.output })
    else this.append({ type: 'run.failed', at, error: result.error })
    await this.#home.finish()
  }

  #inBackground(work: Promise<void>): void {
    // Whatever this was, the alarm of the run's object takes the run up again from where the log ends.
    work.catch((error: unknown) => this.#home.ctx.log.error('run interrupted', errorFields(error)))
  }
}
