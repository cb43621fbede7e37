import type { Room } from '../context.ts'
import { LEASE_MS, type LeaseGrant } from './ledger.ts'

/** What was spent of a lease, for the object that gave it. */
export type Settlement = { leaseId: string; requests: number; units: number }

/** What an isolate asks its caller's object for besides room for the request itself. */
export type Want = { ahead: number; settle: Settlement | null }

type Held = Settlement & { left: number; until: number; revision: number; rooms: readonly Room[] }

// Fewer requests a second than this are not worth a lease.
const HOT_UNITS = 10
// A little more than was wanted in the second before, so that a steady caller asks once a second.
const MARGIN = 1.25
// A request may be broken off while it asks; then another one asks.
const ASKING_MS = 5000

/**
 * What one isolate may spend for one caller without asking, and how much the caller has wanted lately. No I/O, no clock
 * of its own: times are those of the isolate, and a lease counts from before it was asked for, so that it ends here no
 * later than where it was given.
 */
export class Purse {
  #held: Held | null = null
  #askedAt = -Infinity
  #since = 0
  #units = 0
  #before = 0

  /** Takes units out of the lease; null where they are not in it, or it was given for a newer state of the caller. */
  spend(cost: number, revision: number, now: number): readonly Room[] | null {
    const held = this.#held
    if (!held || held.left < cost || held.until <= now || held.revision > revision) return null
    held.left -= cost
    held.requests++
    held.units += cost
    this.#note(cost, now)
    return held.rooms.map((room) => ({ ...room, remaining: room.remaining + held.left }))
  }

  /** What to ask for. One request at a time asks ahead; `give` follows with what it was given. */
  want(cost: number, now: number): Want {
    this.#note(cost, now)
    if (now - this.#askedAt < ASKING_MS) return { ahead: 0, settle: null }
    const lately = Math.max(this.#before, this.#units)
    if (lately < HOT_UNITS) return { ahead: 0, settle: this.close() }
    this.#askedAt = now
    return { ahead: Math.ceil(lately * MARGIN), settle: this.close() }
  }

  /** Ends the asking of a `want` that asked ahead; `askedAt` is when it did. */
  give(lease: LeaseGrant | null, rooms: readonly Room[], revision: number, askedAt: number): void {
    this.#askedAt = -Infinity
    if (!lease) return
    const { id: leaseId, units: left } = lease
    this.#held = { leaseId, left, until: askedAt + LEASE_MS, revision, rooms, requests: 0, units: 0 }
  }

  /** Gives up the lease, or only the one of that id; what was spent of it. */
  close(leaseId?: string): Settlement | null {
    const held = this.#held
    if (!held || (leaseId !== undefined && held.leaseId !== leaseId)) return null
    this.#held = null
    return { leaseId: held.leaseId, requests: held.requests, units: held.units }
  }

  #note(cost: number, now: number): void {
    if (now - this.#since >= LEASE_MS) {
      this.#before = now - this.#since < 2 * LEASE_MS ? this.#units : 0
      this.#units = 0
      this.#since = now
    }
    this.#units += cost
  }
}
