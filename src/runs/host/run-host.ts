import { DurableObject } from 'cloudflare:workers'
import { type Caller, createWorld, type Ctx, type World } from '../../context.ts'
import { AlarmClock } from '../../platform/alarm-clock.ts'
import { errorFields } from '../../platform/log.ts'
import type { Targets } from '../../steps/execute.ts'
import type { RunEvent } from '../machine/events.ts'
import type { Refusal } from '../register/conditions.ts'
import { registerOf } from '../register/register.ts'
import { type Leaving, liveShortly, type Succeeded, takesLong, toStoredEntry } from '../short-life.ts'
import { stub } from '../stub.ts'
import { type RunView, viewOf } from '../view.ts'
import { type Begun, RunJournal } from './journal.ts'
import { RunNotes } from './notes.ts'
import { MAX_RUNS } from './places.ts'
import { takeUpLost } from './take-up.ts'

const ALARM_MS = 10_000

/** A run that somebody waits for; `events` are what has happened to it already. */
export type HostedRun = Begun & { targets: Targets; began: number; events: RunEvent[] }

/** How a hosted run ended for whoever asked for it; `moved` where it goes on in its own object. */
type Answer = RunView | Refusal | 'moved'

/**
 * Carries short runs of a workspace out, a few at a time: to make an object takes as long as a handful of calls, and this one
 * is there already. What a run did is in the journal before an effect leaves. A run that succeeds within its second is taken
 * down by the register with its log; any other moves to an object of its own. After a death what the journal has moves there
 * as well: an alarm is set while there is any.
 */
export class RunHost extends DurableObject<Env> {
  readonly #journal: RunJournal
  readonly #clock = new AlarmClock()
  /** Runs that this life of the host carries out. */
  readonly #here = new Set<string>()
  /** How many runs have moved whose calls are still out, on connections of this object. */
  #moved = 0
  /** Runs of earlier lives that this one has begun to take up. */
  readonly #tried = new Set<string>()
  #hasAlarm = false
  #takingUp: Promise<void> | null = null

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#journal = new RunJournal(state.storage.sql)
    if (this.#journal.runs.length > 0) state.waitUntil(this.#takeUp())
  }

  /** Carries a run out; `busy` where there is no room for it, and nothing was done. */
  carryOut(run: HostedRun): Promise<Answer | 'busy'> {
    if (this.#here.size + this.#moved >= MAX_RUNS) return Promise.resolve('busy')
    const { runId } = run.record
    this.#here.add(runId)
    const answer = this.#live(run).finally(() => this.#here.delete(runId))
    // Whoever asked may go away before it has ended.
    this.ctx.waitUntil(answer.catch(() => undefined))
    return answer
  }

  override async alarm(): Promise<void> {
    this.#hasAlarm = false
    this.#journal.sweep()
    if (this.#journal.runs.length === 0) return
    this.#setAlarm()
    await this.#takeUp()
  }

  async #live(run: HostedRun): Promise<Answer> {
    const { record, accepted, began, events } = run
    const { runId, workspaceId } = record
    const ctx = this.#ctxOf(run)
    const admission: Promise<Refusal | null> = registerOf(ctx, workspaceId).admit(workspaceId, runId, accepted.given)
    const notes = new RunNotes(this.#journal, { record, accepted }, events)
    // One stub: what is called on it arrives in order.
    const object = stub(ctx, runId)
    const settle = async () => {
      this.#write(notes)
      await Promise.all([this.ctx.storage.sync(), admission])
    }
    const note = (event: RunEvent) => notes.note(event)
    const home = { ctx, began, admission, note, settle, bytes: () => notes.chars, object: () => object }
    try {
      const left = await liveShortly({ ...home, takes: (step) => !takesLong(step) }, run)
      // It may have ended before anybody said whether it may be here.
      const refusal = await admission
      if (refusal) return this.#forget(runId, refusal)
      return await this.#leave(ctx, run, left, notes, object)
    } catch (error) {
      // What was admitted is the journal's.
      if (await isRefused(admission)) this.#forget(runId, null)
      throw error
    }
  }

  /** Sees to it that a run is taken down, or goes on in its object. */
  async #leave(
    ctx: Ctx,
    run: HostedRun,
    left: Leaving,
    notes: RunNotes,
    object: ReturnType<typeof stub>,
  ): Promise<Answer> {
    const { record, targets, accepted, events } = run
    const log = left.why === 'succeeded' ? notes.toText() : null
    if (left.why === 'succeeded' && log !== null) {
      await this.#store(ctx, run, left.state, log, notes)
      return viewOf(record, left.state)
    }
    const handed = left.why === 'moving' ? left.handed : { events, running: [] }
    const started = object.start(record, targets, { waitMs: 0, accepted: { ...accepted, given: null }, handed })
    if (left.why === 'moving') {
      left.arrived()
      if (handed.running.length > 0) this.#keepRoom(left.back)
    }
    try {
      await started
    } catch (error) {
      // What it has done since the last effect left is not to be done anew.
      if (this.#journal.has(record.runId)) this.#write(notes)
      throw error
    }
    this.#journal.leave(record.runId)
    return 'moved'
  }

  /** A run that has moved has its place as long as its calls are out: they have connections, and others would wait for those. */
  #keepRoom(back: Promise<unknown>): void {
    this.#moved++
    this.ctx.waitUntil(back.finally(() => this.#moved--))
  }

  /** Should the register not take it down, the journal has all of it, and the alarm tries again. */
  async #store(
    ctx: Ctx,
    { record, accepted }: HostedRun,
    state: Succeeded,
    log: string,
    notes: RunNotes,
  ): Promise<void> {
    try {
      const entry = toStoredEntry(ctx, accepted.row, record, state, log)
      await registerOf(ctx, record.workspaceId).store(entry, null)
      this.#journal.leave(record.runId)
    } catch (error) {
      ctx.log.error('run not taken down', errorFields(error))
      this.#write(notes)
      await this.ctx.storage.sync()
    }
  }

  #write(notes: RunNotes): void {
    this.#setAlarm()
    notes.write()
  }

  /** Nothing stays of a run that was not accepted, and its caller is not told before. */
  #forget<Told>(runId: string, told: Told): Told {
    this.#journal.leave(runId)
    this.#journal.sweep()
    return told
  }

  /** Brings runs on their way again that an earlier life of the host has left. */
  #takeUp(): Promise<void> {
    this.#takingUp ??= this.#takeUpAll().finally(() => (this.#takingUp = null))
    return this.#takingUp
  }

  async #takeUpAll(): Promise<void> {
    for (const runId of this.#journal.runs) {
      // While others were taken up it may have come to its end.
      if (this.#here.has(runId) || !this.#journal.has(runId)) continue
      try {
        await this.#takeUpOne(runId)
      } catch (error) {
        this.#worldOf(runId).log.error('run not taken up', { runId, ...errorFields(error) })
      }
    }
  }

  async #takeUpOne(runId: string): Promise<void> {
    if (!this.#tried.has(runId)) {
      // Deaths are counted, and not that something it needs is down for a while.
      this.#tried.add(runId)
      this.#journal.countTry(runId)
      // That it is tried is known to the next life, should this be its end.
      await this.ctx.storage.sync()
    }
    const run = this.#journal.read(runId)
    await takeUpLost(this.#ctxOf(run), run)
    this.#journal.leave(runId)
    this.#tried.delete(runId)
  }

  #setAlarm(): void {
    if (this.#hasAlarm) return
    this.#hasAlarm = true
    void this.ctx.storage.setAlarm(Date.now() + ALARM_MS)
  }

  /** What a run does, it does for whoever asked for it. */
  #ctxOf({ record: { requestId }, accepted: { actor, caller } }: Begun): Ctx {
    return { ...this.#worldOf(requestId, caller), actor }
  }

  #worldOf(requestId: string, caller?: Caller): World {
    const defer = (work: Promise<unknown>) => this.ctx.waitUntil(work)
    return createWorld(this.env, requestId, defer, caller, this.#clock.set)
  }
}

/** Whether nobody said that a run may be carried out. */
function isRefused(admission: Promise<Refusal | null>): Promise<boolean> {
  return admission.then(
    (refusal) => refusal !== null,
    () => true,
  )
}
