import { listOf, PARTS, type Rhythm } from './rhythms.ts'

const CLOCK = String.raw`\d{1,2}:\d{2}(?:\s?[ap](?:m\b|\.m\b\.?))?|\d{1,2}\s?[ap](?:m\b|\.m\b\.?)|noon|midnight`
const HOUR = String.raw`${CLOCK}|\d{1,2}(?:\s+o['’]?clock)?(?![\p{L}\p{N}]|[:.]\d)`
/** Times of day as they are said: "at 9", "at 9am and 5pm", "17:30". */
export const TIMES = String.raw`(?:at|@)\s+(?:${HOUR})(?:\s*(?:,|and|&)\s*(?:at\s+)?(?:${HOUR}))*|(?:${CLOCK})(?:\s*(?:,|and|&)\s*(?:${CLOCK}))*`

const HOURS = 24

/** When something is to be done; `cron` is null where no cron expression tells that. */
export type Timed = { cron: string | null; words: string; assumptions: string[] }

/** A rhythm with its times of day. */
export function withTimes(rhythm: Rhythm, times: string | null, partBehind: string | null, said: string): Timed {
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

function two(value: number): string {
  return String(value).padStart(2, '0')
}
