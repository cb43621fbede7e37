import { MONTHS } from './dates.ts'
import { NUMBER_WORDS, ORDINAL_NUMBERS } from './lexicon.ts'

/** Days, and at which hour where none is told; or an interval, which has no hour. */
export type Rhythm =
  | { kind: 'interval'; cron: string; words: string }
  | { kind: 'days'; days: string; words: string; hour: number; part: string | null }
  | { kind: 'untold'; why: string }

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const WEEKDAY = '(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*'
/** The name of a day of the week, as it is written out. */
export const WEEKDAY_NAME = '(?:sun|mon|tues|wednes|thurs|fri|satur)day'
/** What joins days of the week in a list; the group is closed behind what is joined. */
export const LIST = String.raw`(?:\s*(?:,|,?\s+and|&|,?\s+or)\s*(?:every\s+|each\s+|on\s+)?`
/** Parts of the day, with their hours; in the small hours nobody is disturbed by what runs "every night". */
export const PARTS = new Map([
  ['morning', 8],
  ['noon', 12],
  ['lunchtime', 12],
  ['afternoon', 14],
  ['evening', 18],
  ['night', 2],
  ['midnight', 0],
])
/** The name of a part of the day. */
export const PART = [...PARTS.keys()].join('|')
const USUAL_HOUR = 8
const NUMBER = String.raw`\d{1,3}|other|${[...NUMBER_WORDS.keys()].join('|')}`
const ORDINAL = String.raw`\d{1,2}(?:st|nd|rd|th)|last|${[...ORDINAL_NUMBERS.keys()].join('|')}`
const EVERY = String.raw`(?:each\s+and\s+every|every\s+single|every|each)`
const OF_MONTH = String.raw`(?:of\s+(?:${EVERY}|the)\s+month|(?:${EVERY}\s+)month)`
const MINUTES = 60
const HOURS = 24

const MONTH = MONTHS.join('|')

/** How people say that something is to be done again and again; the first that fits is taken. */
const RHYTHMS: readonly (readonly [pattern: string, read: (match: readonly string[]) => Rhythm | null])[] = [
  [
    String.raw`(?:${EVERY}\s+year|yearly|annually)\s+on\s+(?:the\s+)?(?:(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(${MONTH})|(${MONTH})\s+(\d{1,2})(?:st|nd|rd|th)?)`,
    ([, day = '', month = '', monthFirst = '', dayBehind = '']) => ofYear(day || dayBehind, month || monthFirst),
  ],
  // Nothing runs more often than once a minute, and nobody says at which hours.
  [
    String.raw`${EVERY}\s+(?:(?:${NUMBER})\s+)?seconds?|(?:twice|thrice|(?:${NUMBER})\s+times)\s+(?:an?|per|${EVERY})\s+(?:hour|day|week|month|year)`,
    ([whole = '']) => ({ kind: 'untold', why: whole }),
  ],
  [
    String.raw`${EVERY}\s+(?:(${NUMBER})\s+)?(minute|hour|day|week|month|quarter|year)s?(?:\s+on\s+(?:the\s+)?(${ORDINAL}|${WEEKDAY_NAME}s?)(?:\s+day)?)?`,
    ([, count = '', unit = '', on = '']) => ofUnit(count, unit, on),
  ],
  [String.raw`${EVERY}\s+(${PART})`, ([, part = '']) => days('* * *', 'every day', part)],
  [
    String.raw`(?:${EVERY}|on)\s+(weekday|workday|work\s?day|week\s?day|business\s+day|working\s+day|weekend)s?(?:\s+(${PART})s?)?`,
    ([whole = '', kind = '', part = '']) => {
      if (/^on\s/i.test(whole) && !/s$/i.test(whole)) return null
      return /end/i.test(kind)
        ? days('* * 0,6', 'every Saturday and Sunday', part)
        : days('* * 1-5', 'Monday to Friday', part)
    },
  ],
  [
    String.raw`(?:on\s+the\s+|${EVERY}\s+)(${ORDINAL})(?:\s+(day|${WEEKDAY_NAME}))?\s+${OF_MONTH}`,
    ([, which = '', day = '']) => ofMonth(which, day),
  ],
  [
    String.raw`${EVERY}\s+(${WEEKDAY}${LIST}${WEEKDAY})*)(?:\s+(${PART})s?)?`,
    ([, list = '', part = '']) => ofWeek(list, part),
  ],
  // "On Monday" is once, "on Mondays" is not.
  [
    String.raw`on\s+(${WEEKDAY_NAME}s${LIST}${WEEKDAY_NAME}s)*)(?:\s+(${PART})s?)?`,
    ([, list = '', part = '']) => ofWeek(list, part),
  ],
  [String.raw`(${WEEKDAY_NAME}s${LIST}${WEEKDAY_NAME}s)*)`, ([, list = '']) => ofWeek(list, '')],
  [
    String.raw`weekdays|workdays|weekends|monday\s+(?:to|through)\s+friday`,
    ([whole = '']) =>
      /end/i.test(whole) ? days('* * 0,6', 'every Saturday and Sunday', '') : days('* * 1-5', 'Monday to Friday', ''),
  ],
  [String.raw`once\s+(?:an|per|every)\s+hour`, () => ofUnit('', 'hour', '')],
  [String.raw`once\s+(?:a|per)\s+(day|week|month|quarter|year)`, ([, unit = '']) => ofUnit('', unit, '')],
  [
    String.raw`(hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually)(?:\s+on\s+(?:the\s+)?(${ORDINAL}|${WEEKDAY_NAME}s?)(?:\s+day)?)?`,
    ([, adverb = '', on = '']) => ofAdverb(adverb.toLowerCase(), on),
  ],
]

/** Finds what may be a rhythm, anywhere in a text. */
export const RHYTHM = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(?:${RHYTHMS.map(([pattern]) => pattern.replaceAll(/\((?!\?)/g, '(?:')).join('|')})(?![\p{L}\p{N}-])`,
  'giu',
)
/** What a text that `RHYTHM` has found says; null where it is no rhythm after all. */
export function rhythmOf(said: string): Rhythm | null {
  for (const [pattern, read] of RHYTHMS) {
    const match = new RegExp(`^${pattern}$`, 'iu').exec(said)
    if (match) return read([...match].map((part) => part ?? ''))
  }
  return null
}

/** Some days by the last three fields of their cron expression, at the hour of a part of the day. */
export function days(cron: string, words: string, part: string): Rhythm {
  const said = part.toLowerCase()
  return { kind: 'days', days: cron, words, hour: PARTS.get(said) ?? USUAL_HOUR, part: said || null }
}

function ofUnit(said: string, unit: string, on: string): Rhythm | null {
  const word = unit.toLowerCase()
  const count =
    said === '' ? 1 : said.toLowerCase() === 'other' ? 2 : (NUMBER_WORDS.get(said.toLowerCase()) ?? Number(said))
  const every = count === 1 ? `every ${word}` : `every ${count} ${word}s`
  if (word === 'minute') return interval(count, MINUTES, count === 1 ? '* * * * *' : `*/${count} * * * *`, every)
  if (word === 'hour') return interval(count, HOURS, count === 1 ? '0 * * * *' : `0 */${count} * * *`, every)
  if (word === 'month' && on !== '' && count === 1) return ofMonth(on, '')
  if (word === 'week' && on !== '' && count === 1) return ofWeek(on, '')
  // Counted from the first of a month, or of a year, they would not be so many apart.
  if (word === 'day' && count > 1) return { kind: 'untold', why: every }
  if (count !== 1 || on !== '') return { kind: 'untold', why: every }
  return (
    {
      day: days('* * *', 'every day', ''),
      week: days('* * 1', 'every Monday', ''),
      month: days('1 * *', 'on the first of every month', ''),
      quarter: days('1 1,4,7,10 *', 'on the first of every quarter', ''),
      year: days('1 1 *', 'on 1 January', ''),
    }[word] ?? null
  )
}

/** What does not divide the hour, or the day, begins anew with each. */
function interval(count: number, whole: number, cron: string, words: string): Rhythm {
  const divides = count > 0 && count < whole && whole % count === 0
  return divides ? { kind: 'interval', cron, words } : { kind: 'untold', why: words }
}

function ofAdverb(adverb: string, on: string): Rhythm | null {
  if (adverb === 'nightly') return days('* * *', 'every day', 'night')
  const unit =
    { hourly: 'hour', daily: 'day', weekly: 'week', monthly: 'month', quarterly: 'quarter' }[adverb] ?? 'year'
  return ofUnit('', unit, on)
}

/** Days of the week by their names; null where one of them is none. */
export function ofWeek(list: string, part: string): Rhythm | null {
  const all = list.toLowerCase().matchAll(/\b(sun|mon|tue|wed|thu|fri|sat)([a-z]*)/g)
  const numbers: number[] = []
  for (const [, short = '', more = ''] of all) {
    const at = WEEKDAYS.findIndex((name) => name.toLowerCase().startsWith(short))
    const name = WEEKDAYS[at]?.toLowerCase() ?? ''
    // "Every Monet" and "every sunset" are no days.
    if (more !== '' && !name.startsWith(`${short}${more.replace(/s$/, '')}`)) return null
    numbers.push(at)
  }
  if (numbers.length === 0) return null
  const sorted = [...new Set(numbers)].toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7))
  return days(
    `* * ${[...sorted].sort((a, b) => a - b).join(',')}`,
    `every ${listOf(sorted.map((at) => WEEKDAYS[at] ?? ''))}`,
    part,
  )
}

function ofYear(day: string, month: string): Rhythm | null {
  const at = MONTHS.indexOf(month.toLowerCase())
  const name = month.charAt(0).toUpperCase() + month.slice(1).toLowerCase()
  const number = Number(day)
  // A day that comes in no year is not told.
  if (number < 1 || number > new Date(Date.UTC(2024, at + 1, 0)).getUTCDate()) return null
  return days(`${number} ${at + 1} *`, `on ${number} ${name} of every year`, '')
}

function ofMonth(which: string, day: string): Rhythm | null {
  const said = which.toLowerCase()
  const weekday = WEEKDAYS.findIndex((name) => name.toLowerCase() === day.toLowerCase())
  // "On Mondays" of a month is said with a weekday in place of a number.
  if (/day/.test(said)) return { kind: 'untold', why: `every month on ${which}` }
  const number = said === 'last' ? null : (ORDINAL_NUMBERS.get(said) ?? Number.parseInt(said, 10))
  if (number !== null && !(number >= 1 && number <= 31)) return null
  const nth = number === null ? 'last' : ordinalOf(number)
  if (weekday === -1) {
    const words = number === null ? 'on the last day of every month' : `on the ${nth} of every month`
    return days(`${number ?? 'L'} * *`, words, '')
  }
  if (number !== null && number > 4) return { kind: 'untold', why: `every ${nth} ${day} of the month` }
  return days(`* * ${weekday}#${number ?? 'L'}`, `on the ${nth} ${WEEKDAYS[weekday]} of every month`, '')
}

/** Words in one line: "a, b and c". */
export function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}
function ordinalOf(number: number): string {
  const suffix = number > 3 && number < 21 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${suffix}`
}
