import type { Room } from '../context.ts'
import { LEASE_MS, type LeaseGrant } from './ledger.ts'

/** What was spent of a lease, for the object that gave it. */
export type Settlement = { leaseId: string; requests: number; units: number }

/** What an isolate asks its caller's object for besides room for the request itself. */
export type Want = { ahead: number; settle: readonly Settlement[] }

type Held = Settlement & {
  given: number
  left: number
  until: number
  revision: number
  rooms: readonly Room[]
  /** The next one has been asked for. */
  isRenewed: boolean
}

// Fewer requests a second than this are not worth a lease.
const HOT_UNITS = 10
// A caller that was hot comes back hot, more often than not: so long its first request brings the lease along.
const REMEMBERED_MS = 10_000
// A little more than was wanted in the second before, so that a steady caller asks about once a second.
const MARGIN = 1.25
// A request may be broken off while it asks; then another one asks.
const ASKING_MS = 5000
// Of its units or of its time, what is left of a lease when the next one is asked for.
const EARLY = 0.25

/**
 * What one isolate may spend for one caller without asking, and how much the caller has wanted lately. No I/O, no clock
 * of its own: times are those of the isolate, and a lease counts from before it was asked for, so that it ends here no
 * later than where it was given.
 */
export class Purse {
  /** Not yet settled, oldest first; the next one is there before the last one is at its end. */
  #leases: Held[] = []
  #askedAt = -Infinity
  #since = 0
  #units = 0
  /** Of the last second in which there were any, if that is not long ago. */
  #before = 0

  /** Takes units out of a lease; null where they are in none, or it was given for a newer state of the caller. */
  spend(cost: number, revision: number, now: number): readonly Room[] | null {
    for (const held of this.#leases) {
      if (held.left < cost || held.until <= now || held.revision > revision) continue
      held.left -= cost
      held.requests++
      held.units += cost
      this.#note(cost, now)
      return held.rooms.map((room) => ({ ...room, remaining: room.remaining + held.left }))
    }
    return null
  }

  /** What to ask for with a request. One at a time asks ahead; `give` follows with what it was given. */
  want(cost: number, now: number): Want {
    this.#note(cost, now)
    if (this.#isAsking(now)) return { ahead: 0, settle: [] }
    const settle = this.#close(() => true)
    return this.#isHot ? this.#askAhead(settle, now) : { ahead: 0, settle }
  }

  /**
   * What to ask for beside a request that was spent from a lease, so that the next one is there when this one is at its
   * end and nobody waits for it; null while that is not near. Once a lease; `give` follows.
   */
  renewal(now: number): Want | null {
    const last = this.#leases.at(-1)
    if (!last || last.isRenewed || !this.#isHot || this.#isAsking(now)) return null
    if (last.left > last.given * EARLY && last.until - now > LEASE_MS * EARLY) return null
    last.isRenewed = true
    return this.#askAhead(
      this.#close(({ left, until }) => left === 0 || until <= now),
      now,
    )
  }

  /** Ends the asking of what asked ahead; `askedAt` is when it did. */
  give(lease: LeaseGrant | null, rooms: readonly Room[], revision: number, askedAt: number): void {
    this.#askedAt = -Infinity
    if (!lease) return
    const { id: leaseId, units: given } = lease
    const until = askedAt + LEASE_MS
    this.#leases.push({ leaseId, given, left: given, until, revision, rooms, requests: 0, units: 0, isRenewed: false })
  }

  /** Gives up the lease of an id; what was spent of it, or null where it is not held any more. */
  close(leaseId: string): Settlement | null {
    return this.#close((held) => held.leaseId === leaseId)[0] ?? null
  }

  get #isHot(): boolean {
    return Math.max(this.#before, this.#units) >= HOT_UNITS
  }

  #isAsking(now: number): boolean {
    return now - this.#askedAt < ASKING_MS
  }

  #askAhead(settle: Settlement[], now: number): Want {
    this.#askedAt = now
    return { ahead: Math.ceil(Math.max(this.#before, this.#units) * MARGIN), settle }
  }

  #close(isOver: (held: Held) => boolean): Settlement[] {
    const over = this.#leases.filter(isOver)
    if (over.length > 0) this.#leases = this.#leases.filter((held) => !over.includes(held))
    return over.map(({ leaseId, requests, units }) => ({ leaseId, requests, units }))
  }

  #note(cost: number, now: number): void {
    if (now - this.#since >= LEASE_MS) {
      this.#before = now - this.#since < REMEMBERED_MS ? this.#units : 0
      this.#units = 0
      this.#since = now
    }
    this.#units += cost
  }
}
