import { ask, closed, sendProbe, settle, type Breaker } from './breaker.ts'
import { enqueue, everybody, takeNext, takeOut, type FairQueue, type Ticket } from './fair-queue.ts'
import { hasRoom, isScarce, learn, missed, renew, type QuotaState } from './quota.ts'
import type { RateSigns } from './rate-headers.ts'

/** A call that was let through and has not been reported yet; after `until` it counts as lost. */
type Flight = { id: string; host: string; sentAt: number; until: number }

/**
 * What the callers of one API share: how much it lets through, which of its hosts are down, and who waits. Times in
 * milliseconds since 1970.
 */
export type Budget = {
  /** The latest time it was asked at. */
  at: number
  /** The API asked for silence until then. */
  pausedUntil: number
  /** How many calls may be in flight while it is not known what the API allows; null: as many as come. */
  ramp: number | null
  quotas: Readonly<Record<string, QuotaState>>
  breakers: Readonly<Record<string, Breaker>>
  inFlight: readonly Flight[]
  queue: FairQueue
}

/** How a call ended: `failed` where the host is to blame, `unknown` where the call was given up. `id` is its ticket's, if it had one. */
export type CallReport = {
  id: string | null
  host: string
  result: 'answered' | 'failed' | 'unknown'
  status: number | null
  signs: RateSigns
}

/** A call that is not let through: the host is down, or the API's limit is used up for longer than anybody waits. */
export type Refusal = { ticket: Ticket; why: 'failing' | 'limited'; retryAfterMs: number }

/** What follows from an event: the new state, whom to let through and whom to refuse, and when to look again. */
export type Decision = { budget: Budget; admitted: Ticket[]; refused: Refusal[]; wakeAt: number | null }

/** Longest anybody waits for a turn, in milliseconds. */
export const MAX_WAIT_MS = 60_000
// Longer than any call takes (`POLICY` of egress.ts).
const LOST_AFTER_MS = 60_000
const MAX_WAITING = 2000
const MAX_QUOTAS = 8
const MAX_RAMP = 32
const LEAST_RETRY_MS = 1000
const LASTING_MS = 5000
const NO_FLIGHT: readonly Flight[] = []

/** A budget of which nothing is known. */
export const emptyBudget: Budget = {
  at: 0,
  pausedUntil: 0,
  ramp: null,
  quotas: {},
  breakers: {},
  inFlight: NO_FLIGHT,
  queue: [],
}

/** A call asks for its turn: it is among `admitted`, among `refused`, or waits until a later decision names it. */
export function admit(budget: Budget, ticket: Omit<Ticket, 'since'>, now: number): Decision {
  const current = tick(budget, now)
  const asking = { ...ticket, since: now }
  if (everybody(current.queue).length >= MAX_WAITING) {
    const retryAfterMs = Math.max(LEAST_RETRY_MS, freeAt(current) - now)
    const decision = decide(current, now)
    return { ...decision, refused: [...decision.refused, { ticket: asking, why: 'limited', retryAfterMs }] }
  }
  return decide({ ...current, queue: enqueue(current.queue, asking) }, now)
}

/** A call has ended. */
export function observe(budget: Budget, report: CallReport, now: number): Decision {
  const before = tick(budget, now)
  const { id, host, result, status, signs } = report
  const flight = before.inFlight.find((flight) => flight.id === id)
  const inFlight = flight ? before.inFlight.filter((other) => other !== flight) : before.inFlight
  const breaker = settle(before.breakers[host] ?? closed, id ?? '', result, now)
  const quotas = learnAll(before.quotas, signs, flight, now)
  const limited = status === 429
  const told = signs.retryAfterMs ?? (limited && !isUsedUp(quotas, inFlight.length) ? LEAST_RETRY_MS : 0)
  const holds = limited || (status !== null && status >= 400)
  const pausedUntil = holds ? Math.max(before.pausedUntil, now + told) : before.pausedUntil
  const ramp = limited ? 1 : nextRamp(before.ramp, result, signs)
  const breakers = { ...before.breakers, [host]: breaker }
  if (breaker === closed) delete breakers[host]
  return decide({ ...before, inFlight, breakers, quotas, pausedUntil, ramp }, now)
}

/** A caller no longer waits for its turn, or will not use the one it was given. */
export function withdraw(budget: Budget, id: string, now: number): Decision {
  const before = tick(budget, now)
  const flight = before.inFlight.find((flight) => flight.id === id)
  if (flight) {
    const signs = { quotas: [], retryAfterMs: null }
    return observe(before, { id, host: flight.host, result: 'unknown', status: null, signs }, now)
  }
  const [, queue] = takeOut(before.queue, (ticket) => ticket.id === id)
  return decide({ ...before, queue }, now)
}

/** Time has passed. */
export function wake(budget: Budget, now: number): Decision {
  return decide(tick(budget, now), now)
}

/** Whether callers have to go on asking before they call. */
export function needsWatch(budget: Budget): boolean {
  const troubled = Object.keys(budget.breakers).length > 0 || budget.ramp !== null || budget.pausedUntil > budget.at
  return (
    troubled ||
    budget.queue.length > 0 ||
    Object.values(budget.quotas).some(({ floor, unseen, limit }) => isScarce(floor - unseen, limit))
  )
}

/** Whether something holds callers back for so long that it must not be forgotten. */
export function isLasting(budget: Budget): boolean {
  const open = Object.values(budget.breakers).some(({ status }) => status !== 'closed')
  return open || freeAt(budget) > budget.at + LASTING_MS
}

/** Lets through whoever may go, in turn, and refuses whom waiting would not help. */
function decide(budget: Budget, now: number): Decision {
  const free = freeAt(budget)
  const verdict = (ticket: Ticket) => ask(budget.breakers[ticket.host] ?? closed, now)
  const [down, afterDown] = takeOut(budget.queue, (ticket) => typeof verdict(ticket) === 'object')
  const [late, queue] = takeOut(afterDown, ({ since }) => since + MAX_WAIT_MS < free || since + MAX_WAIT_MS <= now)
  const refused: Refusal[] = [
    ...down.map((ticket) => {
      const said = verdict(ticket)
      return { ticket, why: 'failing' as const, retryAfterMs: typeof said === 'object' ? said.refuseMs : 0 }
    }),
    ...late.map((ticket) => ({ ticket, why: 'limited' as const, retryAfterMs: Math.max(LEAST_RETRY_MS, free - now) })),
  ]
  let state: Budget = { ...budget, queue }
  const admitted: Ticket[] = []
  while (hasCapacity(state, now)) {
    const next = takeNext(state.queue, ({ host }) =>
      /^(go|probe)$/.test(String(ask(state.breakers[host] ?? closed, now))),
    )
    if (!next) break
    const [ticket, rest] = next
    admitted.push(ticket)
    state = send({ ...state, queue: rest }, ticket, now)
  }
  return { budget: state, admitted, refused, wakeAt: wakeAt(state, now) }
}

function send(budget: Budget, { id, host }: Ticket, now: number): Budget {
  const breaker = budget.breakers[host]
  return {
    ...budget,
    inFlight: [...budget.inFlight, { id, host, sentAt: now, until: now + LOST_AFTER_MS }],
    breakers: breaker ? { ...budget.breakers, [host]: sendProbe(breaker, id) } : budget.breakers,
  }
}

function hasCapacity({ pausedUntil, ramp, quotas, inFlight }: Budget, now: number): boolean {
  if (now < pausedUntil || (ramp !== null && inFlight.length >= ramp)) return false
  return Object.values(quotas).every((quota) => hasRoom(quota, inFlight.length))
}

/** When the API's limits let anybody through again, as far as is known. */
function freeAt({ pausedUntil, quotas, inFlight }: Budget): number {
  const blocking = Object.values(quotas).filter((quota) => !hasRoom(quota, inFlight.length))
  return Math.max(pausedUntil, ...blocking.map(({ resetAt }) => resetAt ?? 0))
}

function wakeAt(budget: Budget, now: number): number | null {
  if (budget.queue.length === 0) return null
  const resets = Object.values(budget.quotas).flatMap(({ resetAt }) => resetAt ?? [])
  const lost = budget.inFlight.map(({ until }) => until)
  const given = everybody(budget.queue).map(({ since }) => since + MAX_WAIT_MS)
  const times = [budget.pausedUntil, ...resets, ...lost, ...given].filter((time) => time > now)
  return times.reduce((first, time) => Math.min(first, time), now + MAX_WAIT_MS)
}

function isUsedUp(quotas: Budget['quotas'], inFlight: number): boolean {
  return Object.values(quotas).some((quota) => quota.resetAt !== null && !hasRoom(quota, inFlight))
}

function learnAll(quotas: Budget['quotas'], signs: RateSigns, flight: Flight | undefined, now: number) {
  const learnt: Record<string, QuotaState> = flight ? mapValues(quotas, (quota) => missed(quota, now)) : { ...quotas }
  for (const said of signs.quotas) {
    const state = learn(quotas[said.name], said, flight?.sentAt ?? null, now)
    if (state && (said.name in learnt || Object.keys(learnt).length < MAX_QUOTAS)) learnt[said.name] = state
  }
  return learnt
}

/** After a limit of unknown size was met, calls begin one by one; each that is answered makes room for one more. */
function nextRamp(ramp: number | null, result: CallReport['result'], signs: RateSigns): number | null {
  if (ramp === null || result !== 'answered') return ramp
  return signs.quotas.some(({ limit }) => limit !== null) || ramp >= MAX_RAMP ? null : ramp + 1
}

/** The budget as it is now: windows that are over are renewed, calls that never came back are given up. */
function tick(budget: Budget, now: number): Budget {
  const current = now < budget.at ? shift(budget, now - budget.at) : budget
  const lost = current.inFlight.filter(({ until }) => until <= now)
  const inFlight = current.inFlight.filter(({ until }) => until > now)
  let { breakers, ramp } = current
  for (const { id, host } of lost) {
    const breaker = breakers[host]
    if (breaker) breakers = { ...breakers, [host]: settle(breaker, id, 'unknown', now) }
  }
  const quotas: Record<string, QuotaState> = {}
  for (const [name, known] of Object.entries(current.quotas)) {
    const quota = lost.reduce((quota) => missed(quota, now), known)
    const renewed = renew(quota, now)
    if (renewed) quotas[name] = renewed
    else ramp ??= 1
  }
  return { ...current, at: now, inFlight, breakers, quotas, ramp }
}

/** A clock that was set back takes all known times with it. */
function shift(budget: Budget, by: number): Budget {
  return {
    ...budget,
    pausedUntil: budget.pausedUntil + by,
    quotas: mapValues(budget.quotas, (quota) => ({
      ...quota,
      resetAt: quota.resetAt === null ? null : quota.resetAt + by,
      since: quota.since + by,
    })),
    breakers: mapValues(budget.breakers, (breaker) => {
      if (breaker.status === 'open') return { ...breaker, until: breaker.until + by }
      return breaker.status === 'closed' ? { ...breaker, since: breaker.since + by } : breaker
    }),
    inFlight: budget.inFlight.map((flight) => ({ ...flight, sentAt: flight.sentAt + by, until: flight.until + by })),
    queue: budget.queue.map(({ caller, tickets }) => ({
      caller,
      tickets: tickets.map((ticket) => ({ ...ticket, since: ticket.since + by })),
    })),
  }
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
