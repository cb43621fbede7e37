import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import {
  BACK_REFERENCES,
  DETERMINERS,
  FUNCTION_WORDS,
  GENERAL_VERBS,
  ORDINALS,
  QUESTION_WORDS,
  SUPERLATIVES,
  VERBS,
} from '../language/lexicon.ts'
import { understand } from './understand.ts'

/** How a message stands to what was asked before in its chat. */
export type Refinement =
  /** Whole by itself: what was before does not count any more. */
  | { kind: 'new'; request: string }
  /** Together with what was before it is `request`. `replaced` is what it takes the place of, null where it only adds. */
  | { kind: 'refined'; request: string; replaced: string | null }
  /** What was planned is not what was meant. */
  | { kind: 'rejected'; request: string }

const REJECTS =
  /^(?:no|nope|wrong(?: one)?|not (?:that|this|it|those|these)(?: one| ones)?|(?:that|this|it)(?:'s| is) (?:wrong|not (?:it|right|what i (?:meant|want(?:ed)?|asked(?: for)?))))\b[\s,;:.!-]*/i
const INSTEAD = /^(?:(?:please\s+)?(?:use|try|take|choose|pick|but|rather|i (?:meant|mean))\s+)+/i
const ADDS = /^(?:and|also|plus|then|next|after that|afterwards)\b[\s,]*(?:(?:and|also|then)\b[\s,]*)*/i
const TOO = /[\s,]+(?:too|as well|also)\s*[.!]*$/i
const NARROWS = /^(?:but\s+)?(?:only|just)\s+/i
const LIMITS =
  /^(?:(?:please\s+)?(?:limit|cap|cut|restrict)\b.*?\b|(?:only|just|show|give me|at most|no more than|up to|max(?:imum)?|the)?\s*(?:the\s+)?(?:first|top)?\s*)(\d{1,4})(?:\s+(?:is|are) enough|\s+(?:of them|items|results|rows|entries|ones|at most|max(?:imum)?|only))?\s*[.!]*$/i
const LIMIT_IN_REQUEST = /\b(first|top|last|latest|newest|oldest)\s+\d{1,4}\b/i
const PRONOUNS = /\b(?:the\s+|those\s+|these\s+)?(?:ones?|them|those|these)\b/gi
// Words that a sentence of its own does not begin with.
const OPENS_FRAGMENT = new Set(
  (
    'for in from since before after until till with without within where which whose that except excluding between by under over ' +
    'above below about at on than instead sort sorted order ordered limit limited filter filtered restrict only just but of'
  ).split(' '),
)
const MAX_FRAGMENT_WORDS = 3

/**
 * A message of a chat together with `request`, what was understood before it. A message that only filters, orders, counts or
 * adds is put to what was asked; one that says by itself what is to be done replaces it. By general rules of English: no
 * API is known here. Pure.
 */
export function refine(message: string, request: string): Refinement {
  const said = message.trim()
  const base = request.trim().replace(/[\s.!?;,]+$/, '')
  const rejected = said.replace(REJECTS, '')
  if (rejected !== said) {
    const meant = rejected.replace(INSTEAD, '').replace(/^the (?=.*\bones?\b)/i, '')
    return { kind: 'rejected', request: meant === '' ? base : meaning(base, meant) }
  }
  const limit = LIMITS.exec(said)?.[1]
  if (limit !== undefined) return limited(base, limit)
  const added = said.replace(ADDS, '').replace(TOO, '')
  const asks = hasVerb(added)
  if (added !== said && added !== '')
    return { kind: 'refined', request: asks ? `${base}, then ${added}` : `${base} and ${added}`, replaced: null }
  if (asks && actsOnWhatWasThere(said)) return { kind: 'refined', request: `${base}, then ${said}`, replaced: null }
  if (isFragment(said)) return narrowed(base, said)
  return { kind: 'new', request: said }
}

/** A request about something else: "the orders of Ada", "the invoices" → "the invoices of Ada". */
function meaning(base: string, meant: string): string {
  if (hasVerb(meant)) return meant
  const head = understand(base).at(-1)?.head
  const said = words(base).find((word) => stem(word) === head)
  if (said === undefined || understand(meant)[0]?.head === null) return `${base} ${meant}`
  return base.replace(new RegExp(`(?:\\b(?:the|an?)\\s+)?\\b${said}\\b(?!.*\\b${said}\\b)`, 'i'), () => meant)
}

function limited(base: string, limit: string): Refinement {
  const before = LIMIT_IN_REQUEST.exec(base)?.[0] ?? null
  const request = before ? base.replace(LIMIT_IN_REQUEST, `$1 ${limit}`) : `${base}, first ${limit}`
  return { kind: 'refined', request, replaced: before }
}

function narrowed(base: string, said: string): Refinement {
  const plain = said
    .replace(NARROWS, '')
    .replace(/^(?:show|list|give me|get|keep)\s+(?:me\s+)?(?:only|just)\s+/i, '')
    .replaceAll(PRONOUNS, ' ')
    .replace(/^\s*the\s+/i, '')
    // "cheapest first" is an order, "the first" is one.
    .replace(/^(\w+) first\b/i, (whole, word: string) => (SUPERLATIVES.has(word.toLowerCase()) ? word : whole))
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.!]+$/, '')
  return { kind: 'refined', request: plain === '' ? base : `${base} ${plain}`, replaced: null }
}

/** "cancel it", "email them": something is done with what was found. */
function actsOnWhatWasThere(said: string): boolean {
  const clauses = understand(said)
  return clauses.length > 0 && clauses[0]?.effect !== 'read' && clauses[0]?.refersBack === true
}

/** Whether a message says no more than which, how many, or in what order. */
function isFragment(said: string): boolean {
  const all = words(said)
  const [first = '', second = ''] = all
  if (NARROWS.test(said) || OPENS_FRAGMENT.has(first)) return true
  if (/^(?:show|list|get|give|keep)$/.test(first) && (all.includes('only') || all.includes('ones'))) return true
  if (/^(?:ones?|those|these)$/.test(all.at(-1) ?? '') && !hasVerb(said)) return true
  if (
    SUPERLATIVES.has(first) ||
    (ORDINALS.has(all.at(-1) ?? '') && (SUPERLATIVES.has(first) || SUPERLATIVES.has(second)))
  )
    return true
  // A few words without a verb or a noun in the plural: "pending", "in Berlin", "5".
  return (
    all.length <= MAX_FRAGMENT_WORDS &&
    !hasVerb(said) &&
    !all.some((word) => BACK_REFERENCES.has(word)) &&
    all.every((word) => singular(word) === word)
  )
}

function hasVerb(said: string): boolean {
  const all = words(said)
  const [first = '', second = ''] = all
  // What stands before "the" and is none of the small words is a verb, known or not.
  if (DETERMINERS.has(second) && !FUNCTION_WORDS.has(first) && !OPENS_FRAGMENT.has(first)) return true
  return (
    QUESTION_WORDS.has(first) ||
    VERBS.has(first) ||
    GENERAL_VERBS.has(first) ||
    understand(said)[0]?.effect === 'unknown'
  )
}
