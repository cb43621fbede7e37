import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LEASE_MS, Ledger, type Rate } from '../src/limits/ledger.ts'
import { Purse, type Settlement, type Want } from '../src/limits/purse.ts'

const START = Date.parse('2026-01-01T00:00:00.400Z')

type Arrival = {
  gap: number
  isolate: number
  cost: number
  there: number
  back: number
  fate: 'crash' | 'restart' | null
}
type Tally = { admitted: { at: number; cost: number }[]; asked: number; leased: number; renewed: number }

/**
 * One limiter and many isolates whose clocks are set differently. Messages take time, isolates die with what they hold, and
 * the limiter is restarted from what it has stored.
 */
function simulate(limit: number, arrivals: readonly Arrival[]): Tally {
  const rate: Rate = { of: 'key:a', limit, span: 60 }
  const stored = new Map<string, unknown>()
  let ledger = new Ledger()
  let leases = 0
  const isolates = new Map<number, Purse>()
  const tally: Tally = { admitted: [], asked: 0, leased: 0, renewed: 0 }
  const later: { at: number; run: (at: number) => void }[] = []
  const schedule = (at: number, run: (at: number) => void) => {
    const index = later.findIndex((other) => other.at > at)
    later.splice(index === -1 ? later.length : index, 0, { at, run })
  }
  const runUntil = (time: number) => {
    for (let next = later[0]; next && next.at <= time; next = later[0]) {
      later.shift()
      next.run(next.at)
    }
  }
  const store = () => {
    const { put, gone } = ledger.drain()
    for (const [key, value] of Object.entries(put)) stored.set(key, value)
    for (const key of gone) stored.delete(key)
  }
  const settle = ({ leaseId, units }: Settlement, at: number) => {
    ledger.settle(leaseId, units, at)
    store()
  }

  const arrive = ({ isolate, cost, there, back }: Arrival, at: number) => {
    const skew = isolate * 7_777
    const purse = isolates.get(isolate) ?? new Purse()
    isolates.set(isolate, purse)
    const ask = (units: number, { ahead, settle: settlements }: Want) =>
      schedule(at + there, (now) => {
        for (const settlement of settlements) settle(settlement, now)
        const { admitted, rooms, lease } = ledger.take({ rates: [rate], cost: units, ahead }, `lease${leases++}`, now)
        store()
        if (admitted && units > 0) tally.admitted.push({ at: now, cost: units })
        schedule(now + back, (arrived) => {
          if (ahead > 0) purse.give(lease, rooms, 0, at + skew)
          if (lease)
            schedule(arrived + LEASE_MS, (over) => {
              const rest = isolates.get(isolate) === purse ? purse.close(lease.id) : null
              if (rest) schedule(over + there, (late) => settle(rest, late))
            })
          if (!admitted && units > 0 && purse.spend(units, 0, arrived + skew))
            tally.admitted.push({ at: arrived, cost: units })
        })
      })
    if (purse.spend(cost, 0, at + skew)) {
      tally.admitted.push({ at, cost })
      tally.leased++
      const renewal = purse.renewal(at + skew)
      if (!renewal) return
      tally.renewed++
      ask(0, renewal)
    } else {
      tally.asked++
      ask(cost, purse.want(cost, at + skew))
    }
  }

  let time = START
  for (const arrival of arrivals) {
    time += arrival.gap
    runUntil(time)
    if (arrival.fate === 'crash') isolates.delete(arrival.isolate)
    if (arrival.fate === 'restart') ledger = new Ledger(new Map(stored))
    arrive(arrival, time)
  }
  runUntil(Infinity)
  return tally
}

function mostInSpan(admitted: readonly { at: number; cost: number }[]): number {
  const sorted = admitted.toSorted((a, b) => a.at - b.at)
  let most = 0
  let units = 0
  let first = 0
  for (const { at, cost } of sorted) {
    units += cost
    while ((sorted[first]?.at ?? at) <= at - 60_000) units -= sorted[first++]?.cost ?? 0
    most = Math.max(most, units)
  }
  return most
}

const arrival = (isolates: number) =>
  fc.record<Arrival>({
    gap: fc.oneof(
      { weight: 60, arbitrary: fc.integer({ min: 0, max: 4 }) },
      { weight: 4, arbitrary: fc.integer({ min: 100, max: 1500 }) },
      { weight: 1, arbitrary: fc.integer({ min: 50_000, max: 62_000 }) },
    ),
    isolate: fc.integer({ min: 0, max: isolates - 1 }),
    cost: fc.constantFrom(1, 1, 1, 1, 5),
    there: fc.integer({ min: 0, max: 300 }),
    back: fc.integer({ min: 0, max: 900 }),
    fate: fc.oneof(
      { weight: 200, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constantFrom('crash' as const, 'restart' as const) },
    ),
  })

describe('leases', () => {
  it('never let a window admit more than its limit, over many isolates, late messages, crashes and restarts', () => {
    let leased = 0
    let renewed = 0
    const arrivals = fc
      .integer({ min: 1, max: 12 })
      .chain((isolates) => fc.array(arrival(isolates), { minLength: 300, maxLength: 3000, size: 'max' }))
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 3000 }), arrivals, (limit, all) => {
        const tally = simulate(limit, all)
        leased += tally.leased
        renewed += tally.renewed
        expect(mostInSpan(tally.admitted)).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 60 },
    )
    // The rule would hold without leases as well: there were many, and many of them were renewed.
    expect(leased).toBeGreaterThan(1000)
    expect(renewed).toBeGreaterThan(50)
  }, 60_000)

  it('spare a hot caller nearly every question, with the next one there before one is at its end', () => {
    const steady = Array.from({ length: 9000 }, (): Arrival => {
      return { gap: 1, isolate: 0, cost: 1, there: 20, back: 20, fate: null }
    })
    const { admitted, asked, renewed } = simulate(1_000_000, steady)
    expect(admitted).toHaveLength(9000)
    // Those before it is hot, and those that come while the first lease is on its way; leases grow from there.
    expect(asked).toBeLessThan(300)
    expect(asked + renewed).toBeLessThan(320)
  })

  it('are asked for at once by a caller that was hot seconds ago, and not by one that has become slow', () => {
    const burst = (gap: number, count: number) =>
      Array.from({ length: count }, (_, index): Arrival => {
        return { gap: index === 0 ? gap : 5, isolate: 0, cost: 1, there: 1, back: 1, fate: null }
      })
    const first = simulate(1_000_000, burst(0, 40))
    const again = simulate(1_000_000, [...burst(0, 40), ...burst(5000, 40)])
    expect(again.asked - first.asked).toBe(1)
    const slow = simulate(1_000_000, [...burst(0, 40), ...burst(5000, 1), ...burst(1500, 1), ...burst(1500, 1)])
    expect(slow.asked - first.asked).toBe(3)
  })

  it('give a hot caller all of its limit, though they shrink towards it', () => {
    const steady = Array.from({ length: 9000 }, (): Arrival => {
      return { gap: 1, isolate: 0, cost: 1, there: 1, back: 1, fate: null }
    })
    const { admitted, asked, renewed } = simulate(10_000, steady)
    expect(admitted).toHaveLength(9000)
    expect(asked + renewed).toBeLessThan(450)
  })

  it('shrink to none near the limit: of a burst over several isolates exactly the limit passes', () => {
    const all = Array.from({ length: 4000 }, (_, index): Arrival => {
      return { gap: index % 4 === 0 ? 1 : 0, isolate: index % 4, cost: 1, there: 1, back: 1, fate: null }
    })
    expect(simulate(1000, all).admitted).toHaveLength(1000)
  })

  it('give back what was not spent', () => {
    const ledger = new Ledger()
    const rates: Rate[] = [{ of: 'key:a', limit: 1000, span: 60 }]
    const { lease } = ledger.take({ rates, cost: 1, ahead: 50 }, 'a', START)
    expect(lease).toEqual({ id: 'a', units: 50 })
    expect([ledger.settle('a', 20, START + 500), ledger.settle('a', 0, START + 600)]).toEqual([true, false])
    expect(ledger.take({ rates, cost: 1, ahead: 0 }, '', START + 700).rooms[0]?.remaining).toBe(1000 - 1 - 20 - 1)
  })

  it('end in the isolate no later than where they were given, and are not spent on an older record', () => {
    const purse = new Purse()
    for (let i = 0; i < 30; i++) purse.want(1, START)
    purse.give({ id: 'a', units: 10 }, [], 3, START)
    expect(purse.spend(1, 2, START + 1)).toBeNull()
    expect(purse.spend(1, 3, START + LEASE_MS - 1)).not.toBeNull()
    expect(purse.spend(1, 3, START + LEASE_MS)).toBeNull()
  })
})
