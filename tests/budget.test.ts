import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BREAKER } from '../src/connections/traffic/breaker.ts'
import {
  admit,
  emptyBudget,
  MAX_WAIT_MS,
  needsWatch,
  observe,
  wake,
  withdraw,
  type Budget,
  type CallReport,
  type Decision,
} from '../src/connections/traffic/budget.ts'
import type { Quota, RateSigns } from '../src/connections/traffic/rate-headers.ts'

const START = Date.parse('2026-01-01T00:00:00.400Z')
const HOST = 'api.example.com'
const silent: RateSigns = { quotas: [], retryAfterMs: null }

const quota = (remaining: number, resetMs: number | null, limit: number | null = 10): Quota => ({
  name: 'default',
  limit,
  remaining,
  resetMs,
  windowMs: null,
})

const report = (id: string | null, more: Partial<CallReport> = {}): CallReport => ({
  id,
  host: HOST,
  result: 'answered',
  status: 200,
  signs: silent,
  ...more,
})

const failed = (id: string | null) => report(id, { result: 'failed', status: null })
const limited = (id: string | null, retryAfterMs: number | null) =>
  report(id, { status: 429, signs: { quotas: [], retryAfterMs } })
const ask = (id: string, caller = id, host = HOST) => ({ id, caller, host })
const names = (decision: Decision) => decision.admitted.map(({ id }) => id)

/** A budget that has seen these reports, one after the other. */
function after(reports: readonly CallReport[], now = START, budget: Budget = emptyBudget): Budget {
  return reports.reduce((known, each) => observe(known, each, now).budget, budget)
}

/** Many callers at once: what each was told, and the budget behind it. */
function askAll(budget: Budget, ids: readonly string[], now: number, callerOf = (id: string) => id) {
  const all: Decision[] = []
  for (const id of ids) {
    const decision = admit(budget, ask(id, callerOf(id)), now)
    budget = decision.budget
    all.push(decision)
  }
  return { budget, admitted: all.flatMap(names), refused: all.flatMap(({ refused }) => refused) }
}

const ids = (count: number, prefix = 'c') => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

describe('a budget of which nothing is known', () => {
  it('lets everybody through and need not be watched', () => {
    const { admitted, budget } = askAll(emptyBudget, ids(100), START)
    expect([admitted.length, needsWatch(budget)]).toEqual([100, false])
  })
})

describe('a limit', () => {
  it('lets through what is left, and the rest when the window is over', () => {
    const known = after([report(null, { signs: { quotas: [quota(3, 2000)], retryAfterMs: null } })])
    const { admitted, budget } = askAll(known, ids(20), START)
    expect(admitted).toEqual(['c0', 'c1', 'c2'])
    expect(names(wake(budget, START + 1999))).toEqual([])
    // The three in flight may count in the new window.
    expect(names(wake(budget, START + 2000))).toHaveLength(7)
  })

  it('says when to look again', () => {
    const known = after([report(null, { signs: { quotas: [quota(0, 2000)], retryAfterMs: null } })])
    expect(admit(known, ask('a'), START).wakeAt).toBe(START + 2000)
  })

  it('refuses at once whom waiting would not help, saying when it would', () => {
    const known = after([report(null, { signs: { quotas: [quota(0, 3_600_000)], retryAfterMs: null } })])
    expect(admit(known, ask('a'), START).refused).toMatchObject([{ why: 'limited', retryAfterMs: 3_600_000 }])
  })

  it('holds for the strictest of several quotas', () => {
    const quotas = [
      { ...quota(50, 60_000, 100), name: 'minute' },
      { ...quota(2, 1000, 10), name: 'second' },
    ]
    const known = after([report(null, { signs: { quotas, retryAfterMs: null } })])
    expect(askAll(known, ids(9), START).admitted).toHaveLength(2)
  })

  it('of a quota that does not say when it is whole again: begins one by one', () => {
    const known = after([report(null, { signs: { quotas: [quota(0, null, null)], retryAfterMs: null } })])
    const { budget, admitted } = askAll(known, ids(5), START)
    expect(admitted).toEqual([])
    const first = wake(budget, START + 1000)
    expect(names(first)).toEqual(['c0'])
    expect(names(observe(first.budget, report('c0'), START + 1100))).toEqual(['c1', 'c2'])
  })

  it('is not believed to have grown by an answer that comes late', () => {
    const sent = askAll(
      after([report(null, { signs: { quotas: [quota(5, 2000)], retryAfterMs: null } })]),
      ids(3),
      START,
    )
    const say = (remaining: number): RateSigns => ({ quotas: [quota(remaining, 2000)], retryAfterMs: null })
    const budget = after(
      [report('c2', { signs: say(2) }), report('c0', { signs: say(4) }), report('c1', { signs: say(3) })],
      START,
      sent.budget,
    )
    expect(askAll(budget, ids(9, 'd'), START).admitted).toHaveLength(2)
  })
})

describe('Retry-After', () => {
  it('silences everybody, and then lets one through after the other as answers come', () => {
    const { budget, admitted } = askAll(after([limited(null, 5000)]), ids(10), START)
    expect(admitted).toEqual([])
    const first = wake(budget, START + 5000)
    expect(names(first)).toEqual(['c0'])
    const second = observe(first.budget, report('c0'), START + 5100)
    expect(names(second)).toEqual(['c1', 'c2'])
    expect(names(observe(second.budget, report('c1'), START + 5200))).toEqual(['c3', 'c4'])
  })

  it('of more than anybody waits is a refusal', () => {
    const known = after([limited(null, MAX_WAIT_MS + 1)])
    expect(admit(known, ask('a'), START).refused).toMatchObject([{ why: 'limited', retryAfterMs: MAX_WAIT_MS + 1 }])
  })

  it('is missing with a 429: a second passes all the same', () => {
    expect(admit(after([limited(null, null)]), ask('a'), START).wakeAt).toBe(START + 1000)
  })
})

describe('fairness', () => {
  it('gives each caller one turn a round, and each its calls in order', () => {
    const stopped = after([report(null, { signs: { quotas: [quota(0, 1000, 6)], retryAfterMs: null } })])
    const many = askAll(stopped, ids(500, 'loop'), START, () => 'loop')
    const two = askAll(many.budget, ['x0', 'x1'], START + 1, () => 'x')
    const one = askAll(two.budget, ['y0'], START + 2, () => 'y')
    expect(names(wake(one.budget, START + 1000))).toEqual(['loop0', 'x0', 'y0', 'loop1', 'x1', 'loop2'])
  })

  it('serves no other caller twice before one that waits, whoever comes in between', () => {
    const calls = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 8 })), { maxLength: 25 })
    fc.assert(
      fc.property(calls, (calls) => {
        let budget = after([limited(null, 1000)])
        let now = START + 1000
        const served: string[] = []
        const waitingSince = new Map<string, number>()
        const take = (decision: Decision) => {
          budget = decision.budget
          for (const { caller } of decision.admitted) {
            const passed = served.slice(waitingSince.get(caller) ?? served.length)
            expect(new Set(passed).size).toBe(passed.length)
            served.push(caller)
            waitingSince.set(caller, served.length)
          }
          const left = new Set(budget.queue.map(({ caller }) => caller))
          for (const caller of waitingSince.keys()) if (!left.has(caller)) waitingSince.delete(caller)
        }
        calls.forEach(([caller, count], round) => {
          for (let n = 0; n < count; n++) {
            const name = `caller${caller}`
            if (!waitingSince.has(name)) waitingSince.set(name, served.length)
            take(admit(budget, ask(`${round}.${n}`, name), now))
          }
          now += 10
          const [flight] = budget.inFlight
          if (flight) take(observe(budget, report(flight.id), now))
        })
        while (budget.inFlight[0]) take(observe(budget, report(budget.inFlight[0].id), (now += 10)))
        expect(served).toHaveLength(calls.reduce((sum, [, count]) => sum + count, 0))
      }),
    )
  })

  it('passes over who has given up', () => {
    const { budget } = askAll(after([limited(null, 1000)]), ['a', 'b'], START)
    const left = withdraw(budget, 'a', START + 1).budget
    expect(names(wake(left, START + 1000))).toEqual(['b'])
  })

  it('gives back the turn of who gave up once it had it', () => {
    const { budget } = askAll(after([limited(null, 1000)]), ['a', 'b'], START)
    const going = wake(budget, START + 1000)
    expect([names(going), names(withdraw(going.budget, 'a', START + 1001))]).toEqual([['a'], ['b']])
  })

  it('gives up a call that is never heard of again', () => {
    const { budget } = askAll(after([limited(null, 0)]), ['a', 'b'], START)
    const later = START + MAX_WAIT_MS - 1
    expect(names(admit(wake(budget, later).budget, ask('c'), later))).toEqual([])
    expect(names(wake(admit(budget, ask('c'), later).budget, START + MAX_WAIT_MS + 1))).toContain('c')
  })
})

describe('a host that fails', () => {
  const broken = after(Array.from({ length: BREAKER.failures }, () => failed(null)))

  it('gets no more calls after so many failures in a row', () => {
    expect(
      names(admit(after(Array.from({ length: BREAKER.failures - 1 }, () => failed(null))), ask('a'), START)),
    ).toEqual(['a'])
    expect(admit(broken, ask('a'), START).refused).toMatchObject([{ why: 'failing', retryAfterMs: BREAKER.pauseMs }])
  })

  it('is not counted by what it failed long ago, nor before it last answered', () => {
    let budget = emptyBudget
    for (let n = 0; n < 20; n++) budget = observe(budget, failed(null), START + n * 20_000).budget
    expect(names(admit(budget, ask('a'), START + 400_000))).toEqual(['a'])
    const mixed = after(ids(20).map((_, n) => (n % 4 === 3 ? report(null) : failed(null))))
    expect(names(admit(mixed, ask('a'), START))).toEqual(['a'])
  })

  it('leaves other hosts of the API alone', () => {
    expect(names(admit(broken, ask('a', 'a', 'files.example.com'), START))).toEqual(['a'])
  })

  it('is probed by exactly one call, whoever asks meanwhile', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.array(fc.integer({ min: 0, max: 900 })), (count, gaps) => {
        const { budget, admitted } = askAll(broken, ids(count), START + BREAKER.pauseMs)
        expect(admitted).toEqual(['c0'])
        let probing = budget
        for (const gap of gaps) {
          const decision = wake(probing, START + BREAKER.pauseMs + gap)
          expect(names(decision)).toEqual([])
          probing = decision.budget
        }
      }),
    )
  })

  it('lets everybody through once the probe is answered', () => {
    const { budget } = askAll(broken, ids(10), START + BREAKER.pauseMs)
    const answered = observe(budget, report('c0', { status: 404 }), START + BREAKER.pauseMs + 5)
    expect([names(answered).length, needsWatch(answered.budget)]).toEqual([9, false])
  })

  it('is left alone for twice as long each time the probe fails, up to a cap', () => {
    let budget = broken
    let now = START
    const pauses: number[] = []
    for (let n = 0; n < 10; n++) {
      now += admit(budget, ask('look'), now).refused[0]?.retryAfterMs ?? 0
      const probe = admit(budget, ask(`probe${n}`), now)
      const waiting = admit(probe.budget, ask('other'), now)
      const decision = observe(waiting.budget, failed(`probe${n}`), now)
      expect(decision.refused).toMatchObject([{ ticket: { id: 'other' }, why: 'failing' }])
      pauses.push(decision.refused[0]?.retryAfterMs ?? 0)
      budget = decision.budget
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 120, 120, 120, 120].map((seconds) => seconds * 1000))
  })

  it('is probed by another call when the first gave up', () => {
    const { budget } = askAll(broken, ['a', 'b'], START + BREAKER.pauseMs)
    expect(names(withdraw(budget, 'a', START + BREAKER.pauseMs + 1))).toEqual(['b'])
  })
})

describe('time', () => {
  it('may go backwards: what was pending stays as far away as it was', () => {
    const hour = 3_600_000
    const paused = after([limited(null, 5000)])
    const back = admit(paused, ask('a'), START - hour)
    expect([names(back), names(wake(back.budget, START - hour + 5000))]).toEqual([[], ['a']])
    const open = after(Array.from({ length: BREAKER.failures }, () => failed(null)))
    expect(admit(open, ask('a'), START - hour).refused).toMatchObject([{ retryAfterMs: BREAKER.pauseMs }])
  })
})

type Sent = { id: string; arrives: number; answers: number; lost: boolean }

/**
 * An API that lets `limit` calls through in each window and says so in its answers, and callers that come as they like:
 * calls arrive after a delay, answers overtake each other, some are lost. Returns how many the API saw in each window.
 */
function simulate(input: {
  limit: number
  windowMs: number
  calls: readonly { gap: number; there: number; back: number; caller: number; lost: boolean }[]
  wholeSeconds: boolean
}) {
  const { limit, windowMs, calls, wholeSeconds } = input
  const first: RateSigns = { quotas: [quota(limit - 1, windowMs, limit)], retryAfterMs: null }
  let budget = observe(emptyBudget, report(null, { signs: first }), START).budget
  let now = START
  let window = { ends: START + windowMs, count: 1 }
  const counts: number[] = []
  const flying: (Sent & { signs: RateSigns | null })[] = []
  const pending = calls.map((call, index) => ({ ...call, id: `c${index}` }))
  const comes = pending.reduce<number[]>((times, { gap }) => [...times, (times.at(-1) ?? START) + gap], [])
  const send = (decision: Decision) => {
    budget = decision.budget
    for (const { id } of decision.admitted) {
      const call = pending[Number(id.slice(1))]
      if (call)
        flying.push({
          id,
          arrives: now + call.there,
          answers: now + call.there + call.back,
          lost: call.lost,
          signs: null,
        })
    }
    return decision.wakeAt
  }
  let wakeAt: number | null = null
  let next = 0
  for (let steps = 0; steps < 5000; steps++) {
    const arrivals = flying.filter(({ signs }) => signs === null).map(({ arrives }) => arrives)
    const answers = flying.filter(({ signs }) => signs !== null).map((call) => call.answers)
    const events = [comes[next] ?? Infinity, wakeAt ?? Infinity, ...arrivals, ...answers]
    const at = Math.min(...events)
    if (at === Infinity) break
    now = Math.max(now, at)
    const arrived = flying.find(({ signs, arrives }) => signs === null && arrives <= now)
    const answered = flying.find((call) => call.signs !== null && call.answers <= now)
    if (arrived) {
      if (now >= window.ends) {
        counts.push(window.count)
        window = { ends: now + windowMs, count: 0 }
      }
      window.count++
      const left = window.ends - now
      const resetMs = wholeSeconds ? Math.ceil(left / 1000) * 1000 : left
      arrived.signs = { quotas: [quota(Math.max(0, limit - window.count), resetMs, limit)], retryAfterMs: null }
    } else if (answered) {
      flying.splice(flying.indexOf(answered), 1)
      // The answer says how long it is from when it was given; it is read when it comes.
      const signs = answered.signs ?? silent
      const lost = report(answered.id, { result: 'unknown', status: null })
      wakeAt = send(observe(budget, answered.lost ? lost : report(answered.id, { signs }), now))
    } else if (comes[next] === now) {
      const call = pending[next++]
      if (call) wakeAt = send(admit(budget, ask(call.id, `caller${call.caller}`), now))
    } else wakeAt = send(wake(budget, now))
  }
  counts.push(window.count)
  return { counts, unsent: everybodyIn(budget) }
}

const everybodyIn = (budget: Budget) => budget.queue.flatMap(({ tickets }) => tickets).length

describe('an API that counts', () => {
  const call = fc.record({
    gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
    there: fc.integer({ min: 0, max: 150 }),
    back: fc.integer({ min: 0, max: 300 }),
    caller: fc.integer({ min: 0, max: 3 }),
    lost: fc.boolean(),
  })
  const calls = fc.array(call, { maxLength: 80 })

  it('sees in no window more calls than it allows, however they come, overtake each other and get lost', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 200, max: 5000 }),
        calls,
        fc.boolean(),
        (limit, windowMs, calls, wholeSeconds) => {
          const { counts } = simulate({ limit, windowMs, calls, wholeSeconds })
          for (const count of counts) expect(count).toBeLessThanOrEqual(limit)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('gets all calls in the end where none is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), calls, (limit, calls) => {
        const kept = calls.map((call) => ({ ...call, lost: false }))
        const { counts, unsent } = simulate({ limit, windowMs: 500, calls: kept, wholeSeconds: false })
        expect([counts.reduce((sum, count) => sum + count, 0), unsent]).toEqual([calls.length + 1, 0])
      }),
      { numRuns: 100 },
    )
  })
})
