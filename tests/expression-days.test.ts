import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { endOf, plus, startOf, UNITS } from '../src/lib/days.ts'
import { atMoment, type ExpressionScope } from '../src/steps/expression-moment.ts'
import { evaluate } from '../src/steps/expressions.ts'

const scopeAt = (at: string) => {
  const scope: ExpressionScope = { input: { zone: 'Asia/Tokyo' }, steps: {}, run: { id: 'run_1', startedAt: at } }
  return atMoment(scope, { at: Date.parse(at), seed: 'a' })
}
const run = (expression: string, at = '2026-03-29T23:30:00Z') => evaluate(`{{ ${expression} }}`, scopeAt(at))

describe('days in expressions', () => {
  it.each([
    ['$today()', '2026-03-29'],
    ['$today("Europe/Berlin")', '2026-03-30'],
    ['$today(input.zone)', '2026-03-30'],
    ['$today("America/New_York")', '2026-03-29'],
    ['$plus("2026-01-31", 1, "month")', '2026-02-28'],
    ['$plus("2028-02-29", -1, "year")', '2027-02-28'],
    ['$plus($today(), -2, "week")', '2026-03-15'],
    ['$plus("2026-11-30", 1, "quarter")', '2027-02-28'],
    ['$startOf("2026-11-29", "week")', '2026-11-23'],
    ['$startOf("2026-11-29", "quarter")', '2026-10-01'],
    ['$endOf("2028-02-10", "month")', '2028-02-29'],
    ['$endOf($plus($today(), -1, "year"), "year")', '2025-12-31'],
    ['$atTime("2026-03-29", "08:30", "Europe/Berlin")', '2026-03-29T08:30:00+02:00'],
    ['$atTime("2026-03-28", "08:30", "Europe/Berlin")', '2026-03-28T08:30:00+01:00'],
    ['$atTime("2026-03-28", "00:00")', '2026-03-28T00:00:00Z'],
    ['"2026-03-28" ~> $plus(1, "day")', '2026-03-29'],
  ])('%s is %s', async (expression, expected) => {
    expect(await run(expression)).toBe(expected)
  })

  it.each([
    ['$today("Berlin")', /"Berlin" is no time zone/],
    ['$plus("31.1.2026", 1, "day")', /"31\.1\.2026" is no day, YYYY-MM-DD/],
    ['$plus("2026-01-31", 0.5, "day")', /whole numbers/],
    ['$plus("2026-01-31", 1, "fortnight")', /"fortnight" is no unit: day, week, month, quarter, year/],
    ['$atTime("2026-01-31", "25:00")', /"25:00" is no time/],
  ])('%s says what is wrong', async (expression, message) => {
    await expect(run(expression)).rejects.toThrow(message)
  })

  it('keep to the moment of the run, however late they are evaluated', async () => {
    const scope = scopeAt('2001-01-01T00:00:00Z')
    expect(await evaluate('{{ $today() }} {{ $today("Pacific/Kiritimati") }}', scope)).toBe('2001-01-01 2001-01-01')
  })
})

describe('units of the calendar', () => {
  const day = fc
    .date({ min: new Date('1970-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  const unit = fc.constantFrom(...UNITS)

  it('hold their days, and follow each other without a gap', () => {
    fc.assert(
      fc.property(day, unit, (some, of) => {
        const [first, last] = [startOf(some, of), endOf(some, of)]
        expect(first <= some && some <= last).toBe(true)
        expect([startOf(last, of), endOf(first, of)]).toEqual([first, last])
        expect(startOf(plus(last, 1, 'day'), of)).toBe(plus(last, 1, 'day'))
        expect(plus(first, 1, of)).toBe(plus(last, 1, 'day'))
      }),
    )
  })

  it('are counted back as they were counted on, where no month is too short', () => {
    fc.assert(
      fc.property(day, unit, fc.integer({ min: -60, max: 60 }), (some, of, count) => {
        const early = `${some.slice(0, 8)}${some.slice(8) > '28' ? '28' : some.slice(8)}`
        expect(plus(plus(early, count, of), -count, of)).toBe(early)
      }),
    )
  })
})
