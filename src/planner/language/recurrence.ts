import { TIMES, withTimes } from './hours.ts'
import { blankQuotes, OPENS_TEXT } from './quotes.ts'
import { days, LIST, ofWeek, PART, RHYTHM, type Rhythm, rhythmOf, WEEKDAY_NAME } from './rhythms.ts'

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
  // "Daily list of orders" is one of its kind, in "the pipeline Nightly" that is its name, and behind a comma it is a value.
  const isAdverb = ADVERB.test(text.slice(at, end))
  const isAdjective = isAdverb && ahead.trim() === '' && /^\s*\p{L}/u.test(after)
  const isValue = isAdverb && ahead.trim() !== '' && (/^\p{Lu}/u.test(text.slice(at)) || /,\s*$/.test(ahead))
  if (!isSaidOfAll(ahead, after) || ((isAdjective || isValue) && behind.length === 0)) return null
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
  if (OPENS_TEXT.test(sentence)) return false
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

/** Two parts of a message with what joined them to the part between taken away. */
function joined(ahead: string, after: string): string {
  const first = ahead.replace(/[\s,:;–-]+$/u, '')
  const second = after.replace(/^[\s,:;–-]+/u, '')
  const isEnd = second === '' || /^[.!?,;]/.test(second)
  return `${first}${first === '' || isEnd ? '' : ' '}${second}`.trim()
}
