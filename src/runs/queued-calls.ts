import type { StopSignal } from '../lib/stop.ts'
import type { PreparedCall, StepResult } from '../steps/result.ts'

/** A call handed out to be made; the ticket says which one when it is reported. */
export type HandedOut = { ticket: string; call: PreparedCall }

/** Sends tickets to the queue, each with a worker's name; `delaySeconds` holds them back. */
export type SendTickets = (
  tickets: readonly { ticket: string; worker: string }[],
  delaySeconds: number,
) => Promise<void>

type Entry = {
  call: PreparedCall
  settle: (result: StepResult) => void
  /** Who makes it, or null while nobody does. */
  worker: string | null
  /** When its ticket was last sent, in milliseconds since 1970. */
  sentAt: number
  /** Why it was not made, each time. */
  history: string[]
}

// How long a worker that has made its call waits for the next one: about as long as a step takes to get ready.
const LINGER_MS = 10
const LOST_MS = 60_000
const MAX_RETURNS = 10

/**
 * Calls of a run that are made by consumers of the queue instead of its object. A ticket goes to the queue; who gets it
 * takes the call, reports how it ended, and is given the next one at hand, so that a long loop costs one message for each
 * call that is made at the same time, not one for each item. All of it is in memory: should the object die, the steps are
 * begun anew with tickets of their own, and those of before mean nothing any more.
 */
export class QueuedCalls {
  readonly #entries = new Map<string, Entry>()
  /** Those who make a call and want to know when nobody wants it any more, by worker. */
  readonly #listening = new Map<string, () => void>()
  readonly #lingering: { worker: string; give: (next: HandedOut | null) => void }[] = []
  readonly #send: SendTickets
  #unsent: string[] = []

  constructor(send: SendTickets) {
    this.#send = send
  }

  /** Has a call made; rejects when it is no longer wanted. */
  make(call: PreparedCall, signal: StopSignal): Promise<StepResult> {
    const ticket = crypto.randomUUID()
    const made = Promise.withResolvers<StepResult>()
    const stop = () => {
      const worker = this.#entries.get(ticket)?.worker
      this.#entries.delete(ticket)
      if (worker) this.#listening.get(worker)?.()
      made.reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
    const settle = (result: StepResult) => {
      signal.removeEventListener('abort', stop)
      this.#entries.delete(ticket)
      made.resolve(result)
    }
    this.#entries.set(ticket, { call, settle, worker: null, sentAt: Date.now(), history: [] })
    const free = this.#lingering.shift()
    if (free) free.give(this.#handOut(ticket, free.worker))
    else {
      // Steps that begin together go in one sending.
      if (this.#unsent.push(ticket) === 1) queueMicrotask(() => this.#sendAll())
    }
    return made.promise
  }

  /** The call of a ticket, for the worker that came with it; one that comes again gets what it had. */
  take(ticket: string, worker: string): HandedOut | null {
    const entry = this.#entries.get(ticket)
    if (entry && (entry.worker === null || entry.worker === worker)) return this.#handOut(ticket, worker)
    const [held] = [...this.#entries].find(([, { worker: holder }]) => holder === worker) ?? []
    return held === undefined ? null : this.#handOut(held, worker)
  }

  /** Returns when nobody wants the call any more that a worker makes. */
  untilUnwanted(worker: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#listening.set(worker, resolve)
    return promise.finally(() => this.#listening.delete(worker))
  }

  /** Takes note of how a call ended, and gives the worker the next one, if it wants one and there soon is one. */
  async report(ticket: string, worker: string, result: StepResult, more: boolean): Promise<HandedOut | null> {
    this.#entries.get(ticket)?.settle(result)
    if (!more) return null
    const [waiting] = [...this.#entries].find(([, entry]) => entry.worker === null) ?? []
    if (waiting !== undefined) return this.#handOut(waiting, worker)
    const next = Promise.withResolvers<HandedOut | null>()
    const place = { worker, give: next.resolve }
    this.#lingering.push(place)
    const timer = setTimeout(() => {
      const at = this.#lingering.indexOf(place)
      if (at !== -1) this.#lingering.splice(at, 1)
      next.resolve(null)
    }, LINGER_MS)
    const given = await next.promise
    clearTimeout(timer)
    return given
  }

  /** Takes a call back that could not be made now: it goes to the queue again, unless that happened too often. */
  async giveBack(ticket: string, result: StepResult, delaySeconds: number): Promise<void> {
    const entry = this.#entries.get(ticket)
    if (!entry) return
    if (entry.history.length >= MAX_RETURNS) return entry.settle(result)
    entry.history.push(result.ok ? '' : result.error.message)
    entry.worker = null
    await this.#sendNow([ticket], delaySeconds)
  }

  /** Notes why a worker failed; it may come again. */
  note(worker: string, why: string): void {
    for (const entry of this.#entries.values()) if (entry.worker === worker) entry.history.push(why)
  }

  /** Fails what a worker was given, or came for, that will not come again. */
  giveUp(ticket: string, worker: string): void {
    for (const [one, entry] of this.#entries) {
      if (entry.worker !== worker && !(one === ticket && entry.worker === null)) continue
      const reasons = [...new Set(entry.history)].join('; ') || 'nobody made it in time'
      const message = `the call was given up on the queue: ${reasons}`
      entry.settle({ ok: false, error: { code: 'DEAD_LETTER', message, retryable: false, retryAfterMs: null } })
    }
  }

  /** Sends tickets again that nobody has come with for long: a message may get lost. */
  sendAgain(): void {
    const lost = [...this.#entries].filter(([, entry]) => entry.worker === null && entry.sentAt < Date.now() - LOST_MS)
    if (lost.length > 0) void this.#sendNow(lost.map(([ticket]) => ticket))
  }

  #handOut(ticket: string, worker: string): HandedOut | null {
    const entry = this.#entries.get(ticket)
    if (!entry) return null
    entry.worker = worker
    return { ticket, call: entry.call }
  }

  #sendAll(): void {
    const tickets = this.#unsent.filter((ticket) => this.#entries.get(ticket)?.worker === null)
    this.#unsent = []
    if (tickets.length > 0) void this.#sendNow(tickets)
  }

  async #sendNow(tickets: readonly string[], delaySeconds = 0): Promise<void> {
    const at = Date.now() + delaySeconds * 1000
    for (const ticket of tickets) {
      const entry = this.#entries.get(ticket)
      if (entry) entry.sentAt = at
    }
    await this.#send(
      tickets.map((ticket) => ({ ticket, worker: crypto.randomUUID() })),
      delaySeconds,
    )
  }
}
