import { words } from '../lib/words.ts'
import { baseOf } from './clauses.ts'
import { isMostlyVerb } from './related-words.ts'
import { FUNCTION_WORDS, GENERAL_VERBS, NUMBER_WORDS, QUESTION_WORDS, VERBS } from './lexicon.ts'

/** Something in a message that can become a value: what kind, what it says, and the words around it. */
export type Entity = {
  kind: 'name' | 'quoted' | 'email' | 'url' | 'id' | 'number' | 'date' | 'remark'
  text: string
  /** As the API would take it: a number for numbers and money, `YYYY-MM-DD` for dates. */
  value: string | number
  /** Up to four words before and two after, lower case, nearest last and nearest first. */
  before: readonly string[]
  after: readonly string[]
  money: boolean
  /** "Ada's". */
  possessive: boolean
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
  { kind: 'quoted', pattern: /"([^"]+)"|(?<![\p{L}\p{N}])'([^'\s](?:[^']*[^'\s])?)'(?![\p{L}\p{N}])/gu },
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

/** Finds the entities of a clause, in the order they stand there, and blanks them out of the rest. */
export function readEntities(text: string): { entities: Entity[]; rest: string } {
  const found: { at: number; end: number; entity: Omit<Entity, 'before' | 'after' | 'possessive'> }[] = []
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
      const entity = kind === 'quoted' ? unquote(inner) : { kind, text: inner, value: read, money }
      found.push({ at, end: at + whole.length, entity })
      // What is taken is blanked with what is neither word nor space, so that its neighbours do not join.
      rest = rest.slice(0, at) + '\uE001'.repeat(whole.length) + rest.slice(at + whole.length)
    }
  }
  const entities = found
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, end, entity }) => ({
      ...entity,
      before: words(text.slice(0, at)).slice(-4),
      after: words(text.slice(end).replace(/^'s/, ' ')).slice(0, 2),
      possessive: /^'s?\s/.test(text.slice(end)),
    }))
  return { entities, rest }
}

const QUOTED: readonly [Entity['kind'], RegExp][] = [
  ['email', /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/],
  ['url', /^https?:\/\/\S+$/],
  ['date', /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+Z?)?$/],
]

/** What stands in quotes is a date, an address or a link where it is written as one, else just what it says. */
function unquote(text: string): Omit<Entity, 'before' | 'after' | 'possessive'> {
  const kind = QUOTED.find(([, pattern]) => pattern.test(text))?.[0] ?? 'quoted'
  return { kind, text, value: text, money: false }
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
    (atStart && (VERBS.has(lower) || QUESTION_WORDS.has(lower) || isMostlyVerb(baseOf(lower)))) ||
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
