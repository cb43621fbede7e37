import { dayAt, plus, UNITS, type Unit } from '../../lib/days.ts'
import { NUMBER_WORDS } from './lexicon.ts'

/** The moment that "tomorrow" counts from, in milliseconds since 1970, and the IANA zone whose day it is. */
export type Now = { at: number; timeZone: string }

/** The moment of a request, on the clocks of who asks; where nobody says where those are, on those of UTC. */
export function nowOf({ now, timeZone = 'UTC' }: { now: () => number; timeZone?: string }): Now {
  return { at: now(), timeZone }
}

export const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const MONTH = String.raw`(${MONTHS.map((month) => `${month.slice(0, 3)}(?:${month.slice(3)})?`).join('|')}|sept)\.?`
const DAY = String.raw`(\d{1,2})(?:st|nd|rd|th)?`
const YEAR = String.raw`(\d{4})`

// "Older than 30 days", "less than a week ago": a day, and on which side of it.
const AGED =
  /\b(?:older|newer|younger)\s+than\s+(?:\d{1,4}|[a-z]+)\s+(?:day|week|month|year)s?\b|\b(?:more|less)\s+than\s+(?:\d{1,4}|[a-z]+)\s+(?:day|week|month|year)s?\s+ago\b/gi

/** On which side of its day a text that says how old something is puts it; null for any other. */
export function ageSide(text: string): 'before' | 'after' | null {
  if (/^(?:older|more)\s+than\s/i.test(text)) return 'before'
  return /^(?:newer|younger|less)\s+than\s/i.test(text) ? 'after' : null
}

const JOINT = String.raw`\s*(?:\bto\b|\band\b|\buntil\b|\btill\b|\bthrough\b|–|-)\s*(?:the\s+)?`
const WITH_YEAR = String.raw`(?:,?\s+\d{4})?`
// "From 3 to 6 October", "October 3–6": the month of the one is that of the other.
const MONTH_BEHIND = new RegExp(
  String.raw`\b(from|between)\s+(?:the\s+)?${DAY}${JOINT}(?=${DAY}\s+(?:of\s+)?(${MONTH}${WITH_YEAR}))`,
  'gi',
)
const MONTH_BEFORE = new RegExp(
  String.raw`\b(from|between)\s+${MONTH}\s+${DAY}${JOINT}${DAY}(?!\d|\s+${MONTH}|[:.]\d)(,?\s+\d{4})?`,
  'gi',
)

/** A text in which both days of a stretch have their month: "from 3 to 6 October" → "from 3 October to 6 October". */
export function withMonths(text: string): string {
  return text
    .replaceAll(MONTH_BEHIND, (_, from: string, first: string, __, behind: string) => {
      return `${from} ${first} ${behind.replace(/\.$/, '')} ${/between/i.test(from) ? 'and' : 'to'} `
    })
    .replaceAll(MONTH_BEFORE, (_, from: string, month: string, first: string, last: string, ...rest) => {
      const year = typeof rest[1] === 'string' ? rest[1] : ''
      return `${from} ${month} ${first}${year} ${/between/i.test(from) ? 'and' : 'to'} ${month} ${last}${year}`
    })
}

// Behind a time of day, or what a day ends with: "3pm friday", "monday 9am", "the shift friday".
const CLOCK = String.raw`\d{1,2}(?::\d{2})?\s?(?:[AaPp]\.?[Mm]\b\.?)|\d{1,2}:\d{2}`
const PART_OF_DAY = 'morning|afternoon|evening|lunchtime'
const WEEKDAY = WEEKDAYS.map((day) => `[${day.charAt(0).toUpperCase()}${day.charAt(0)}]${day.slice(1)}`).join('|')
// A day that something is since, or up to, may be one that was.
const NO_DAY = String.raw`(?<!\b(?:since|after|before|until|till|not|of)\s+|\p{Lu}\p{Ll}+\s+)`
const UP_TO = String.raw`(?:(?!\b(?:from|until|not)\b)[^,;.!?]){1,80}`
const ENDS_DAY = String.raw`(?=\s*(?:$|[,;!?]|\.(?:\s|$))|\s+(?:and|then|please)\b)`
const SOME_DAY = `(?:${[...WEEKDAYS, 'today', 'tonight', 'tomorrow'].join('|')}|${MONTH} ${DAY}|${DAY} ${MONTH})`
const ENDS_HOUR = String.raw`(?=\s*(?:$|[,;!?]|\.(?:\s|$))|\s+(?:and|for|with|in|to|then|instead|please|sharp)\b)`
// From here on an hour of which half is not said is one of the morning.
const EARLIEST = 7

/** The hour that "at 3" is: nobody is about in the small hours. */
function likelyHour(hour: string): string | null {
  const given = Number(hour)
  return given > 23 ? null : `${String(given > 0 && given < EARLIEST ? given + 12 : given).padStart(2, '0')}:00`
}

type Read = (match: RegExpExecArray, now: Now | null) => string | null

/**
 * How dates and times of day are written in English, each with what reads it; ISO 8601 comes out. Days that count from
 * today are read only where it is known which day today is.
 */
export const DATES: readonly { kind: 'date' | 'time'; pattern: RegExp; value?: Read }[] = [
  // "Friday at 10", "at 10 on friday".
  {
    kind: 'time',
    pattern: new RegExp(
      `(?<=\\b${SOME_DAY}\\s+at\\s+)(\\d{1,2})${ENDS_HOUR}|(?<!\\b(?:charge|sell|price|bill|pay|refund|cost|costs|list|offer)s?\\b[^.;]*)(?<=\\bat\\s+)(\\d{1,2})(?=\\s+(?:on\\s+)?(?:next\\s+|this\\s+)?${SOME_DAY}\\b)`,
      'gi',
    ),
    value: ([hour]) => likelyHour(hour),
  },
  {
    kind: 'date',
    pattern: /\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w:])/g,
  },
  { kind: 'date', pattern: written(`${MONTH} ${DAY},? ${YEAR}`), value: (match) => iso(match[3], match[1], match[2]) },
  {
    kind: 'date',
    pattern: written(`${DAY} (?:of )?${MONTH},? ${YEAR}`),
    value: (match) => iso(match[3], match[2], match[1]),
  },
  // Without a year it is the next one of that day.
  { kind: 'date', pattern: written(`${MONTH} ${DAY}`), value: (match, now) => nextOf(match[1], match[2], now) },
  { kind: 'date', pattern: written(`${DAY} (?:of )?${MONTH}`), value: (match, now) => nextOf(match[2], match[1], now) },
  {
    kind: 'date',
    pattern: /\b(today|tonight|tomorrow|yesterday)\b/gi,
    value: ([word], now) => inDays(now, { tomorrow: 1, yesterday: -1 }[word.toLowerCase()] ?? 0),
  },
  {
    kind: 'date',
    pattern: AGED,
    value: ([text], now) => {
      const [, , amount = '', span = ''] = text.toLowerCase().split(/\s+/)
      return inSpans(now, -countOf(amount), span.replace(/s$/, ''))
    },
  },
  {
    kind: 'date',
    pattern:
      /\b(\d{1,3}|[a-z]+) (day|week|month|year)s? (ago|from now)\b|\bin (\d{1,3}|[a-z]+) (day|week|month|year)s?\b/gi,
    value: ([, amount, span, way, ahead, spanAhead], now) => {
      const count = countOf((amount ?? ahead ?? '').toLowerCase())
      return inSpans(now, way?.toLowerCase() === 'ago' ? -count : count, (span ?? spanAhead ?? '').toLowerCase())
    },
  },
  {
    kind: 'date',
    pattern: new RegExp(String.raw`\b(?:(next|this|last|on|coming)\s+)(${WEEKDAYS.join('|')})\b`, 'gi'),
    value: ([, which = '', weekday = ''], now) => {
      if (now === null) return null
      const today = WEEKDAYS.indexOf(weekdayOf(now))
      const ahead = (WEEKDAYS.indexOf(weekday.toLowerCase()) - today + 7) % 7
      return inDays(now, which.toLowerCase() === 'last' ? (ahead || 7) - 7 - (ahead === 0 ? 7 : 0) : ahead || 7)
    },
  },
  // The same without a word before it, where a time tells that a day is meant, or something is moved to it. In a name it is none.
  {
    kind: 'date',
    pattern: new RegExp(
      String.raw`${NO_DAY}\b(${WEEKDAY})\b(?=\s+(?:(?:at\s+)?(?:${CLOCK})|at\s+\uE001|(?:${PART_OF_DAY})\b))|(?<=(?:${CLOCK}|\bat\s+\uE001{1,2})\s+)(${WEEKDAY})\b`,
      'gu',
    ),
    value: ([weekday], now) => nextWeekday(weekday, now),
  },
  {
    kind: 'date',
    pattern: new RegExp(
      String.raw`(?<=\b(?:[Mm]ov|[Rr]eschedul|[Pp]ostpon|[Pp]ush|[Ss]hift|[Dd]elay)\p{L}*\b${UP_TO}\b(?:to|until)\s+)(${WEEKDAY})${ENDS_DAY}|(?<=\b(?:[Bb]ook|[Ss]chedule|[Rr]eserve)\b${UP_TO}\bfor\s+)(${WEEKDAY})${ENDS_DAY}`,
      'gu',
    ),
    value: ([weekday], now) => nextWeekday(weekday, now),
  },
  {
    kind: 'date',
    pattern: new RegExp(String.raw`(?<=\bsince\s+)(${WEEKDAY})${ENDS_DAY}`, 'gu'),
    value: ([weekday], now) => nextWeekday(weekday, now, -7),
  },
  {
    kind: 'time',
    pattern: /\b(\d{1,2}):(\d{2})(?::\d{2})?\s?([ap]\.?m\b\.?)?|\b(\d{1,2})\s?([ap]\.?m\b\.?)/gi,
    value: ([, hour, minute = '00', half, soleHour, soleHalf]) => clock(hour ?? soleHour, minute, half ?? soleHalf),
  },
]

/** The next day of that name, which today is not; so many days on or back. */
function nextWeekday(weekday: string, now: Now | null, on = 0): string | null {
  if (now === null) return null
  const ahead = (WEEKDAYS.indexOf(weekday.toLowerCase()) - WEEKDAYS.indexOf(weekdayOf(now)) + 7) % 7 || 7
  return inDays(now, ahead + on)
}

/** "From monday to tuesday", said on a Monday: the day that something ends on is not before the one that it begins on. */
export function notBefore(day: string, text: string, first: string): string {
  const isWeekday = WEEKDAYS.includes(text.toLowerCase())
  return isWeekday && day < first ? plus(day, 1, 'week') : day
}

function written(pattern: string): RegExp {
  return new RegExp(String.raw`\b${pattern.replaceAll(' ', String.raw`\s+`)}(?![\w-])`, 'gi')
}

/** How many a word or a number says: "three", "a", "12"; NaN where it says none. */
export function countOf(amount: string): number {
  return NUMBER_WORDS.get(amount) ?? (amount === 'a' || amount === 'an' ? 1 : Number(amount || Number.NaN))
}

function iso(year: string | undefined, month: string | undefined, day: string | undefined): string | null {
  const number = MONTHS.findIndex((name) => name.startsWith((month ?? '').toLowerCase().slice(0, 3))) + 1
  const text = `${year}-${String(number).padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`
  const time = Date.parse(text)
  return number > 0 && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : null
}

/** The day that it is now, as the midnight of it in UTC, so that days can be counted. */
export function todayOf({ at, timeZone }: Now): number {
  return Date.parse(dayAt(at, timeZone))
}

function weekdayOf({ at, timeZone }: Now): string {
  return new Intl.DateTimeFormat('en', { timeZone, weekday: 'long' }).format(at).toLowerCase()
}

function nextOf(month: string | undefined, day: string | undefined, now: Now | null): string | null {
  if (now === null) return null
  const year = new Date(todayOf(now)).getUTCFullYear()
  const text = iso(String(year), month, day)
  return text === null || Date.parse(text) >= todayOf(now) ? text : iso(String(year + 1), month, day)
}

function inDays(now: Now | null, days: number): string | null {
  return now === null ? null : plus(dayAt(now.at, now.timeZone), days, 'day')
}

/** So many days, weeks, months or years on; a day that a month does not have is its last. */
export function inSpans(now: Now | null, count: number, span: string): string | null {
  if (now === null || !Number.isFinite(count) || !isUnit(span)) return null
  return plus(dayAt(now.at, now.timeZone), count, span)
}

/** Whether a word is a span that days are counted in. */
export function isUnit(word: string): word is Unit {
  return UNITS.some((unit) => unit === word)
}

function clock(hour: string | undefined, minute: string, half: string | undefined): string | null {
  const given = Number(hour)
  if (given > 23 || Number(minute) > 59) return null
  const late = /^p/i.test(half ?? '') && given < 12
  const midnight = /^a/i.test(half ?? '') && given === 12
  return `${String(midnight ? 0 : late ? given + 12 : given).padStart(2, '0')}:${minute}`
}
