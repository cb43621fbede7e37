import { DurableObject } from 'cloudflare:workers'
import type { Room, Tier } from '../context.ts'
import { openDb } from '../platform/db.ts'
import { flushUsage } from './flush.ts'
import { Ledger, type Ask, type LeaseGrant, type Rate, type Verdict } from './ledger.ts'
import type { Settlement } from './purse.ts'
import { loadTerms, ratesOf, type Terms } from './terms.ts'
import { UsageMeter } from './usage.ts'

/** A request that wants to pass. */
export type Passage = {
  workspaceId: string
  /** What its use is written down under. */
  source: string
  /** The caller's own rates; those of the workspace are the object's to know. */
  rates: readonly Rate[]
  /** None where only units ahead are asked for. */
  cost: number
  /** Units that the isolate would spend on its own. */
  ahead: number
  settle: readonly Settlement[]
  /** Of the workspace when the caller's record was read; Infinity where it was read from D1 for this request. */
  revision: number
}

/** What the object answers; `stale` where the caller's record must be read again, and nothing was counted. */
export type Answer =
  | { kind: 'stale' }
  | { kind: 'refused'; tier: Tier; rooms: Room[]; blockedBy: Room }
  | { kind: 'admitted'; tier: Tier; rooms: Room[]; lease: LeaseGrant | null; revision: number }

const FLUSH_MS = 5000
const TIDY_MS = 61_000
// A change that takes longer than this was broken off.
const CHANGE_MS = 30_000
// For clocks that do not run quite alike, and a settlement that is on its way.
const GRACE_MS = 100
const LOOK_MS = 20
// As many as storage is documented to take at once; an alarm forgets those of all keys that were used together.
const MOST_KEYS = 128

/**
 * One object per workspace (`workspace:…`) counts what its keys, its people and the workspace as a whole use, and has the
 * last word on whether a copy of a key is still good; others (`hook:…`, `ip:…`) count one thing alone.
 *
 * Every count is durable before its answer leaves: a restart forgets nothing.
 */
export class RateLimiter extends DurableObject<Env> {
  #ledger = new Ledger()
  #usage = new UsageMeter()
  #workspaceId: string | null = null
  #terms: Promise<Terms> | null = null
  /** Changes under way to keys or terms, with when each counts as broken off. */
  #changes = new Map<string, number>()
  #hasAlarm = false
  /** Waits for leases, one for all who are blocked by the same rate. */
  readonly #awaited = new Map<string, Promise<void>>()

  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    void state.blockConcurrencyWhile(async () => {
      const stored = await state.storage.list<unknown>()
      this.#ledger = new Ledger(stored)
      this.#usage = new UsageMeter(stored)
      this.#workspaceId = (stored.get('workspace') as string | undefined) ?? null
      this.#changes = new Map(stored.get('changes') as [string, number][] | undefined)
      this.#hasAlarm = (await state.storage.getAlarm()) !== null
    })
  }

  /** Counts a request of the workspace, or says why it may not pass. */
  async admit(passage: Passage): Promise<Answer> {
    this.#remember(passage.workspaceId)
    const { tier, revision, rates } = await this.#currentTerms()
    const now = Date.now()
    for (const settlement of settlementsOf(passage)) this.#close(passage.source, settlement, now)
    const isChanging = this.#changes.size > 0
    if (passage.revision !== Infinity && (isChanging || passage.revision < revision)) {
      this.#save(FLUSH_MS)
      return { kind: 'stale' }
    }
    const ahead = isChanging ? 0 : passage.ahead
    const ask = { rates: [...passage.rates, ...rates], cost: passage.cost, ahead }
    const { rooms, blockedBy, lease } = await this.#take(ask, now)
    if (!blockedBy && passage.cost > 0) this.#usage.add(passage.source, 1, passage.cost, now)
    this.#save(FLUSH_MS)
    if (blockedBy) return { kind: 'refused', tier, rooms, blockedBy }
    return { kind: 'admitted', tier, rooms, lease, revision }
  }

  /** Takes back what an isolate did not spend of a lease. Told twice, it counts once. */
  settle(source: string, settlement: Settlement): void {
    this.#close(source, settlement, Date.now())
    this.#save(FLUSH_MS)
  }

  /** Counts one more of what a plain object counts. */
  count(rate: Rate): Verdict {
    const verdict = this.#ledger.take({ rates: [rate], cost: 1, ahead: 0 }, '', Date.now())
    this.#save(TIDY_MS)
    return verdict
  }

  /**
   * Announces a change to keys or terms. When this returns, no isolate may admit anything on its own any more, and until
   * the change is ended every request is held against D1.
   */
  async beginChange(workspaceId: string): Promise<string> {
    this.#remember(workspaceId)
    const id = crypto.randomUUID()
    this.#changes.set(id, Date.now() + CHANGE_MS)
    await this.ctx.storage.put('changes', [...this.#changes])
    await this.#leasesBack()
    return id
  }

  /** The change is in D1, or will never be: what is there now is what holds. */
  async endChange(id: string): Promise<void> {
    this.#terms = null
    await this.#currentTerms()
    this.#changes.delete(id)
    await this.ctx.storage.put('changes', [...this.#changes])
  }

  /** Writes what was used until now to D1, leases that are out included. */
  async flush(): Promise<void> {
    await this.#leasesBack()
    await this.#flush()
  }

  /** A sign of life. */
  ping(): void {}

  override async alarm(): Promise<void> {
    this.#hasAlarm = false
    await this.#flush()
    const isCounting = this.#ledger.prune(Date.now())
    if (this.#workspaceId !== null) return this.#save(null)
    // Of an address that was seen once nothing shall stay behind.
    if (isCounting) this.#save(TIDY_MS)
    else await this.ctx.storage.deleteAll()
  }

  async #flush(): Promise<void> {
    const uses = this.#usage.unflushed()
    if (this.#workspaceId === null || uses.length === 0) return
    await flushUsage(openDb(this.env.DB), this.#workspaceId, uses)
    this.#usage.flushed(uses, Date.now())
    this.#save(null)
  }

  #close(source: string, { leaseId, requests, units }: Settlement, now: number): void {
    if (this.#ledger.settle(leaseId, units, now)) this.#usage.add(source, requests, units, now)
  }

  /** Refuses only once the leases are back that may hold what is lacking. */
  async #take(ask: Ask, now: number): Promise<Verdict> {
    const verdict = this.#ledger.take(ask, crypto.randomUUID(), now)
    const { blockedBy } = verdict
    if (!blockedBy || this.#ledger.leases(now - GRACE_MS, blockedBy).length === 0) return verdict
    const name = `${blockedBy.of}/${blockedBy.span}`
    const back = this.#awaited.get(name) ?? this.#leasesBack(blockedBy).finally(() => this.#awaited.delete(name))
    this.#awaited.set(name, back)
    await back
    return this.#ledger.take({ ...ask, ahead: 0 }, '', Date.now())
  }

  /** Waits until the leases that are out now are settled, or over. */
  async #leasesBack(rate?: Rate): Promise<void> {
    for (const { id, until } of this.#ledger.leases(Date.now() - GRACE_MS, rate))
      while (this.#ledger.isOut(id) && Date.now() < until + GRACE_MS) await scheduler.wait(LOOK_MS)
  }

  async #currentTerms(): Promise<Pick<Terms, 'tier' | 'revision'> & { rates: Rate[] }> {
    const now = Date.now()
    for (const [id, until] of this.#changes) {
      if (until > now) continue
      // Broken off before or after it reached D1: only D1 knows.
      this.#changes.delete(id)
      this.#terms = null
    }
    this.#terms ??= loadTerms(openDb(this.env.DB), this.#workspaceId ?? '').catch((error: unknown) => {
      this.#terms = null
      throw error
    })
    const terms = await this.#terms
    return { tier: terms.tier, revision: terms.revision, rates: ratesOf(terms) }
  }

  #remember(workspaceId: string): void {
    if (this.#workspaceId === workspaceId) return
    this.#workspaceId = workspaceId
    void this.ctx.storage.put('workspace', workspaceId)
  }

  /** Stores what has changed; the answer to whoever changed it waits for the disk, as all answers of an object do. */
  #save(alarmInMs: number | null): void {
    for (const { put, gone } of [this.#ledger.drain(), this.#usage.drain()]) {
      if (Object.keys(put).length > 0) void this.ctx.storage.put(put)
      for (let from = 0; from < gone.length; from += MOST_KEYS)
        void this.ctx.storage.delete(gone.slice(from, from + MOST_KEYS))
    }
    if (alarmInMs === null || this.#hasAlarm) return
    this.#hasAlarm = true
    void this.ctx.storage.setAlarm(Date.now() + alarmInMs)
  }
}

/** While a deployment goes out, isolates of the version before ask too: they send one settlement, or null. */
function settlementsOf({ settle }: { settle: Passage['settle'] | Settlement | null }): readonly Settlement[] {
  return [settle ?? []].flat()
}
