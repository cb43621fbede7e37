import {
  admit,
  emptyBudget,
  isLasting,
  needsWatch,
  observe,
  wake,
  withdraw,
  type Budget,
  type CallReport,
  type Decision,
} from './budget.ts'

/** What a caller is told in the end: it may call now, or why not, and when it may be worth asking again. */
export type Admission = { ok: true } | { ok: false; why: 'failing' | 'limited'; retryAfterMs: number }

/** The budget of one connection, held by its object; see `budget.ts`. */
export type TrafficKeeper = {
  /** Answers when it is the caller's turn, or when it is clear that waiting would not help. */
  admit: (ticket: { id: string; caller: string; host: string }) => Promise<Admission>
  /** Takes a caller out that no longer waits, or will not use its turn. */
  withdraw: (id: string) => Promise<void>
  /** Takes note of how a call ended; says whether callers have to go on asking. */
  observe: (report: CallReport) => Promise<{ watch: boolean }>
}

type Stored = Pick<Budget, 'pausedUntil' | 'ramp' | 'quotas' | 'breakers'>

const KEY = 'traffic'

/**
 * Keeps a budget in memory, and in `storage` what must outlive the object: that an API wants silence for an hour is not
 * to be forgotten because nobody called for a minute. Those who wait are not stored: their calls die with the object.
 */
export function keepTraffic(storage: DurableObjectStorage, now: () => number = Date.now): TrafficKeeper {
  const waiting = new Map<string, (admission: Admission) => void>()
  let budget: Budget = emptyBudget
  let stored = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let loaded: Promise<void> | undefined

  async function load(): Promise<void> {
    const kept = await storage.get<Stored>(KEY)
    if (kept) {
      budget = { ...emptyBudget, at: now(), ...kept }
      stored = true
    }
  }

  function carryOut(decision: Decision): void {
    budget = decision.budget
    for (const { id } of decision.admitted) answer(id, { ok: true })
    for (const { ticket, why, retryAfterMs } of decision.refused) answer(ticket.id, { ok: false, why, retryAfterMs })
    clearTimeout(timer)
    const { wakeAt } = decision
    if (wakeAt !== null) timer = setTimeout(() => carryOut(wake(budget, now())), Math.max(1, wakeAt - now()))
  }

  function answer(id: string, admission: Admission): void {
    waiting.get(id)?.(admission)
    waiting.delete(id)
  }

  /** Nobody waits for the disk: what is lost, the API says again. */
  function save(): void {
    const { pausedUntil, ramp, quotas, breakers } = budget
    const lasting = isLasting(budget)
    if (lasting) void storage.put<Stored>(KEY, { pausedUntil, ramp, quotas, breakers }, { allowUnconfirmed: true })
    else if (stored) void storage.delete(KEY, { allowUnconfirmed: true })
    stored = lasting
  }

  return {
    async admit(ticket) {
      await (loaded ??= load())
      return new Promise((resolve) => {
        waiting.set(ticket.id, resolve)
        carryOut(admit(budget, ticket, now()))
      })
    },
    async withdraw(id) {
      await (loaded ??= load())
      // Nobody listens any more, and a call left unanswered would keep the object in memory.
      answer(id, { ok: false, why: 'limited', retryAfterMs: 0 })
      carryOut(withdraw(budget, id, now()))
    },
    async observe(report) {
      await (loaded ??= load())
      carryOut(observe(budget, report, now()))
      save()
      return { watch: needsWatch(budget) }
    },
  }
}
