import type { Room } from '../context.ts'
import { addTo, secondsUntilFree, usedIn, type Span, type Window } from './window.ts'

/** A limit on the units of whatever `of` names: a key, a person, a workspace. */
export type Rate = Pick<Room, 'of' | 'limit' | 'span'>

/** Room for `cost` units now, and for up to `ahead` more to be spent by the asker on its own until the lease is over. */
export type Ask = { rates: readonly Rate[]; cost: number; ahead: number }

/** Units given away in advance. */
export type LeaseGrant = { id: string; units: number }

/** Whether the units were admitted; where not, `blockedBy` is the rate that had no room. */
export type Verdict = {
  admitted: boolean
  rooms: Room[]
  blockedBy: Room | null
  lease: LeaseGrant | null
}

type Lease = { windows: (readonly [key: string, span: Span])[]; units: number; until: number }

/** How long units given in advance may be spent. */
export const LEASE_MS = 1000

// Of the room that is left a lease takes a tenth: leases shrink towards the limit, and near it there are none.
const SHARE = 10
const LEAST_UNITS = 8
// A lease that nobody settled stays known for as long as its settlement may be on its way.
const FORGET_MS = 60_000

/**
 * The counts of one object: windows by rate, and the leases that are out. No I/O, no clock of its own.
 *
 * No span of any rate ever admits more than its limit. What is admitted at once is counted then; a lease is counted whole
 * when it is given, at the time it ends: whatever of it is spent, is spent before that, so it counts for at least a span
 * after its last unit. What was not spent is taken back when the lease is settled; a lease that never is, counts as spent.
 */
export class Ledger {
  readonly #windows: Map<string, Window>
  readonly #leases: Map<string, Lease>
  readonly #changed = new Set<string>()

  /** `stored` is what `drain` once gave. */
  constructor(stored: ReadonlyMap<string, unknown> = new Map()) {
    const of = <T>(prefix: string) =>
      new Map([...stored].flatMap(([key, value]) => (key.startsWith(prefix) ? [[key, value as T] as const] : [])))
    this.#windows = of<Window>('window:')
    this.#leases = of<Lease>('lease:')
  }

  /** Counts the cost against every rate, or, where one has no room, against none. `id` names the lease, if one is given. */
  take({ rates, cost, ahead }: Ask, id: string, now: number): Verdict {
    const held = rates.map((rate) => {
      const key = keyOf(rate)
      const window = this.#windows.get(key) ?? []
      return { rate, key, window, free: rate.limit - usedIn(window, rate.span, now) }
    })
    const blocked = held.find(({ free }) => free < cost)
    if (blocked) {
      const rooms = held.map(({ rate, window, free }) =>
        roomOf(rate, window, free, rate === blocked.rate ? cost : 1, now),
      )
      return { admitted: false, rooms, blockedBy: rooms[held.indexOf(blocked)] ?? null, lease: null }
    }
    const least = held.reduce((room, { free }) => Math.min(room, free), Infinity)
    const share = Math.min(ahead, Math.floor((least - cost) / SHARE))
    const units = share < LEAST_UNITS ? 0 : share
    const until = now + LEASE_MS
    const rooms = held.map(({ rate, key, window, free }) => {
      const counted = addTo(window, rate.span, now, cost, now)
      const next = units > 0 ? addTo(counted, rate.span, until, units, now) : counted
      this.#put(this.#windows, key, next)
      return roomOf(rate, next, free - cost - units, 1, now)
    })
    if (units === 0) return { admitted: true, rooms, blockedBy: null, lease: null }
    const windows = held.map(({ rate, key }) => [key, rate.span] as const)
    this.#put(this.#leases, `lease:${id}`, { windows, units, until })
    return { admitted: true, rooms, blockedBy: null, lease: { id, units } }
  }

  /** Ends a lease of which `spent` units were used. False where it is not known, or ended before. */
  settle(id: string, spent: number, now: number): boolean {
    const lease = this.#leases.get(`lease:${id}`)
    if (!lease) return false
    const unspent = Math.max(0, lease.units - spent)
    for (const [key, span] of lease.windows) {
      const window = this.#windows.get(key)
      if (window && unspent > 0) this.#put(this.#windows, key, addTo(window, span, lease.until, -unspent, now))
    }
    this.#drop(this.#leases, `lease:${id}`)
    return true
  }

  /** The leases that may still be spent, those that count against a rate where one is given, with when each ends. */
  leases(now: number, rate?: Rate): { id: string; until: number }[] {
    const window = rate && keyOf(rate)
    return [...this.#leases].flatMap(([key, { until, windows }]) =>
      until > now && (window === undefined || windows.some(([other]) => other === window))
        ? [{ id: key.slice('lease:'.length), until }]
        : [],
    )
  }

  /** Whether a lease has neither been settled nor forgotten. */
  isOut(id: string): boolean {
    return this.#leases.has(`lease:${id}`)
  }

  /** Forgets what no longer counts; whether anything is left. */
  prune(now: number): boolean {
    for (const [key, lease] of this.#leases) if (lease.until + FORGET_MS <= now) this.#drop(this.#leases, key)
    for (const [key, window] of this.#windows) {
      const span = spanOf(key)
      if (usedIn(window, span, now) === 0) this.#drop(this.#windows, key)
    }
    return this.#windows.size > 0
  }

  /** What has changed since this was last asked, as entries to be stored and keys to be removed. */
  drain(): { put: Record<string, unknown>; gone: string[] } {
    const put: Record<string, unknown> = {}
    const gone: string[] = []
    for (const key of this.#changed) {
      const value = this.#windows.get(key) ?? this.#leases.get(key)
      if (value === undefined) gone.push(key)
      else put[key] = value
    }
    this.#changed.clear()
    return { put, gone }
  }

  #put<T>(map: Map<string, T>, key: string, value: T): void {
    map.set(key, value)
    this.#changed.add(key)
  }

  #drop<T>(map: Map<string, T>, key: string): void {
    map.delete(key)
    this.#changed.add(key)
  }
}

function keyOf({ of, span }: Rate): string {
  return `window:${of}/${span}`
}

function spanOf(key: string): Span {
  const span = key.slice(key.lastIndexOf('/') + 1)
  return span === 'month' ? span : Number(span)
}

function roomOf(rate: Rate, window: Window, free: number, wanted: number, now: number): Room {
  const lacking = Math.max(1, wanted - Math.max(0, free))
  const resetSeconds = secondsUntilFree(window, rate.span, lacking, now)
  return { ...rate, remaining: Math.max(0, free), resetSeconds }
}
