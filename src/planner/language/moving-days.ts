import { dayAt, endOf, plus, startOf, type Unit } from '../../lib/days.ts'
import { countOf, isUnit, type Now } from './dates.ts'
import { NUMBER_WORDS } from './lexicon.ts'
import { blankQuotes } from './quotes.ts'

/** A day that counts from the day it is: so many units on, and of the unit then its first or last day. */
export type MovingDay = { count: number; unit: Unit; edge: 'first' | 'last' | null }

/** What a message says of days that move on with the day it is: "last month", from its first to its last. */
export type MovingDays = { text: string; from: MovingDay; until: MovingDay }

const AMOUNT = `\\d{1,3}|an?|${[...NUMBER_WORDS.keys()].join('|')}`
const SHIFTS: Record<string, number> = { last: -1, past: -1, previous: -1, next: 1, coming: 1 }

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => readonly [MovingDay, MovingDay] | null])[] = [
  [
    /\b(today|tonight|tomorrow|yesterday)\b/gi,
    ([word]) => single({ tomorrow: 1, yesterday: -1 }[word.toLowerCase()] ?? 0, 'day'),
  ],
  [
    new RegExp(String.raw`\b(?:older|newer|younger|more|less)\s+than\s+(${AMOUNT})\s+(day|week|month|year)s?\b`, 'gi'),
    ([, amount = '', unit = '']) => counted(amount, unit, -1),
  ],
  [
    new RegExp(String.raw`\b(${AMOUNT})\s+(day|week|month|year)s?\s+(ago|from now)\b`, 'gi'),
    ([, amount = '', unit = '', way = '']) => counted(amount, unit, /ago/i.test(way) ? -1 : 1),
  ],
  [
    new RegExp(String.raw`\bin\s+(${AMOUNT})\s+(day|week|month|year)s?\b`, 'gi'),
    ([, amount = '', unit = '']) => counted(amount, unit, 1),
  ],
  [
    new RegExp(String.raw`\b(?:last|past|previous)\s+(${AMOUNT})\s+(day|week|month|year)s?\b`, 'gi'),
    ([, amount = '', unit = '']) => {
      const [from] = counted(amount, unit, -1) ?? []
      return from ? [from, { count: 0, unit: 'day', edge: null }] : null
    },
  ],
  [
    /\b(last|this|next|past|previous|current|coming)\s+(week|month|quarter|year)\b(?!['’-])/gi,
    ([, which = '', unit = '']) => {
      const named = unit.toLowerCase()
      const day = { count: SHIFTS[which.toLowerCase()] ?? 0, unit: isUnit(named) ? named : 'week' } as const
      return [
        { ...day, edge: 'first' },
        { ...day, edge: 'last' },
      ]
    },
  ],
]

/** The days of a message that count from the day it is, but for those in quotes. Pure. */
export function readMovingDays(message: string): MovingDays[] {
  const text = blankQuotes(message)
  return PATTERNS.flatMap(([pattern, read]) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const days = read(match)
      return days ? [{ text: match[0], from: days[0], until: days[1] }] : []
    }),
  )
}

/** Which day a moving one is now, `YYYY-MM-DD`. */
export function dayOf({ count, unit, edge }: MovingDay, { at, timeZone }: Now): string {
  const day = plus(dayAt(at, timeZone), count, unit)
  return edge === null ? day : edge === 'first' ? startOf(day, unit) : endOf(day, unit)
}

/** The same as JSONata, which gives the day that it is when it is evaluated. */
export function dayExpression({ count, unit, edge }: MovingDay, timeZone: string): string {
  const today = `$today(${JSON.stringify(timeZone)})`
  const day = count === 0 ? today : `$plus(${today}, ${count}, "${unit}")`
  return edge === null ? day : `$${edge === 'first' ? 'startOf' : 'endOf'}(${day}, "${unit}")`
}

function single(count: number, unit: Unit): readonly [MovingDay, MovingDay] {
  const day: MovingDay = { count, unit, edge: null }
  return [day, day]
}

function counted(amount: string, unit: string, way: 1 | -1): readonly [MovingDay, MovingDay] | null {
  const [count, named] = [countOf(amount.toLowerCase()), unit.toLowerCase()]
  return Number.isFinite(count) && isUnit(named) ? single(way * count, named) : null
}
