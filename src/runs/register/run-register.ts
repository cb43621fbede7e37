import { DurableObject } from 'cloudflare:workers'
import { createWorld, type Ctx, systemCtx } from '../../context.ts'
import { newId } from '../../lib/ids.ts'
import { errorFields } from '../../platform/log.ts'
import { loadAllowance } from '../allowance.ts'
import type { Conditions, Refusal } from './conditions.ts'
import type { Entry } from './entry.ts'
import { giveUp } from './give-up.ts'
import { charsOf, type EntryKind, PendingEntries, type PendingEntry } from './pending.ts'
import { Seats } from './seats.ts'
import { Standing } from './standing.ts'
import { MAX_LOGS, writeEntries } from './write.ts'

const WRITE_MS = 250
const AGAIN_MS = 1000
const ALARM_MS = 10_000
// What D1 refuses for so long, though it takes what is said instead, it will never take.
const GIVE_UP_MS = 15 * 60_000
// D1 may be full or over its quota for hours and days; what is refused for longer is refused for another reason.
const OUTAGE_MS = 7 * 86_400_000
// A text in D1 has at most 2 MB; a row that comes near that is written on its own, and its fate told at once.
const MAX_CHARS = 500_000

/**
 * One object per workspace takes down what D1 is to know of runs, and writes it there many at a time. Whoever tells it
 * something has it durable when this returns: an entry is in the object's own storage then, and an alarm is set while
 * there is one. It also says whether a run may be accepted, by what it knows of the workspace.
 */
export class RunRegister extends DurableObject<Env> {
  readonly #pending: PendingEntries
  readonly #standing = new Standing()
  readonly #seats = new Seats()
  readonly #apis = new Set<string>()
  #writing: Promise<void> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #hasAlarm = false

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    this.#pending = new PendingEntries(state.storage.sql)
  }

  /**
   * Whether a run may begin that lives elsewhere for a moment; null when it may. It is one of those that are open until it is
   * told of again, and at most for as long as such a moment may be: that is remembered, and not written down.
   */
  admit(workspaceId: string, runId: string, given: Conditions | null): Promise<Refusal | null> {
    return this.#seat(workspaceId, runId, given)
  }

  /** A run begins, unless what has to hold for it does not. */
  open(entry: Entry, given: Conditions | null): Promise<Refusal | null> {
    return this.#accept(entry, 'opened', given)
  }

  /** A run has begun and ended, unless what has to hold for it does not. */
  store(entry: Entry, given: { revision: number } | null): Promise<Refusal | null> {
    return this.#accept(entry, 'stored', given)
  }

  /** A run has ended. */
  async close(entry: Entry): Promise<void> {
    await this.#take(entry, 'closed')
  }

  /** Returns when D1 has everything that the register was told before, but what D1 does not take. */
  async written(): Promise<void> {
    // What it did not take then it may take now.
    this.#pending.release()
    await this.#writeUpTo(this.#pending.last)
  }

  /** Whether it was told of the end of a run that D1 does not have, and maybe does not take. */
  hasEnd(runId: string): boolean {
    return this.#pending.hasEnd(runId)
  }

  /** Something of the workspace that runs are made from has changed. */
  changed(): void {
    this.#standing.changed()
  }

  override async alarm(): Promise<void> {
    this.#hasAlarm = false
    if (!this.#pending.any) return
    this.#setAlarm()
    this.#pending.release()
    await this.#writeAll()
  }

  async #accept(entry: Entry, kind: EntryKind, given: Partial<Conditions> | null): Promise<Refusal | null> {
    const refusal = await this.#seat(entry.workspaceId, entry.runId, given)
    if (refusal === null) await this.#take(entry, kind)
    return refusal
  }

  /** Gives a run a seat where the conditions hold: at once, so that nobody else is given the same. */
  async #seat(workspaceId: string, runId: string, given: Partial<Conditions> | null): Promise<Refusal | null> {
    const since = Date.now()
    const verdictNow = () => {
      const now = Date.now()
      return given && this.#standing.verdict(given, this.#pending.open + this.#seats.count(now), since, now)
    }
    let verdict = verdictNow()
    for (; verdict === 'look'; verdict = verdictNow()) await this.#write(workspaceId)
    if (verdict === null) this.#seats.take(runId, Date.now())
    return verdict
  }

  async #take(entry: Entry, kind: EntryKind): Promise<void> {
    this.#seats.give(entry.runId)
    for (const api of entry.apis) this.#apis.add(api)
    if (charsOf(entry) > MAX_CHARS) {
      await this.#writeUpTo(this.#pending.last)
      await writeEntries(this.#ctxOf(entry.workspaceId), [{ ...entry, kind, seq: 0 }], entry.apis)
      return
    }
    this.#pending.add(entry, kind)
    this.#setAlarm()
    this.#writeSoon(WRITE_MS)
  }

  #setAlarm(): void {
    if (this.#hasAlarm) return
    this.#hasAlarm = true
    void this.ctx.storage.setAlarm(Date.now() + ALARM_MS)
  }

  #writeSoon(ms: number): void {
    if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#writeAll(), ms)
  }

  async #writeAll(): Promise<void> {
    this.#timer = undefined
    try {
      await this.#writeUpTo(this.#pending.last)
    } catch (error) {
      this.#ctxOf(this.#pending.workspaceId).log.error('runs not written to D1', errorFields(error))
      this.#writeSoon(AGAIN_MS)
    }
  }

  async #writeUpTo(seq: number): Promise<void> {
    while (this.#pending.hasUpTo(seq)) await this.#write(this.#pending.workspaceId)
  }

  /** Writes what comes first and looks at the workspace, or joins whoever does so just now. */
  #write(workspaceId: string): Promise<void> {
    this.#writing ??= this.#writeOnce(workspaceId).finally(() => (this.#writing = null))
    return this.#writing
  }

  async #writeOnce(workspaceId: string): Promise<void> {
    const ctx = this.#ctxOf(workspaceId)
    const entries = this.#pending.first(MAX_CHARS, MAX_LOGS)
    const apis = [...this.#apis]
    const note = this.#standing.look(Date.now())
    try {
      note(await writeEntries(ctx, entries, apis))
      this.#pending.remove(entries)
      for (const api of apis) this.#apis.delete(api)
    } catch (error) {
      // Either D1 takes nothing, which this tells, or one of the entries is nothing for it.
      note(await loadAllowance(ctx))
      if (entries.length > 0) await this.#writeOneByOne(ctx, entries, error)
    }
  }

  /**
   * What D1 does not take is held back until the next alarm, so that it cannot hold up the others, and in the end given up.
   */
  async #writeOneByOne(ctx: Ctx, entries: readonly PendingEntry[], cause: unknown): Promise<void> {
    for (const [runId, ofRun] of Map.groupBy(entries, (entry) => entry.runId)) {
      try {
        await writeEntries(ctx, ofRun, [])
        this.#pending.remove(ofRun)
      } catch (error) {
        const refusedMs = Date.now() - this.#pending.hold(runId, Date.now())
        ctx.log.error('run not written to D1', { runId, refusedMs, ...errorFields(error), cause: String(cause) })
        if (refusedMs < GIVE_UP_MS) continue
        const isTold = await giveUp(ctx, runId, ofRun)
        if (isTold || refusedMs >= OUTAGE_MS) this.#pending.setAside(ofRun, String(error))
      }
    }
  }

  #ctxOf(workspaceId: string): Ctx {
    const world = createWorld(this.env, newId('req'), (work) => this.ctx.waitUntil(work))
    return systemCtx(world, workspaceId, 'system')
  }
}
