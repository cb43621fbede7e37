import { stemmer } from 'stemmer'
import { singular, words } from '../lib/words.ts'
import type { Effect } from '../specs/operation.ts'
import {
  BACK_REFERENCES,
  DETERMINERS,
  FUNCTION_WORDS,
  GENERAL_VERBS,
  NUMBER_WORDS,
  ORDINALS,
  POLITENESS,
  QUESTION_WORDS,
  SUPERLATIVES,
  VERBS,
} from './lexicon.ts'

/** Something in a message that can become a value: what kind, what it says, and the words around it. */
export type Entity = {
  kind: 'name' | 'quoted' | 'email' | 'url' | 'id' | 'number' | 'date' | 'remark'
  text: string
  /** As the API would take it: a number for numbers and money, `YYYY-MM-DD` for dates. */
  value: string | number
  /** Up to three words before and two after, lower case, nearest last and nearest first. */
  before: readonly string[]
  after: readonly string[]
  money: boolean
}

/** One thing to be done. */
export type Clause = {
  text: string
  /** What is asked for; unknown behind a verb that is not in the lexicon: "star the repository". */
  effect: Effect | 'unknown'
  /** Stems of the words that say what it is about, entities left out. */
  terms: readonly string[]
  /** The same words as they were written, lower case, in order. */
  content: readonly string[]
  entities: readonly Entity[]
  /** Stem of the noun the clause is about: "the late orders of Ada" → order. Null when no noun is left. */
  head: string | null
  /** Stem of the verb, when it says more than "show" or "create": "refund", "cancel". */
  verb: string | null
  /** "cheapest", "latest": the order asked for, or null. */
  order: { by: readonly string[]; descending: boolean } | null
  /** "her orders", "cancel it": something said before is meant. */
  refersBack: boolean
  /** "how many": the answer is a number. */
  counts: boolean
  /** "first", "latest", "top 3": how many items are asked for, or null for all. */
  limit: number | null
}

const MAX_CLAUSES = 8
const ARTICLES = new Set(['a', 'an', 'the', 'all', 'my', 'our', 'their', 'his', 'her', 'its', 's'])

/** The stem under which a word is compared: its singular, then Porter's. */
export function stem(word: string): string {
  return stemmer(singular(word))
}

/** Takes a message apart: what is to be done, in which order, with which values. Pure and deterministic. */
export function understand(message: string): Clause[] {
  const cleaned = message
    .replaceAll(/[^\P{Cc}\n]+/gu, ' ')
    .replaceAll(/[^\S\n]+/g, ' ')
    .replaceAll(/[‘’]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .trim()
  return splitClauses(cleaned).slice(0, MAX_CLAUSES).map(readClause)
}

/** Cuts at sentence ends, at "then", and at "and" or a comma when a verb follows; never inside quotes. */
function splitClauses(message: string): string[] {
  const quotes: string[] = []
  const hidden = message.replaceAll(/"[^"]*"/g, (quoted) => `\uE000${quotes.push(quoted) - 1}\uE000`)
  const cuts = hidden
    .split(/[;!?]+(?:\s+|$)|\.(?:\s+|$)|,?\s+(?:and\s+)?(?:then|afterwards|after that)\s+|\n+/i)
    .flatMap((part) =>
      part.split(/(?:,\s*(?:and\s+)?|\s+and\s+)(?=([\p{L}]+)\s)/iu).reduce<string[]>(joinUnlessVerb, []),
    )
  return cuts
    .map((part) => part.replaceAll(/\uE000(\d+)\uE000/g, (_, index: string) => quotes[Number(index)] ?? '').trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part))
}

/** Puts back together what was cut before a word that is no verb: `split` with a group gives part, word, part, word … */
function joinUnlessVerb(parts: string[], piece: string, index: number, all: string[]): string[] {
  if (index % 2 === 1) return parts
  const first = all[index - 1]
  const previous = parts.at(-1)
  if (first === undefined || previous === undefined || VERBS.has(first.toLowerCase())) return [...parts, piece]
  return [...parts.slice(0, -1), `${previous} and ${piece}`]
}

function readClause(text: string): Clause {
  const { entities, rest } = readEntities(text)
  const all = words(rest.replaceAll(/'s\b/g, ' '))
  const content = all.filter((word) => !FUNCTION_WORDS.has(word))
  const telling = content.filter(isTelling)
  return {
    text,
    effect: unknownVerb(all) === null ? effectOfClause(all) : 'unknown',
    terms: [...new Set(telling.map(stem))],
    content: telling,
    entities,
    head: readHead(rest),
    verb: unknownVerb(all) ?? readVerb(all),
    order: readOrder(all),
    refersBack: all.some((word) => BACK_REFERENCES.has(word)),
    counts: /\bhow many\b|\bnumber of\b|\bcount\b/i.test(text),
    limit: readLimit(text),
  }
}

/** The last content word before the first preposition that follows one: English puts the head of a noun phrase there. */
function readHead(rest: string): string | null {
  let head: string | null = null
  const all = words(rest.replaceAll(/'s\b/g, ' '))
  const verbAt = all.findIndex((word) => VERBS.has(word))
  for (const [index, word] of all.entries()) {
    if (head !== null && FUNCTION_WORDS.has(word) && !ARTICLES.has(word)) break
    const content = !FUNCTION_WORDS.has(word) && isTelling(word)
    if (content && index !== verbAt) head = stem(word)
  }
  return head
}

/** Stem of a verb that opens the clause and is not in the lexicon: a word of no known kind right before a determiner. */
function unknownVerb(all: readonly string[]): string | null {
  const at = all.findIndex((word) => !POLITENESS.has(word))
  const word = all[at]
  const known = (text: string) => VERBS.has(text) || QUESTION_WORDS.has(text) || FUNCTION_WORDS.has(text)
  return word !== undefined && !known(word) && DETERMINERS.has(all[at + 1] ?? '') ? stem(word) : null
}

/** The first word that is a verb: behind a question word or another verb, "order" and "charge" are nouns. */
function readVerb(all: readonly string[]): string | null {
  const first = all.find((word) => QUESTION_WORDS.has(word) || VERBS.has(word))
  return first === undefined || QUESTION_WORDS.has(first) || GENERAL_VERBS.has(first) ? null : stem(first)
}

function effectOfClause(all: readonly string[]): Effect {
  const first = all.find((word) => QUESTION_WORDS.has(word) || VERBS.has(word))
  if (first === undefined || (QUESTION_WORDS.has(first) && first !== 'can')) return 'read'
  return all.flatMap((word) => VERBS.get(word) ?? [])[0] ?? 'read'
}

/** Whether a content word says what a request is about, rather than how many, in which order, or that something be done. */
function isTelling(word: string): boolean {
  return !(
    GENERAL_VERBS.has(word) ||
    NUMBER_WORDS.has(word) ||
    ORDINALS.has(word) ||
    SUPERLATIVES.has(word) ||
    /^\d+$/.test(word)
  )
}

function readOrder(all: readonly string[]): Clause['order'] {
  const at = all.findIndex((word) => SUPERLATIVES.has(word))
  const found = SUPERLATIVES.get(all[at] ?? '')
  if (!found) return null
  const descending = found.descending !== (all[at - 1] === 'least')
  return { by: found.by.length > 0 ? found.by : all.slice(at + 1, at + 2), descending }
}

function readLimit(text: string): number | null {
  const match =
    /\b(?:first|top|last|latest|newest|oldest|cheapest|most recent|most expensive|highest|largest|biggest|lowest|smallest)\s+(\d{1,4}|[a-z]+)?/i.exec(
      text,
    )
  if (!match) return null
  const word = match[1]?.toLowerCase() ?? ''
  const count = NUMBER_WORDS.get(word) ?? Number.parseInt(word, 10)
  if (count > 0) return count
  return word !== '' && singular(word) === word ? 1 : null
}

type Pattern = {
  kind: Entity['kind']
  pattern: RegExp
  value?: (match: RegExpExecArray) => string | number | null
  money?: boolean
}

// With thousands in groups, the English way or the European, or plain with one separator.
const NUMBER = String.raw`\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?`

// In this order: what an earlier pattern took, a later one does not see.
const PATTERNS: readonly Pattern[] = [
  { kind: 'quoted', pattern: /"([^"]+)"/g },
  {
    kind: 'remark',
    pattern: /\b(?:because|since it|as it|saying|with the (?:reason|note|message|comment):?)\s+(.+)$/gi,
  },
  { kind: 'email', pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g },
  { kind: 'url', pattern: /https?:\/\/[^\s,"]+/g },
  { kind: 'date', pattern: /\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?\b/g },
  { kind: 'id', pattern: /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*\b|#(\d+)/g },
  {
    kind: 'number',
    pattern: new RegExp(
      String.raw`[$€£]\s?(${NUMBER})|\b(${NUMBER})\s?(?:euros?|dollars?|pounds?|eur|usd|gbp|€|\$|£)(?!\w)`,
      'gi',
    ),
    value: toNumber,
    money: true,
  },
  { kind: 'number', pattern: new RegExp(String.raw`(?<![\w.-])-?(?:${NUMBER})(?![\w-])`, 'g'), value: toNumber },
  {
    kind: 'name',
    pattern: /(?<=\s|^|\()\p{Lu}[\p{L}\p{N}&.-]*(?:\s+(?:of|the|de|van|von|and|&)?\s*\p{Lu}[\p{L}\p{N}&.-]*)*/gu,
  },
  {
    kind: 'number',
    pattern: /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?=\s+[\p{L}\uE001])/giu,
    value: (match) => NUMBER_WORDS.get(match[0].toLowerCase()) ?? null,
  },
]

/** Finds the entities of a clause and blanks them out of the rest. */
function readEntities(text: string): { entities: Entity[]; rest: string } {
  const found: { at: number; end: number; entity: Omit<Entity, 'before' | 'after'> }[] = []
  let rest = text
  for (const { kind, pattern, value, money = false } of PATTERNS) {
    for (const match of rest.matchAll(pattern)) {
      const whole = kind === 'name' ? trimName(match[0], match.index === 0) : match[0]
      if (whole === null) continue
      const at = match.index + match[0].indexOf(whole)
      const group = kind === 'name' ? whole : (match.slice(1).find((part) => part !== undefined) ?? whole)
      const start = match.index + match[0].indexOf(group)
      // Out of the message itself: a remark may hold what was taken before.
      const inner = text
        .slice(start, start + group.length)
        .trim()
        .replace(/[.,]+$/, '')
      if (!/[\p{L}\p{N}]/u.test(inner)) continue
      const read = value ? value(match) : inner
      if (read === null) continue
      found.push({ at, end: at + whole.length, entity: { kind, text: inner, value: read, money } })
      // What is taken is blanked with what is neither word nor space, so that its neighbours do not join.
      rest = rest.slice(0, at) + '\uE001'.repeat(whole.length) + rest.slice(at + whole.length)
    }
  }
  const entities = found
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, end, entity }) => ({
      ...entity,
      before: words(text.slice(0, at)).slice(-3),
      after: words(text.slice(end).replace(/^'s/, ' ')).slice(0, 2),
    }))
  return { entities, rest }
}

/** A capitalised run as a name; at the start of a clause the first word is capitalised anyway and is no part of it. */
function trimName(run: string, atStart: boolean): string | null {
  const parts = run.split(/\s+/)
  while (parts[0] !== undefined && isOrdinary(parts[0], atStart)) parts.shift()
  return parts.length === 0 ? null : parts.join(' ')
}

function isOrdinary(word: string, atStart: boolean): boolean {
  const lower = word.toLowerCase().replace(/\W+$/, '')
  return (
    FUNCTION_WORDS.has(lower) ||
    (atStart && (VERBS.has(lower) || QUESTION_WORDS.has(lower))) ||
    GENERAL_VERBS.has(lower)
  )
}

function toNumber(match: RegExpExecArray): number | null {
  const text = match[1] ?? match[2] ?? match[0]
  const grouped = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)
  // 1.000,00 is European; so is 1.000 in front of a currency, which has no third decimal.
  const european =
    /^-?\d{1,3}(?:\.\d{3})+(?:,\d+)$/.test(text) || (/^\d{1,3}(?:\.\d{3})+$/.test(text) && match.length > 1)
  const plain = grouped
    ? text.replaceAll(',', '')
    : european
      ? text.replaceAll('.', '').replace(',', '.')
      : text.replace(',', '.')
  const number = Number(plain)
  return Number.isFinite(number) ? number : null
}
