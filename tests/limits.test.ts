import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ledger, type Rate, type Verdict } from '../src/limits/ledger.ts'
import { addTo, secondsUntilFree, usedIn, type Window } from '../src/limits/window.ts'

const START = Date.parse('2026-01-01T00:00:00.400Z')
const perMinute = (limit: number): Rate => ({ of: 'key:a', limit, span: 60 })

/** Puts requests made at these times through one ledger. */
function pass(limit: number, times: readonly number[], ledger = new Ledger()): { ledger: Ledger; verdicts: Verdict[] } {
  const verdicts = times.map((time) => ledger.take({ rates: [perMinute(limit)], cost: 1, ahead: 0 }, '', time))
  return { ledger, verdicts }
}

const burst = (count: number) => Array.from({ length: count }, () => START)
const admittedOf = (verdicts: Verdict[]) => verdicts.map(({ admitted }) => admitted)

describe('the sliding window', () => {
  it('admits in no span of 60 seconds more than the limit, however requests come', () => {
    const gap = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 1500 }),
      fc.integer({ min: 58_000, max: 62_000 }),
      fc.integer({ min: 0, max: 90_000 }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(gap, { maxLength: 200 }), (limit, gaps) => {
        let time = START
        const times = gaps.map((gap) => (time += gap))
        const { verdicts } = pass(limit, times)
        const admitted = times.filter((_, index) => verdicts[index]?.admitted)
        for (const first of admitted) {
          const inSpan = admitted.filter((time) => time >= first && time < first + 60_000)
          expect(inSpan.length).toBeLessThanOrEqual(limit)
        }
      }),
    )
  })

  it('refuses nobody who came less often than the limit in the last 61 seconds', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 100 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), gaps, (limit, gaps) => {
        let time = START
        const ledger = new Ledger()
        const admitted: number[] = []
        const refusedAmong: number[] = []
        for (const gap of gaps) {
          time += gap
          const recent = admitted.filter((at) => at > time - 61_000).length
          if (pass(limit, [time], ledger).verdicts[0]?.admitted) admitted.push(time)
          else refusedAmong.push(recent)
        }
        for (const recent of refusedAmong) expect(recent).toBeGreaterThanOrEqual(limit)
      }),
    )
  })

  it.each([1, 2, 60, 1000])('lets exactly %i pass at once, counting down, and refuses the next', (limit) => {
    const { verdicts } = pass(limit, burst(limit + 1))
    expect(verdicts.filter(({ admitted }) => admitted)).toHaveLength(limit)
    const remaining = verdicts.map(({ rooms }) => rooms[0]?.remaining)
    expect(remaining).toEqual([...Array(limit).keys()].reverse().concat(0))
    expect(verdicts.at(-1)?.blockedBy).toMatchObject({ limit, remaining: 0 })
  })

  it('has room again when the seconds it told a refused caller to wait are over, and not one before', () => {
    const { ledger, verdicts } = pass(5, burst(6))
    const wait = verdicts.at(-1)?.blockedBy?.resetSeconds ?? 0
    expect(wait).toBeGreaterThanOrEqual(60)
    const after = pass(5, [START + (wait - 1) * 1000, START + wait * 1000], ledger)
    expect(admittedOf(after.verdicts)).toEqual([false, true])
    expect(after.verdicts[1]?.rooms[0]?.remaining).toBe(4)
  })

  it('does not count refused requests against the caller', () => {
    const { ledger } = pass(2, burst(50))
    const { verdicts } = pass(2, [START + 62_000, START + 62_000, START + 62_000], ledger)
    expect(admittedOf(verdicts)).toEqual([true, true, false])
  })

  it('gives room back piece by piece, as the requests were spread', () => {
    const { ledger } = pass(2, [START, START + 30_000])
    const { verdicts } = pass(2, [START + 61_000, START + 61_000, START + 91_000], ledger)
    expect(admittedOf(verdicts)).toEqual([true, false, true])
  })

  it('admits nothing at a limit of zero', () => {
    expect(pass(0, [START]).verdicts[0]).toMatchObject({ admitted: false, blockedBy: { remaining: 0 } })
  })

  it('keeps no more than a minute of seconds, however long it runs', () => {
    let window: Window = []
    for (let at = START; at < START + 300_000; at += 500) window = addTo(window, 60, at, 1, at)
    expect(window.length).toBeLessThanOrEqual(61)
  })

  it('keeps its slots in order and never below nothing, whatever is added and taken back when', () => {
    const move = fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: -5, max: 5 }))
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        let window: Window = []
        for (const [ms, units] of moves) window = addTo(window, 60, START + ms, units, START)
        expect(window.map(([slot]) => slot)).toEqual(window.map(([slot]) => slot).toSorted((a, b) => a - b))
        expect(window.every(([, units]) => units > 0)).toBe(true)
      }),
    )
  })
})

describe('a month', () => {
  it('counts from its first moment to its last (UTC)', () => {
    const at = Date.parse('2026-01-31T23:59:59Z')
    const window = addTo([], 'month', Date.parse('2026-01-01T00:00:00Z'), 7, at)
    expect(usedIn(window, 'month', at)).toBe(7)
    expect(usedIn(window, 'month', at + 1000)).toBe(0)
    expect(secondsUntilFree(window, 'month', 1, at)).toBe(1)
  })
})

describe('several rates', () => {
  const day: Rate = { of: 'workspace', limit: 5, span: 86_400 }

  it('count together or not at all, and the one without room is named', () => {
    const ledger = new Ledger()
    const take = (cost: number, of: string) =>
      ledger.take({ rates: [{ of, limit: 4, span: 60 }, day], cost, ahead: 0 }, '', START)
    expect(take(3, 'key:a').admitted).toBe(true)
    expect(take(3, 'key:b').blockedBy).toMatchObject({ of: 'workspace', span: 86_400 })
    // Nothing of the refused three was counted for b.
    const { admitted, rooms } = take(2, 'key:b')
    expect([admitted, rooms.map(({ remaining }) => remaining)]).toEqual([true, [2, 0]])
  })

  it('are each what was stored of them after a restart', () => {
    const { ledger } = pass(10, burst(4))
    const { put } = ledger.drain()
    expect(pass(10, [START], new Ledger(new Map(Object.entries(put)))).verdicts[0]?.rooms[0]?.remaining).toBe(5)
  })
})
