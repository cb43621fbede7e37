import { MONTHS } from './dates.ts'
import { NUMBER_WORDS, ORDINAL_NUMBERS } from './lexicon.ts'
import { blankQuotes } from './quotes.ts'

/** That something is to be done again and again, as a message says it. */
export type Recurrence = {
  /** The message without that. */
  rest: string
  /** What the message says of it. */
  said: string
  /** A cron expression of five fields; null where none tells just this: "every two weeks". */
  cron: string | null
  /** The time zone that is named with it; null where none is. */
  timeZone: string | null
  /** When that is: "every Monday at 08:00". */
  words: string
  /** What nobody said, and what is said and no timetable tells. */
  assumptions: string[]
}

/** Days, and at which hour where none is told; or an interval, which has no hour. */
type Rhythm =
  | { kind: 'interval'; cron: string; words: string }
  | { kind: 'days'; days: string; words: string; hour: number; part: string | null }
  | { kind: 'untold'; why: string }

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const WEEKDAY = '(?:sun|mon|tue|wed|thu|fri|sat)[a-z]*'
const WEEKDAY_NAME = '(?:sun|mon|tues|wednes|thurs|fri|satur)day'
const LIST = String.raw`(?:\s*(?:,|,?\s+and|&|,?\s+or)\s*(?:every\s+|each\s+|on\s+)?`
// In the small hours nobody is disturbed by what runs "every night".
const PARTS = new Map([
  ['morning', 8],
  ['noon', 12],
  ['lunchtime', 12],
  ['afternoon', 14],
  ['evening', 18],
  ['night', 2],
  ['midnight', 0],
])
const PART = [...PARTS.keys()].join('|')
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
const RHYTHM = new RegExp(
  String.raw`(?<![\p{L}\p{N}-])(?:${RHYTHMS.map(([pattern]) => pattern.replaceAll(/\((?!\?)/g, '(?:')).join('|')})(?![\p{L}\p{N}-])`,
  'giu',
)

const CLOCK = String.raw`\d{1,2}:\d{2}(?:\s?[ap](?:m\b|\.m\b\.?))?|\d{1,2}\s?[ap](?:m\b|\.m\b\.?)|noon|midnight`
const HOUR = String.raw`${CLOCK}|\d{1,2}(?:\s+o['’]?clock)?(?![\p{L}\p{N}]|[:.]\d)`
const TIMES = String.raw`(?:at|@)\s+(?:${HOUR})(?:\s*(?:,|and|&)\s*(?:at\s+)?(?:${HOUR}))*|(?:${CLOCK})(?:\s*(?:,|and|&)\s*(?:${CLOCK}))*`
const TIMES_BEFORE = new RegExp(String.raw`(?<![\p{L}\p{N}-])(${TIMES})\s*,?\s*(?:on\s+)?$`, 'iu')
const TIMES_BEHIND = new RegExp(String.raw`^\s*,?\s*(${TIMES})`, 'iu')
const DAYS_BEHIND = new RegExp(
  String.raw`^\s*,?\s*(?:on\s+(${WEEKDAY_NAME}s?${LIST}${WEEKDAY_NAME}s?)*)|(from\s+monday\s+to\s+friday|monday\s+to\s+friday|on\s+(?:week|work|business\s+|working\s+)days?))`,
  'iu',
)
const PART_BEHIND = new RegExp(String.raw`^\s*in\s+the\s+(${PART})\b`, 'iu')
const ZONE_BEHIND = /^\s*\(?(UTC|GMT|[A-Z][a-z]+\/[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z_]+)?)\)?(?![\p{L}\p{N}])/u
// What bounds a timetable, and no cron expression tells.
const BOUND =
  /^\s*,?\s*\b((?:until|till|starting|beginning|except|excluding|(?:from|between)\s+\d+(?::\d\d)?\s*(?:[ap]m)?\s*(?:to|and|-)\s*\d+|for\s+(?:the\s+next\s+)?\w+\s+(?:days|weeks|months|years))(?:\b[^,;.!?]*?)(?=[,;.!?]|$|\s+(?:list|show|get|send|check|cancel|delete|email|post|create|update)\b))/iu

// Before "every day" these make it a part of what is spoken of: "the sum of every day", "the report is daily".
const TIES =
  /\b(?:of|for|in|on|per|during|by|to|from|than|within|between|with|about|the|an?|is|are|was|were|be|as|or|due|held|billed|charged|running|repeating|recurring|occurring|happening|hourly|daily|weekly|monthly)\s*$|[=:]\s*$/iu
const ADVERB = /^\p{L}+ly$/u
const RELATIVE = /\b(?:that|which|who)\s+(?:\S+\s+){1,2}$/iu
const QUESTION =
  /^\s*(?:how|what|which|who|whose|when|where|why|is|are|was|were|am|has|did|(?:do|does|have)\s+(?:i|we|you|they|he|she|it|the|my|our|any|all|some))\b/iu
// They are at their time themselves: a meeting every Monday is not made, or cancelled, every Monday.
const TIMED =
  /\b(?:meeting|event|appointment|reminder|class|lesson|shift|session|booking|reservation|alarm|subscription|webinar|standup|stand-up|workshop|course|tour|flight|trip|recurring|repeating)s?\b/iu
const READS = /^\W*(?:please\s+)?(?:list|show|get|find|give|see|display|count|search|tell)\b/iu
const COUNTS = /\b(?:count|number\s+of|total|sum|average|mean|revenue|sales|turnover|how\s+(?:many|much))\b/iu
const MAKES =
  /^\W*(?:please\s+)?(?:can|could|will|would)?\s*(?:you\s+)?(?:please\s+)?(?:create|add|make|book|schedule|plan|reserve|arrange|insert|start|new|set|cancel|delete|remove|move|reschedule|change|update|edit)\b/iu

/**
 * Reads that something is to be done again and again: "every Monday at 9, list the late orders". Null where a message says
 * nothing of the kind, or says it of what it speaks of: "the report of every week", "tasks that repeat every day", "book a
 * meeting every Monday". Of what stands in quotes nothing is read. Pure.
 */
export function readRecurrence(message: string): Recurrence | null {
  const text = blankQuotes(message, '\uE010')
  for (const match of text.matchAll(RHYTHM)) {
    const found = readAt(message, text, match.index, match.index + match[0].length)
    if (found) return found
  }
  return null
}

function readAt(message: string, text: string, at: number, end: number): Recurrence | null {
  const rhythm = rhythmOf(text.slice(at, end))
  if (!rhythm) return null
  const before = TIMES_BEFORE.exec(text.slice(0, at))
  const from = before?.index ?? at
  const behind = readBehind(text.slice(end))
  const to = end + behind.length
  const [ahead, after] = [text.slice(0, from), text.slice(to)]
  // "Daily list of orders" is one of its kind, and in "the pipeline Nightly" that is its name.
  const isAdverb = ADVERB.test(text.slice(at, end))
  const isAdjective = isAdverb && (ahead.trim() === '' ? /^\s*\p{L}/u.test(after) : /^\p{Lu}/u.test(text.slice(at)))
  if (!isSaidOfAll(ahead, after) || (isAdjective && behind.length === 0)) return null
  const times = behind.times ?? before?.[1] ?? null
  // "Mondays at 9, …" is one, "show Mondays" none.
  if (
    /^(?:mon|tues|wednes|thurs|fri|satur|sun|week|work)(?:day|end)/iu.test(text.slice(at)) &&
    (times === null || ahead.trim() !== '')
  )
    return null
  // "Show the shifts on Mondays": when they are, unless an hour is told.
  if (times === null && /^on\s/iu.test(text.slice(at)) && READS.test(ahead)) return null
  // "Count the orders each month" is a row for each.
  if (times === null && COUNTS.test(ahead)) return null
  const said = message
    .slice(from, to)
    .trim()
    .replace(/^,\s*|,$/g, '')
  const rest = joined(message.slice(0, from), message.slice(to))
  const bounds = behind.bound === null ? [] : [`“${behind.bound}” is not part of the timetable`]
  const read = withTimes(behind.days ? { ...rhythm, ...behind.days } : rhythm, times, behind.part, said)
  return { rest, said, timeZone: behind.zone, ...read, assumptions: [...read.assumptions, ...bounds] }
}

/** Whether it is a request that is to be repeated, and what stands there is no part of what it speaks of. */
function isSaidOfAll(ahead: string, after: string): boolean {
  const isFirst = /^[\s"'(]*(?:(?:and|so|please|ok|okay|hi|hello|hey)[\s,]+)*$/iu.test(ahead)
  const isLast = /^\s*(?:please\s*)?(?:instead\s*)?(?:$|[.!?;,]|and\s+(?:then\s+)?\p{L}|then\s)/iu.test(after)
  if (isFirst)
    return /^\s*(?:[,:;.–-]|$|\p{L})/u.test(after) && !/^\s+(?:of|is|are|was|were|at|has|have)\b/iu.test(after)
  if (!isLast || TIES.test(ahead) || RELATIVE.test(ahead)) return false
  const sentence = ahead.slice(ahead.search(/[^.!?;]*$/))
  // Behind a colon stands what something is to say.
  if (/\S:\s+\S/.test(sentence)) return false
  return !QUESTION.test(sentence) && !(MAKES.test(sentence) && TIMED.test(sentence))
}

type Behind = {
  length: number
  times: string | null
  part: string | null
  zone: string | null
  bound: string | null
  days: Pick<Extract<Rhythm, { kind: 'days' }>, 'days' | 'words'> | null
}

/** What follows a rhythm and belongs to it, in any order. */
function readBehind(text: string): Behind {
  const found: Behind = { length: 0, times: null, part: null, zone: null, bound: null, days: null }
  for (;;) {
    const left = text.slice(found.length)
    const times = found.times === null ? TIMES_BEHIND.exec(left) : null
    const days = found.days === null ? DAYS_BEHIND.exec(left) : null
    const part = found.part === null ? PART_BEHIND.exec(left) : null
    const zone = found.zone === null ? ZONE_BEHIND.exec(left) : null
    const bound = found.bound === null ? BOUND.exec(left) : null
    const [taken] = times ?? days ?? part ?? zone ?? bound ?? []
    if (taken === undefined) return found
    if (times) found.times = times[1] ?? null
    else if (days) found.days = daysBehind(days)
    else if (part) found.part = part[1] ?? null
    else if (zone) found.zone = zone[1] === 'GMT' ? 'UTC' : (zone[1] ?? null)
    else if (bound) found.bound = (bound[1] ?? '').trim()
    found.length += taken.length
  }
}

function daysBehind([, list]: readonly (string | undefined)[]): Behind['days'] {
  const rhythm = list === undefined ? days('* * 1-5', 'Monday to Friday', '') : ofWeek(list, '')
  return rhythm?.kind === 'days' ? { days: rhythm.days, words: rhythm.words } : null
}

function rhythmOf(said: string): Rhythm | null {
  for (const [pattern, read] of RHYTHMS) {
    const match = new RegExp(`^${pattern}$`, 'iu').exec(said)
    if (match) return read([...match].map((part) => part ?? ''))
  }
  return null
}

function days(cron: string, words: string, part: string): Rhythm {
  const [, said = part] = [part, part.toLowerCase()]
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

function ofWeek(list: string, part: string): Rhythm | null {
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

type Timed = Pick<Recurrence, 'cron' | 'words' | 'assumptions'>

/** A rhythm with its times of day. */
function withTimes(rhythm: Rhythm, times: string | null, partBehind: string | null, said: string): Timed {
  if (rhythm.kind === 'untold') return untold(rhythm.why)
  if (rhythm.kind === 'interval')
    return times === null ? { cron: rhythm.cron, words: rhythm.words, assumptions: [] } : untold(said)
  const part = rhythm.part ?? partBehind?.toLowerCase() ?? null
  if (times === null) {
    const hour = part === null ? rhythm.hour : (PARTS.get(part) ?? rhythm.hour)
    const at = `${two(hour)}:00`
    const isNamed = part === 'noon' || part === 'midnight'
    const assumptions = isNamed ? [] : [`no time of day is told: ${at}`]
    return { cron: `0 ${hour} ${rhythm.days}`, words: `${rhythm.words} at ${at}`, assumptions }
  }
  const read = [...times.matchAll(new RegExp(HOUR, 'giu'))].map(([time]) => readTime(time, part))
  const minutes = new Set(read.map((time) => time?.minute))
  if (read.includes(null) || minutes.size !== 1) return untold(said)
  const told = read.flatMap((time) => time ?? []).toSorted((a, b) => a.hour - b.hour)
  const hours = [...new Set(told.map(({ hour }) => hour))]
  const shown = hours.map((hour) => `${two(hour)}:${two(told[0]?.minute ?? 0)}`)
  return {
    cron: `${told[0]?.minute ?? 0} ${hours.join(',')} ${rhythm.days}`,
    words: `${rhythm.words} at ${listOf(shown)}`,
    assumptions: told.flatMap(({ taken }) => (taken ? [`“${taken}” is taken for ${shown.join(' and ')}`] : [])),
  }
}

function untold(why: string): Timed {
  return { cron: null, words: why, assumptions: [] }
}

// Hours of a part of the day that somebody tells without "am" and "pm".
const LATE_FROM: Record<string, number> = { afternoon: 1, evening: 4, night: 6, lunchtime: 1 }
const LIKELY_FROM = 7

/** A time of day; an hour without its half is the one of the part of the day, and nobody is about before seven. */
function readTime(said: string, part: string | null): { hour: number; minute: number; taken?: string } | null {
  const text = said.toLowerCase()
  if (text === 'noon') return { hour: 12, minute: 0 }
  if (text === 'midnight') return { hour: 0, minute: 0 }
  const [, first = '', second = '00', half = ''] = /^(\d{1,2})(?::(\d{2}))?\s?([ap])?/.exec(text) ?? []
  const [hour, minute] = [Number(first), Number(second)]
  if (hour > 23 || minute > 59 || (half !== '' && (hour === 0 || hour > 12))) return null
  if (half !== '') return { hour: (hour % 12) + (half === 'p' ? 12 : 0), minute }
  const isHalfTold = first.length === 2 && first.startsWith('0') ? true : hour === 0 || hour > 11
  if (isHalfTold) return { hour, minute }
  const late = part === null ? text.includes(':') === false && hour < LIKELY_FROM : hour >= (LATE_FROM[part] ?? HOURS)
  return late ? { hour: hour + 12, minute, ...(part === null && { taken: `at ${said}` }) } : { hour, minute }
}

/** Two parts of a message with what joined them to the part between taken away. */
function joined(ahead: string, after: string): string {
  const first = ahead.replace(/[\s,:;–-]+$/u, '')
  const second = after.replace(/^[\s,:;–-]+/u, '')
  const isEnd = second === '' || /^[.!?,;]/.test(second)
  return `${first}${first === '' || isEnd ? '' : ' '}${second}`.trim()
}

function listOf(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`
}

function ordinalOf(number: number): string {
  const suffix = number > 3 && number < 21 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${suffix}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
