import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, type Verdict, type Window } from '../src/limits/window.ts'

const START = Date.parse('2026-01-01T00:00:00.400Z')

/** Puts requests made at these times through one window. */
function pass(limit: number, times: readonly number[], window: Window = []): { window: Window; verdicts: Verdict[] } {
  const verdicts: Verdict[] = []
  for (const time of times) {
    const result = admit(window, limit, time)
    window = result.window
    verdicts.push(result.verdict)
  }
  return { window, verdicts }
}

const burst = (count: number) => Array.from({ length: count }, () => START)

describe('the sliding window', () => {
  it('admits in no span of 60 seconds more than the limit, however requests come', () => {
    const gap = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 1500 }),
      fc.integer({ min: 58_000, max: 62_000 }),
      fc.integer({ min: 0, max: 90_000 }),
    )
    const gaps = fc.array(gap, { maxLength: 200 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), gaps, (limit, gaps) => {
        let time = START
        const times = gaps.map((gap) => (time += gap))
        const { verdicts } = pass(limit, times)
        const admitted = times.filter((_, index) => verdicts[index]?.allowed)
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
        let window: Window = []
        const admitted: number[] = []
        const refusedAmong: number[] = []
        for (const gap of gaps) {
          time += gap
          const recent = admitted.filter((at) => at > time - 61_000).length
          const result = admit(window, limit, time)
          window = result.window
          if (result.verdict.allowed) admitted.push(time)
          else refusedAmong.push(recent)
        }
        for (const recent of refusedAmong) expect(recent).toBeGreaterThanOrEqual(limit)
      }),
    )
  })

  it.each([1, 2, 60, 1000])('lets exactly %i pass at once, counting down, and refuses the next', (limit) => {
    const { verdicts } = pass(limit, burst(limit + 1))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(limit)
    expect(verdicts.map(({ remaining }) => remaining)).toEqual([...Array(limit).keys()].reverse().concat(0))
    expect(verdicts.at(-1)).toMatchObject({ allowed: false, limit, remaining: 0 })
  })

  it('has room again when the seconds it told a refused caller to wait are over, and not one before', () => {
    const { window, verdicts } = pass(5, burst(6))
    const wait = verdicts.at(-1)?.resetSeconds ?? 0
    expect(wait).toBeGreaterThanOrEqual(60)
    expect(admit(window, 5, START + (wait - 1) * 1000).verdict.allowed).toBe(false)
    expect(admit(window, 5, START + wait * 1000).verdict).toMatchObject({ allowed: true, remaining: 4 })
  })

  it('does not count refused requests against the caller', () => {
    const { window } = pass(2, burst(50))
    const { verdicts } = pass(2, [START + 62_000, START + 62_000, START + 62_000], window)
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, true, false])
  })

  it('gives room back piece by piece, as the requests were spread', () => {
    const { window } = pass(2, [START, START + 30_000])
    const { verdicts } = pass(2, [START + 61_000, START + 61_000, START + 91_000], window)
    expect(verdicts.map(({ allowed }) => allowed)).toEqual([true, false, true])
  })

  it('admits nothing at a limit of zero', () => {
    expect(admit([], 0, START).verdict).toMatchObject({ allowed: false, remaining: 0 })
  })

  it('keeps no more than a minute of seconds, however long it runs', () => {
    const { window } = pass(
      1000,
      Array.from({ length: 600 }, (_, index) => START + index * 500),
    )
    expect(window.length).toBeLessThanOrEqual(61)
  })
})
