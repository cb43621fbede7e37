/** A call that waits for its turn. `since` is in milliseconds since 1970. */
export type Ticket = { id: string; caller: string; host: string; since: number }

/** Those who wait, in the order of their next turn; of one caller, first come first. */
export type FairQueue = readonly { caller: string; tickets: readonly Ticket[] }[]

/** The queue with one more at the end of its caller's line; a caller who is new to it comes last. */
export function enqueue(queue: FairQueue, ticket: Ticket): FairQueue {
  const known = queue.some(({ caller }) => caller === ticket.caller)
  if (!known) return [...queue, { caller: ticket.caller, tickets: [ticket] }]
  return queue.map((line) => (line.caller === ticket.caller ? { ...line, tickets: [...line.tickets, ticket] } : line))
}

/**
 * Takes out who is next among those that may go, and puts their caller behind all others: so every caller gets one turn
 * a round, however many calls it has waiting.
 */
export function takeNext(queue: FairQueue, mayGo: (ticket: Ticket) => boolean): [Ticket, FairQueue] | null {
  for (const [index, { caller, tickets }] of queue.entries()) {
    const ticket = tickets.find(mayGo)
    if (!ticket) continue
    const left = tickets.filter((other) => other !== ticket)
    return [ticket, [...queue.toSpliced(index, 1), ...(left.length > 0 ? [{ caller, tickets: left }] : [])]]
  }
  return null
}

/** Parts those for whom something holds from those who go on waiting. */
export function takeOut(queue: FairQueue, isOut: (ticket: Ticket) => boolean): [Ticket[], FairQueue] {
  const out = everybody(queue).filter(isOut)
  if (out.length === 0) return [out, queue]
  const gone = new Set(out)
  const left = queue.map(({ caller, tickets }) => ({ caller, tickets: tickets.filter((ticket) => !gone.has(ticket)) }))
  return [out, left.filter(({ tickets }) => tickets.length > 0)]
}

/** All who wait. */
export function everybody(queue: FairQueue): Ticket[] {
  return queue.flatMap(({ tickets }) => tickets)
}
