import { dayAt, endOf, plus, startOf } from '../../lib/days.ts'
import { inSpans, isUnit, MONTHS, type Now, todayOf } from './dates.ts'
import { NUMBER_WORDS, ORDINAL_NUMBERS } from './lexicon.ts'

/** Days in a row: the first and the last, `YYYY-MM-DD`. */
export type Span = { from: string; until: string }

const MONTH = monthPattern(MONTHS)
const CAPITALISED = monthPattern(MONTHS.map((month) => month.charAt(0).toUpperCase() + month.slice(1)))
// A month alone may be a name, or the verb "may": what stands before tells.
const BEFORE = '(?:in|of|from|since|during|until|till|before|after|through|by|for)'
const WHICH = '(?:last|this|next|past|previous|current|coming)'
const AMOUNT = `(?:\\d{1,3}|${[...NUMBER_WORDS.keys()].join('|')})`
const QUARTER = `(?:q[1-4]|(?:${[...ORDINAL_NUMBERS.keys()].slice(0, 4).join('|')}|1st|2nd|3rd|4th)\\s+quarter)`

type Read = (match: RegExpExecArray, now: Now | null) => Span | null

/** How stretches of time are written in English: "January 2026", "Q1 2026", "last month", "the past 30 days". */
export const SPANS: readonly { kind: 'date'; pattern: RegExp; value: Read }[] = [
  {
    kind: 'date',
    pattern: new RegExp(
      `\\b${MONTH}(?:\\s+\\d{4})?\\s*(?:to|through|until|till|and|-|–)\\s*${MONTH},?\\s+\\d{4}(?![\\w-])`,
      'gi',
    ),
    value: ([text]) => {
      const [first = '', second = ''] = text.match(new RegExp(MONTH, 'gi')) ?? []
      const years = text.match(/\d{4}/g) ?? []
      const [start, end] = [ofMonth(years[0], first), ofMonth(years.at(-1), second)]
      return start && end && start.from <= end.until ? { from: start.from, until: end.until } : null
    },
  },
  {
    kind: 'date',
    pattern: new RegExp(`\\b${MONTH},?\\s+\\d{4}(?![\\w-])`, 'gi'),
    value: ([text]) => ofMonth(/\d{4}$/.exec(text)?.[0], text),
  },
  {
    kind: 'date',
    pattern: new RegExp(`\\b${QUARTER}(?:,?\\s+(?:of\\s+)?\\d{4})?\\b|\\b\\d{4}[ -]q[1-4]\\b`, 'gi'),
    value: ([text], now) => {
      const year = Number(/\d{4}/.exec(text)?.[0] ?? (now ? yearOf(now) : Number.NaN))
      const said = /q([1-4])/i.exec(text)?.[1] ?? /^\d/.exec(text)?.[0]
      const quarter = said === undefined ? ORDINAL_NUMBERS.get(text.split(/\s/)[0]?.toLowerCase() ?? '') : Number(said)
      return quarter ? months(year, 3 * (quarter - 1), 3) : null
    },
  },
  {
    kind: 'date',
    pattern: new RegExp(`\\b(?:last|past|previous)\\s+${AMOUNT}\\s+(?:day|week|month|year)s?\\b`, 'gi'),
    value: ([text], now) => {
      const [, amount = '', span = ''] = text.toLowerCase().split(/\s+/)
      const count = NUMBER_WORDS.get(amount) ?? Number(amount)
      const from = inSpans(now, -count, span.replace(/s$/, ''))
      return from !== null && now ? { from, until: dayAt(now.at, now.timeZone) } : null
    },
  },
  {
    kind: 'date',
    pattern: new RegExp(`\\b${WHICH}\\s+(?:week|month|quarter|year)\\b(?!['’-])`, 'gi'),
    value: ([text], now) => {
      const [which = '', span = ''] = text.toLowerCase().split(/\s+/)
      return now ? ofCalendar(now, span, shiftOf(which)) : null
    },
  },
  {
    kind: 'date',
    pattern: new RegExp(
      `(?<=\\b${BEFORE}\\s)(?:${WHICH}\\s+)?${CAPITALISED}(?![\\w-])|\\b${WHICH}\\s+${CAPITALISED}(?![\\w-])`,
      'g',
    ),
    value: ([text], now) => (now ? nearestMonth(text, now) : null),
  },
]

function monthPattern(names: readonly string[]): string {
  const short = names.map((month) => `${month.slice(0, 3)}${month.slice(0, 3).toLowerCase() === 'sep' ? 't?' : ''}\\.?`)
  return `(?:${names.join('|')}|${short.join('|')})`
}

function shiftOf(which: string): number {
  return /^(?:last|past|previous)$/.test(which) ? -1 : /^(?:next|coming)$/.test(which) ? 1 : 0
}

function yearOf(now: Now): number {
  return new Date(todayOf(now)).getUTCFullYear()
}

function monthIn(text: string): number {
  const [name = ''] = new RegExp(MONTH, 'i').exec(text) ?? []
  return MONTHS.findIndex((month) => name !== '' && month.startsWith(name.toLowerCase().slice(0, 3)))
}

function ofMonth(year: string | undefined, text: string): Span | null {
  const month = monthIn(text)
  return year === undefined || month === -1 ? null : months(Number(year), month, 1)
}

/** So many months from the one with an index in a year on. */
function months(year: number, month: number, count: number): Span | null {
  if (!(year > 999)) return null
  return { from: day(Date.UTC(year, month, 1)), until: day(Date.UTC(year, month + count, 0)) }
}

/** A month without its year: of this one, or of the last where it would be far ahead, or where "last" is said. */
function nearestMonth(text: string, now: Now): Span | null {
  const month = monthIn(text)
  const ahead = month - new Date(todayOf(now)).getUTCMonth()
  const shift = shiftOf(text.trim().split(/\s+/)[0]?.toLowerCase() ?? '')
  const year = yearOf(now)
  if (month === -1) return null
  if (shift < 0) return months(ahead < 0 ? year : year - 1, month, 1)
  if (shift > 0) return months(ahead > 0 ? year : year + 1, month, 1)
  return months(ahead > 6 ? year - 1 : year, month, 1)
}

/** The week, month, quarter or year of today, or one before or after it; weeks begin on Monday. */
function ofCalendar({ at, timeZone }: Now, span: string, shift: number): Span | null {
  if (!isUnit(span)) return null
  const within = plus(dayAt(at, timeZone), shift, span)
  return { from: startOf(within, span), until: endOf(within, span) }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
