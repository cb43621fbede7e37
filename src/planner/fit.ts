import { singular, words } from '../lib/words.ts'
import { typesOf, variants } from '../steps/schema-path.ts'
import type { Effect } from '../specs/operation.ts'
import { FREE_TEXT, LIMITS, PEOPLE, PLACES, REMARKS } from './lexicon.ts'
import { takesText, type Slot } from './slots.ts'
import type { Entity } from './entities.ts'
import type { Clause } from './understand.ts'

/** A value for a slot and how sure it is, from 0 to 1; `note` is set when it was converted. */
export type Fit = { value: string | number | boolean; score: number; note?: string }

const SEARCHES = new Set(['q', 'query', 'search', 'term', 'find', 'text'])
const LINKING = new Set(['is', 'to', 'as', 'be', 'a', 'an', 'the', 'equal', 'set'])
// Before a value these belong to its field, before a name to its owner: "a rate of 5", "the city of Ada".
const BELONGING = new Set(['of', 'at', 'for', 'with', 'named', 'called'])
const LOW = new Set(['over', 'above', 'least', 'minimum', 'min', 'exceeding', 'than'])
const HIGH = new Set(['under', 'below', 'most', 'maximum', 'max', 'within'])
const FROM = new Set(['since', 'after', 'from', 'starting'])
const UNTIL = new Set(['before', 'until', 'till', 'to', 'by', 'through'])

/** How well an entity of the message fills a slot, or null when it does not. */
export function fitEntity(slot: Slot, entity: Entity, clause: Clause, effect: Effect): Fit | null {
  if (Array.isArray(slot.schema['enum'])) return null
  const named = isNamed(slot, entity)
  switch (entity.kind) {
    case 'email':
      return isEmailSlot(slot) ? { value: entity.value, score: 0.98 } : freeText(slot, entity, 0.6)
    case 'url':
      return slot.schema['format'] === 'uri' ||
        slot.words.some((word) => word === 'url' || word === 'uri' || word === 'link')
        ? { value: entity.value, score: 0.95 }
        : null
    case 'date':
      return fitDate(slot, entity)
    case 'number':
      return fitNumber(slot, entity, named)
    case 'id':
      return fitId(slot, entity)
    case 'remark':
      return takesText(slot) && slot.words.some((word) => REMARKS.has(word))
        ? { value: entity.value, score: 0.8 }
        : null
    case 'name':
    case 'quoted':
      return fitName(slot, entity, named, clause, effect)
    default:
      return entity.kind satisfies never
  }
}

/** A value that the clause's own words choose: one of an enumeration, or a flag it mentions. */
export function fitWords(slot: Slot, clause: Clause): (Fit & { words: string[] }) | null {
  const text = ` ${words(clause.text).map(singular).join(' ')} `
  const has = (phrase: readonly string[]) => phrase.length > 0 && text.includes(` ${phrase.join(' ')} `)
  const choices = slot.schema['enum']
  if (Array.isArray(choices)) {
    if (isSort(slot) && clause.order) return fitOrder(choices, clause.order)
    for (const choice of choices) {
      if (typeof choice !== 'string') continue
      const phrase = words(choice).map(singular)
      if (choice.startsWith('-') || !has(phrase)) continue
      // "sorted by name" chooses an order; a bare "name" does not.
      if (isSort(slot) && !new RegExp(` (?:sort|sorted|order|ordered) by ${phrase.join(' ')} `).test(text)) continue
      return { value: choice, score: 0.9, words: phrase }
    }
    return null
  }
  if (!typesOf(slot.schema).includes('boolean')) return null
  if (slot.words[0] === 'in' && has(['out', 'of', ...slot.words.slice(1)]))
    return { value: false, score: 0.85, words: slot.words.slice(1) }
  if (!has(slot.words)) return null
  const denied = [`not ${slot.words.join(' ')}`, `no ${slot.words.join(' ')}`].some((phrase) =>
    text.includes(` ${phrase} `),
  )
  return { value: !denied, score: 0.85, words: [...slot.words] }
}

/** The choice of a sort parameter that orders as asked: it names the field, and marks which end comes first. */
function fitOrder(
  choices: readonly unknown[],
  order: NonNullable<Clause['order']>,
): (Fit & { words: string[] }) | null {
  const about = choices.filter((choice) => words(String(choice)).some((word) => order.by.includes(singular(word))))
  const value = about.find((choice) => /^-|desc/i.test(String(choice)) === order.descending)
  return value === undefined ? null : { value: String(value), score: 0.85, words: [] }
}

/** Whether a slot takes free words to search by. */
export function isFreeText(slot: Slot): boolean {
  return takesText(slot) && slot.in !== 'path' && slot.words.some((word) => FREE_TEXT.has(word))
}

/** Whether a slot searches: "query" does, where "with keywords" merely filters by words. */
export function isSearch(slot: Slot): boolean {
  return isFreeText(slot) && slot.words.length === 1 && SEARCHES.has(slot.words[0] ?? '')
}

/** Whether a slot caps the number of items. */
export function isLimit(slot: Slot): boolean {
  const joined = slot.words.join('')
  return (
    slot.in === 'query' &&
    (LIMITS.has(joined) || (slot.words.length < 3 && slot.words.some((word) => word === 'limit')))
  )
}

function isSort(slot: Slot): boolean {
  return slot.words.some((word) => word === 'sort' || word === 'order' || word === 'orderby')
}

function isEmailSlot(slot: Slot): boolean {
  return slot.schema['format'] === 'email' || slot.words.some((word) => word === 'email' || word === 'mail')
}

/** The slot's own name stands right before the entity: "city London", "quantity: 3". */
function isNamed(slot: Slot, entity: Entity): boolean {
  const before = entity.before.map(singular)
  const near = before.slice(
    0,
    before.findLastIndex((word) => !LINKING.has(word) && !(entity.kind !== 'name' && BELONGING.has(word))) + 1,
  )
  return (
    slot.words.length > 0 && slot.words.every((word, index) => near[near.length - slot.words.length + index] === word)
  )
}

/** The slot's own name stands right behind the entity: "10 in stock". */
function isFollowed(slot: Slot, entity: Entity): boolean {
  const after = entity.after.map(singular)
  return slot.words.length > 0 && slot.words.length <= after.length && slot.words.every((word) => after.includes(word))
}

/** "Set the city of Ada to Paris": Paris is what is set, Ada is whose; only a field that is spoken of is set. */
function isNewValue(slot: Slot, entity: Entity, clause: Clause): boolean {
  const spoken = words(clause.text).map(singular)
  const introduced = ['to', 'as', 'named', 'called'].includes(entity.before.at(-1) ?? '')
  return introduced && slot.words.every((word) => spoken.includes(word))
}

function freeText(slot: Slot, entity: Entity, score: number): Fit | null {
  if (!isFreeText(slot)) return null
  return { value: entity.text, score: isSearch(slot) ? score : score - 0.2 }
}

function fitName(slot: Slot, entity: Entity, named: boolean, clause: Clause, effect: Effect): Fit | null {
  if (slot.noun !== null) return fitQuotedId(slot, entity)
  if (!takesText(slot) || typeof slot.schema['format'] === 'string') return null
  const value = entity.text
  if (effect === 'update' && slot.in === 'body') return isNewValue(slot, entity, clause) ? { value, score: 0.9 } : null
  if (named) return { value, score: 0.95 }
  const before = entity.before.at(-1) ?? ''
  const last = slot.words.at(-1) ?? ''
  if (PLACES.has(last)) return ['in', 'from', 'at', 'near'].includes(before) ? { value, score: 0.85 } : null
  if (['name', 'title', 'label', 'subject'].includes(last)) {
    if (['named', 'called', 'titled'].includes(before)) return { value, score: 0.95 }
    return { value, score: effect === 'read' ? 0.6 : 0.7 }
  }
  if (entity.kind === 'quoted' && REMARKS.has(last)) return { value, score: 0.7 }
  return freeText(slot, entity, ['in', 'from'].includes(before) ? 0.5 : 0.65)
}

function fitDate(slot: Slot, entity: Entity): Fit | null {
  const { format } = slot.schema
  const temporal =
    format === 'date' ||
    format === 'date-time' ||
    slot.words.some((word) => ['date', 'since', 'until', 'at', 'on', 'day'].includes(word))
  if (!temporal) return null
  const value =
    format === 'date-time' && !String(entity.value).includes('T') ? `${entity.value}T00:00:00Z` : entity.value
  const before = entity.before.at(-1) ?? ''
  const starts = slot.words.some((word) => FROM.has(word) || word === 'start' || word === 'min')
  const ends = slot.words.some((word) => UNTIL.has(word) || word === 'end' || word === 'max')
  if ((FROM.has(before) && ends) || (UNTIL.has(before) && starts)) return null
  return { value, score: (FROM.has(before) && starts) || (UNTIL.has(before) && ends) ? 0.95 : 0.7 }
}

function fitNumber(slot: Slot, entity: Entity, named: boolean): Fit | null {
  const types = typesOf(slot.schema)
  if (!types.includes('integer') && !types.includes('number')) return fitNumberedId(slot, entity)
  const amount = Number(entity.value)
  const cents = slot.words.includes('cent')
  const value = cents && entity.money ? Math.round(amount * 100) : amount
  if (types.includes('integer') && !types.includes('number') && !Number.isInteger(value)) return null
  const note = cents && entity.money ? { note: `${entity.text} is written as ${value} cents` } : {}
  if (named || isFollowed(slot, entity)) return { value, score: 0.95, ...note }
  const before = new Set(entity.before)
  const asks = (side: Set<string>) => [...side].some((word) => before.has(word))
  const low = slot.words.some((word) => ['min', 'minimum', 'from'].includes(word))
  const high = slot.words.some((word) => ['max', 'maximum', 'to'].includes(word))
  if (low || high) {
    if (isLimit(slot)) return null
    return (low && asks(LOW)) || (high && asks(HIGH)) ? { value, score: 0.85, ...note } : null
  }
  if (isLimit(slot))
    return entity.before.some((word) => ['first', 'top', 'last', 'latest'].includes(word))
      ? { value, score: 0.8 }
      : null
  if (slot.noun !== null) return entity.before.map(singular).includes(slot.noun) ? { value, score: 0.85 } : null
  if (entity.money || asks(LOW) || asks(HIGH))
    return slot.words.some((word) => ['amount', 'price', 'total', 'cost', 'fee', 'value'].includes(word))
      ? { value, score: 0.85, ...note }
      : null
  return slot.words.some((word) => ['quantity', 'count', 'number', 'qty', 'amount'].includes(word))
    ? { value, score: 0.75 }
    : null
}

/** `the calendar with ID "primary"`: what is said to be an id is one, of what stands before. */
function fitQuotedId(slot: Slot, entity: Entity): Fit | null {
  if (entity.kind !== 'quoted' || !takesText(slot)) return null
  const before = entity.before.map(singular)
  const noun = words(slot.noun ?? '').at(-1) ?? ''
  const own = slot.words.at(-1) ?? 'id'
  if (before.includes(noun)) return { value: entity.text, score: before.includes(own) ? 0.98 : 0.9 }
  return before.includes('id') || before.includes(own) ? { value: entity.text, score: 0.6 } : null
}

/** "order 3030" where ids look like `ord_3001`: the number completed to an id of the same making. */
function fitNumberedId(slot: Slot, entity: Entity): Fit | null {
  const spoken = slot.noun !== null && entity.before.map(singular).includes(slot.noun)
  if (!spoken || !takesText(slot) || entity.money) return null
  const { example } = slot.schema
  const made = typeof example === 'string' ? /^(\D+)(\d+)$/.exec(example) : null
  if (!made) return { value: entity.text, score: 0.8 }
  const [, start = '', digits = ''] = made
  if (digits.length !== entity.text.length) return null
  const value = `${start}${entity.text}`
  return { value, score: 0.85, note: `${entity.text} is taken as the id ${value}` }
}

function fitId(slot: Slot, entity: Entity): Fit | null {
  if (slot.noun === null && !['id', 'key', 'code', 'number'].includes(slot.words.at(-1) ?? '')) return null
  const value = String(entity.value)
  const patterns = variants(slot.schema).flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []))
  if (patterns.some((pattern) => !matches(pattern, value))) return null
  const types = typesOf(slot.schema)
  if (types.length > 0 && !types.includes('string')) {
    const number = Number(value)
    return types.includes('integer') && Number.isInteger(number) ? { value: number, score: 0.8 } : null
  }
  const example = slot.schema['example']
  const alike = typeof example === 'string' && shape(example) === shape(value)
  const spoken = slot.noun !== null && entity.before.map(singular).includes(slot.noun)
  if (alike || patterns.length > 0) return { value, score: spoken ? 0.98 : 0.95 }
  if (
    typeof example === 'string' &&
    prefix(example) !== null &&
    prefix(value) !== null &&
    prefix(example) !== prefix(value)
  )
    return null
  return { value, score: spoken ? 0.9 : 0.55 }
}

/** How likely an id slot means the thing an entity names: "customer Ada", "Ada's", "two Headphones". */
export function affinity(slot: Slot, entity: Entity, siblings: readonly Slot[]): number {
  const noun = slot.noun ?? ''
  const around = [...entity.before, ...entity.after].map(singular)
  let score = around.includes(noun) ? 1 : 0
  const before = entity.before.at(-1) ?? ''
  if (PEOPLE.has(noun) && (entity.kind === 'email' || ['for', 'to', 'by', 'of', 'from'].includes(before))) score += 0.6
  const counted = siblings.some(
    (other) => other.in === 'body' && other.path.at(-2) === slot.path.at(-2) && other.words.includes('quantity'),
  )
  if (
    counted &&
    slot.path.length > 1 &&
    /^(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|a|an|the)$/.test(before)
  )
    score += 0.6
  return score
}

function matches(pattern: string, value: string): boolean {
  // A document's pattern is somebody else's code: only short ones without repeated groups are run.
  if (pattern.length > 80 || /[)\]}*+?]\s*[*+{]/.test(pattern) || value.length > 200) return true
  try {
    return new RegExp(pattern, 'u').test(value)
  } catch {
    return true
  }
}

/** `ord_3013` → `a_0`: letters and digits by kind, so that ids of one making look alike; the prefix stays out of it. */
function shape(text: string): string {
  return `${prefix(text) ?? ''}|${text.replaceAll(/[A-Za-z]+/g, 'a').replaceAll(/\d+/g, '0')}`
}

function prefix(text: string): string | null {
  return /^([A-Za-z]+)[_-]/.exec(text)?.[1]?.toLowerCase() ?? null
}
