import { singular, words } from '../../lib/words.ts'
import { notBefore, type Now } from '../language/dates.ts'
import { FUNCTION_WORDS, GENERAL_VERBS, QUESTION_WORDS, VERBS } from '../language/lexicon.ts'
import { isMostlyVerb } from '../language/related-words.ts'
import { SHORTENED } from '../language/sentences.ts'
import { baseOf } from '../language/verbs.ts'
import { NUMBERED, PATTERNS } from './entity-patterns.ts'
import type { Entity } from './entity.ts'

/** Words that mean nothing else, as what something is called: what to search by where nothing is written in capitals. */
export function wordsAsName(text: string): Entity {
  return plainName(text, [], [])
}

/** A name with the words before and behind it, from wherever it was taken. */
export function plainName(text: string, lead: readonly string[], trail: readonly string[]): Entity {
  const plain = { money: false, percent: false, currency: null, list: -1, possessive: false }
  const around = { before: lead.slice(-4), after: trail.slice(0, 2), lead: lead.slice(-6), trail: trail.slice(0, 3) }
  return { kind: 'name', text, value: text, ...around, ...plain }
}

/** The name of one of what the noun before it says, "the user alice", with its place among such; in no list with others. */
export function nameOfNoun(text: string, lead: readonly string[], trail: readonly string[], at: number): Entity {
  return { ...plainName(text, lead, trail), kind: 'quoted', list: -2 - at }
}

/** Whether an entity is the name of one of what the noun before it says. */
export function isBehindNoun({ list }: Entity): boolean {
  return list < -1
}

// What ends a sentence is no part of a value; the point of an abbreviation is.
const ENDING = new RegExp(String.raw`(?<!\b(?:${SHORTENED}))[.,]+$`)

type Found = {
  at: number
  end: number
  entity: Omit<Entity, 'before' | 'after' | 'lead' | 'trail' | 'list' | 'possessive'>
}

/**
 * Finds the entities of a clause, in the order they stand there, and blanks them out of the rest. `now` is what
 * "tomorrow" counts from; without it such words stay words.
 */
export function readEntities(text: string, now: Now | null = null): { entities: Entity[]; rest: string } {
  const found: Found[] = []
  let rest = text
  for (const { kind, pattern, value, money = false, percent = false } of PATTERNS) {
    for (const match of rest.matchAll(pattern)) {
      const whole = kind === 'name' ? trimName(match[0], rest, match.index) : match[0]
      if (whole === null) continue
      // "Show Order 5": what is left of the sentence's beginning is one word.
      if (pattern === NUMBERED && whole.split(/\s+/).length < 3) continue
      const at = match.index + match[0].indexOf(whole)
      const isWhole = kind === 'name' || kind === 'date' || kind === 'time'
      const group = isWhole ? whole : (match.slice(1).find((part) => part !== undefined) ?? whole)
      const start = match.index + match[0].indexOf(group)
      // Out of the message itself: a remark may hold what was taken before.
      const inner = text
        .slice(start, start + group.length)
        .trim()
        .replace(ENDING, '')
      if (!/[\p{L}\p{N}]/u.test(inner)) continue
      const read = value ? value(match, now) : inner
      if (read === null) continue
      const currency = money ? currencyOf(match[0]) : null
      const days = typeof read === 'object' ? { value: read.from, until: read.until } : { value: read }
      const plain = { kind, text: inner, ...days, money, percent, currency }
      found.push({ at, end: at + whole.length, entity: kind === 'quoted' ? unquote(plain) : plain })
      // What is taken is blanked with what is neither word nor space, so that its neighbours do not join.
      // Of "next year" the year stays: it may say what is asked for.
      const taken = typeof read === 'object' ? whole.replace(/(?:day|week|month|quarter|year)s?$/i, '') : whole
      rest = rest.slice(0, at) + '\uE001'.repeat(taken.length) + rest.slice(at + taken.length)
    }
  }
  return {
    entities: inOrder(
      inPlace(
        text,
        found.toSorted((a, b) => a.at - b.at),
      ),
    ),
    rest,
  }
}

const ENDING_ON = new Set(['to', 'until', 'till', 'through'])

/** Entities in which the day that a stretch ends on, told by its name alone, is not before the one that it begins on. */
function inOrder(entities: Entity[]): Entity[] {
  return entities.map((entity, at) => {
    const first = entities.slice(0, at).findLast(({ kind }) => kind === 'date')
    const isEnd = entity.kind === 'date' && ENDING_ON.has(entity.before.at(-1) ?? '')
    if (!first || !isEnd || entity.until !== undefined) return entity
    return { ...entity, value: notBefore(String(entity.value), entity.text, String(first.value)) }
  })
}

/** The entities with the words around them. */
function inPlace(text: string, found: readonly Found[]): Entity[] {
  let list = 0
  return found.map(({ at, end, entity }, index) => {
    const [previous, next] = [found[index - 1], found[index + 1]]
    const between = previous ? text.slice(previous.end, at) : ''
    if (!previous || previous.entity.kind !== entity.kind || !isJoint(between, text.slice(0, previous.at))) list++
    const back = text.slice(Math.max(0, at - WINDOW), at)
    const ahead = text.slice(end, end + WINDOW).replace(/^'s/, ' ')
    const lead = between === '' ? back : between.slice(-WINDOW)
    const trail = ahead.slice(0, next && Math.max(0, next.at - end))
    return {
      ...entity,
      before: words(back).slice(-4),
      after: words(ahead).slice(0, 2),
      lead: words(lead.split(BREAK).at(-1) ?? '').slice(-6),
      trail: words(trail.split(BREAK)[0] ?? '').slice(0, 3),
      list,
      possessive: /^'s?\s/.test(text.slice(end, end + 3)),
    }
  })
}

// Of characters around an entity: farther than that nothing speaks of it.
const WINDOW = 120
const LIST_JOINT = /^[\s"'\])]*(?:,|and|or|&|,\s*(?:and|or))[\s"'[(]*$/
// "Ticket t2 and ticket t3": what they are is said again.
const SAID_AGAIN = /(?:,|and|or|&)\s+(?:the\s+)?(\p{L}+)\s+$/iu

/** Whether what stands between two entities makes them a list; `before` is all that stands before the first. */
function isJoint(between: string, before: string): boolean {
  if (LIST_JOINT.test(between)) return true
  const [, again] = SAID_AGAIN.exec(between) ?? []
  return again !== undefined && singular(words(before).at(-1) ?? '') === singular(again.toLowerCase())
}

// What stands beyond belongs to something else.
const BREAK = /[.;!?]\s|,|\b(?:and|or)\b/i

const QUOTED: readonly [Entity['kind'], RegExp][] = [
  ['email', /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/],
  ['url', /^(?:https?:\/\/|www\.)\S+$/],
  ['date', /^\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+Z?)?$/],
  ['id', /^\d{1,3}(?:\.\d{1,3}){3}$|^\+?[\d() -]{9,}$/],
]

/** What stands in quotes is a date, an address or a link where it is written as one, else just what it says. */
function unquote(entity: Found['entity']): Found['entity'] {
  return { ...entity, kind: QUOTED.find(([, pattern]) => pattern.test(entity.text))?.[0] ?? 'quoted' }
}

// What stands before a colon and a value says what that is: "Sizes: [1, 2]".
const LABELS = /^\s*:\s*[[\uE001\d]/

/** A capitalised run as a name; where a sentence begins the first word is capitalised anyway and may be no part of it. */
function trimName(run: string, text: string, index: number): string | null {
  if (LABELS.test(text.slice(index + run.length))) return null
  const atStart = /(?:^|[.;!?:]\s+|^[\s"'(]+)$/.test(text.slice(0, index))
  const parts = run.split(/\s+/)
  // "Compute the Grade": an order and what it is about.
  if (atStart && parts[1] === 'the') parts.splice(0, 2)
  // "By The Beatles": written so in the middle of a sentence it belongs to the name.
  const isTitle = !atStart && parts.length > 1 && parts[0] === 'The'
  if (!isTitle) while (parts[0] !== undefined && isOrdinary(parts[0], atStart)) parts.shift()
  const alone = atStart && parts.length === 1 && run === parts[0]
  if (alone && opensSentence(parts[0] ?? '', text.slice(index + run.length))) return null
  return parts.length === 0 ? null : parts.join(' ')
}

/** "Convert 100 USD": a word that opens a sentence is an order rather than a name, unless something is told of it. */
function opensSentence(word: string, rest: string): boolean {
  if (/^'s\b|^\s*$/.test(rest) || /^\p{Lu}{2,}$/u.test(word)) return false
  return !/^\s+(?:is|was|has|had|wants|needs|will|likes|and)\b/i.test(rest) && /^,?\s/.test(rest)
}

function isOrdinary(word: string, atStart: boolean): boolean {
  const lower = word.toLowerCase().replace(/\W+$/, '')
  return (
    FUNCTION_WORDS.has(lower) || ABBREVIATIONS.has(lower) || (atStart && (opens(lower) || isMostlyVerb(baseOf(lower))))
  )
}

const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/\$|dollar|usd/i, 'USD'],
  [/€|eur/i, 'EUR'],
  [/£|pound|gbp/i, 'GBP'],
]

function currencyOf(text: string): string | null {
  return CURRENCIES.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

function opens(word: string): boolean {
  return VERBS.has(word) || QUESTION_WORDS.has(word) || GENERAL_VERBS.has(word) || word.endsWith('ly')
}

// Written in capitals, and still no names.
const ABBREVIATIONS = new Set(
  'id ids url urls uri api apis ip http https json xml csv pdf html sms ok am pm utc'.split(' '),
)

/** A text without the days that it tells of: in "the last 3 months" nothing is counted. */
export function withoutDates({ text, entities }: { text: string; entities: readonly Entity[] }): string {
  return entities.filter(({ kind }) => kind === 'date').reduce((rest, entity) => rest.replace(entity.text, ' ; '), text)
}

/** What a text says besides its values, each of which leaves a mark where one thing ends. */
export function withoutValues({ text, entities }: { text: string; entities: readonly Entity[] }): string {
  return entities.reduce((rest, entity) => rest.replace(entity.text, ' ; '), text)
}
