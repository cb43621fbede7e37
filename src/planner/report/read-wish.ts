import { words } from '../../lib/words.ts'
import { DETERMINERS, FUNCTION_WORDS, QUESTION_WORDS, VERBS } from '../language/lexicon.ts'
import { isMostlyVerb } from '../language/related-words.ts'
import { readBest } from './best.ts'
import { readCounted, readMeasured, readMost, readShare } from './groups.ts'
import { readHaving, readJoined } from './owners.ts'
import { opensRequest, phrase, withoutEnd } from './phrases.ts'
import type { ReportWish } from './wish.ts'

const MAX_CHARS = 300
const MAX_WORDS = 8
// Of readings that are tried, each a search of the catalogue.
const MAX_READINGS = 5
export const LEADS =
  /^(?:(?:please|can|could|would|will|you|i|we|want|need|would like|'d like|to|know|see|tell|show|give|list|find out|figure out|find|get|fetch|display|compute|calculate|work out|me|us|a list of|what is|what's|what are|what were|which are|who are)\s+)+/i
// "For each month, show the latest order".
const EACH_LEADS = /^(for (?:each|every) [^,]+?),?\s+(?:show|list|find|get|give|tell)\s+(?:me\s+)?/i
// More than one request, or one under a condition: none of these.
const MORE = /[;\n]|[.!?]\s+\S|,?\s\b(?:then|afterwards|if|unless)\b|"|\{\{/i

/**
 * Reads what a message may ask for as a whole where it takes more than a list as it comes: counts, sums and averages of
 * groups, who has most, who has none, and things with what they belong to. Which of the readings holds, the likeliest first,
 * is for the lists that are connected to tell; none for any other message. Pure.
 */
export function readReportWishes(message: string): ReportWish[] {
  if (message.length > MAX_CHARS) return []
  const text = withoutEnd(message.replaceAll('’', "'").replaceAll(/\s+/g, ' ')).replace(EACH_LEADS, '$1 ')
  if (
    MORE.test(text) ||
    text
      .split(/,\s+|\s+and\s+/i)
      .slice(1)
      .some((part) => opensRequest(part))
  )
    return []
  const asked = phrase(text.replace(LEADS, ''))
  return [readBest, readShare, readMeasured, readCounted, readMost, readHaving, readJoined]
    .flatMap((read) => read(asked) ?? [])
    .flatMap((wish) => [wish, ...elsewhere(wish), ...asAmount(wish)])
    .filter((wish) => [wish.things, wish.by].every(isShort))
    .slice(0, MAX_READINGS)
}

/** The verb that a message opens with and that would change something, or may, as no known one; null where it only asks. */
export function openingVerb(message: string): string | null {
  const [first = '', next = ''] = words(phrase(message.trim().replace(LEADS, '')))
  const effect = VERBS.get(first)
  if (effect !== undefined) return effect === 'read' ? null : first
  if (QUESTION_WORDS.has(first) || FUNCTION_WORDS.has(first)) return null
  return DETERMINERS.has(next) || isMostlyVerb(first) ? first : null
}

/** Whether only a step that computes can answer: the rest may be what a call filters by. */
export function takesWorkingOut(wish: ReportWish): boolean {
  return (
    wish.kind === 'groups' ||
    wish.kind === 'share' ||
    wish.kind === 'best' ||
    (wish.kind === 'having' && wish.least !== 1)
  )
}

/** "Orders per customer and status": whether it takes more than one kind of things, or of groups. */
export function namesSeveral({ things, by }: ReportWish): boolean {
  return / and /i.test(`${things ?? ''} ${by ?? ''}`)
}

/** "Customers without orders in Paris": it may be the customers who are there. */
function elsewhere(wish: ReportWish): ReportWish[] {
  const [, things, where] = /^(.+?) ((?:in|from|at|near) .+)$/i.exec(wish.things ?? '') ?? []
  return things === undefined || wish.by === null ? [] : [{ ...wish, things, by: `${wish.by} ${where}` }]
}

/** "Hours per month": what is counted may be a number that things have. */
function asAmount(wish: ReportWish): ReportWish[] {
  if (wish.kind !== 'groups' || wish.measure.kind !== 'count' || wish.things === null) return []
  const field = wish.things.replace(/ \p{L}+ed$/u, '')
  return field.includes(' ') ? [] : [{ ...wish, things: null, measure: { kind: 'sum', field } }]
}

/** Whether a phrase can name one kind of things; null names none. */
function isShort(said: string | null): boolean {
  return said === null || (said !== '' && !said.includes(',') && words(said).length <= MAX_WORDS)
}
