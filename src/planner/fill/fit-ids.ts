import { singular, words } from '../../lib/words.ts'
import { isAnybody, roleOf } from '../../links/roles.ts'
import { isNounOf, isSameNoun, isShortFor } from '../../links/short-nouns.ts'
import { type Slot, takesText } from '../../links/slots.ts'
import { typesOf, variants } from '../../steps/schema-path.ts'
import { isBehindNoun } from '../understand/entities.ts'
import type { Entity } from '../understand/entity.ts'
import type { Fit } from './filling.ts'

/** What the name of an id ends with. */
export const IDS = new Set(['id', 'ids', 'identifier', 'key', 'code', 'number', 'slug', 'uuid'])

const ID_ALONE = new Set(['id', 'uuid', 'guid'])
const IDS_ALONE = /^(?:id|uuid|guid)s?$/

/** Whether a slot, by its name, takes an id or several: `plantIds`. */
export function takesIds({ words: name }: Pick<Slot, 'words'>): boolean {
  return IDS_ALONE.test(name.at(-1) ?? '')
}

const NAMING = new Set(['named', 'called', 'titled', 'entitled'])
const HOSTS = new Set(['domain', 'host', 'hostname', 'site', 'website', 'zone', 'fqdn'])
const DOMAIN = /^[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}$/

/** `the calendar with ID "primary"`: what is said to be an id is one, of what stands before. */
export function fitQuotedId(slot: Slot, entity: Entity): Fit | null {
  if (entity.kind !== 'quoted' || !takesText(slot)) return null
  const before = entity.lead.map(singular).slice(-4)
  const noun = words(slot.noun ?? '').at(-1) ?? ''
  const own = slot.words.at(-1) ?? 'id'
  if (DOMAIN.test(entity.text) && slot.words.some((word) => HOSTS.has(word))) return { value: entity.text, score: 0.9 }
  // What something is called is no id, nor is what has spaces.
  if (IDS.has(own) && (NAMING.has(entity.before.at(-1) ?? '') || (/\s/.test(entity.text) && !before.includes(own))))
    return null
  // "The customer alice" is not her id, where that is one.
  if (isBehindNoun(entity) && ID_ALONE.has(own) && !before.includes(own)) return null
  // `{username}` is named by "user"; that something is an id says not whose.
  const names = IDS.has(own) ? [noun] : [noun, own]
  if (before.some((word) => names.some((name) => isSameThing(name, word))))
    return { value: entity.text, score: before.includes(own) ? 0.98 : 0.9 }
  return before.includes('id') || before.includes(own) ? { value: entity.text, score: 0.6 } : null
}

/** Whether a word is what the noun of a slot stands for, which may be short for it or say that it is a name: org, username. */
function isSameThing(noun: string, word: string): boolean {
  return noun === word || noun === `${word}name` || (noun.length >= 3 && word.startsWith(noun))
}

// Between what a thing is called and its id: "order number 5", "orders with the ids 5 and 6".
const TO_ID = new Set([
  'id',
  'number',
  'no',
  'with',
  'the',
  'whose',
  'is',
  'of',
  'and',
  'or',
  'by',
  'code',
  'key',
  'called',
  'named',
])

/** Whether an entity stands behind what a slot's thing is called: in "the orders of 2023" it is no order's. */
function isSpokenOf(slot: Slot, { before }: Entity): boolean {
  const last = before.map(singular).findLast((word) => !TO_ID.has(word))
  return last !== undefined && isSpokenSo(slot, last)
}

/** Whether a word is what a slot's thing is called: by its noun, its last word, or what the slot calls it: "job 5" for `{job_id}`. */
export function isSpokenSo({ noun, words: own }: Slot, said: string): boolean {
  if (noun === null) return false
  const word = singular(said)
  return (
    isSameNoun(words(noun).at(-1) ?? '', word) ||
    isNounOf(noun, word) ||
    own.slice(0, -1).at(-1) === word ||
    (roleOf(noun) !== null && isAnybody(word))
  )
}

/** "order 3030" where ids look like `ord_3001`: the number completed to an id of the same making. */
export function fitNumberedId(slot: Slot, entity: Entity): Fit | null {
  const spoken = isSpokenOf(slot, entity)
  if (!spoken || !takesText(slot) || entity.money) return null
  const { example } = slot.schema
  const made = typeof example === 'string' ? /^(\D+)(\d+)$/.exec(example) : null
  // "The lead 5" is one of the path's, before it is a `lead_source`.
  if (!made) return { value: entity.text, score: slot.in === 'path' ? 0.9 : 0.8 }
  const [, start = '', digits = ''] = made
  if (digits.length !== entity.text.length) return null
  const value = `${start}${entity.text}`
  return { value, score: 0.85, note: `${entity.text} is taken as the id ${value}` }
}

export function fitId(slot: Slot, entity: Entity): Fit | null {
  // An optional `key` or `code` of nothing in particular is spoken of, or not meant.
  const value = String(entity.value)
  // `cus_12` tells that it is a customer's: `GET /invoices?customer=…`.
  if (slot.noun === null && isOfKind(slot, value)) return { value, score: 0.9 }
  if (slot.noun === null && !(slot.required && IDS.has(slot.words.at(-1) ?? ''))) return null
  if (isOfOther(slot, entity) || isOfField(slot, entity)) return null
  const patterns = variants(slot.schema).flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []))
  if (patterns.some((pattern) => !matches(pattern, value))) return null
  const types = typesOf(slot.schema)
  if (types.length > 0 && !types.includes('string')) {
    const number = Number(value)
    return types.includes('integer') && Number.isInteger(number) ? { value: number, score: 0.8 } : null
  }
  const example = slot.schema['example']
  const alike = typeof example === 'string' && shape(example) === shape(value)
  const spoken = isSpokenOf(slot, entity)
  if (alike || patterns.length > 0) return { value, score: spoken ? 0.98 : 0.95 }
  // A header or a filter that nothing speaks of is not what an id is for.
  if (!spoken && !slot.required) return null
  if (
    typeof example === 'string' &&
    prefix(example) !== null &&
    prefix(value) !== null &&
    prefix(example) !== prefix(value)
  )
    return null
  return { value, score: spoken ? 0.9 : 0.55 }
}

/** "The section SEC-4410": whether an id is said, by its letters as well, to be of another kind than a slot takes. */
function isOfOther(slot: Slot, { text, before }: Entity): boolean {
  const { noun } = slot
  const told = singular(before.at(-1) ?? '')
  const letters = /^[A-Za-z]+(?=[-_\d])/.exec(text)?.[0].toLowerCase()
  return (
    takesIds(slot) &&
    letters !== undefined &&
    (told.startsWith(letters) || isShortFor(letters, told)) &&
    noun !== null &&
    words(noun).at(-1) !== told
  )
}

const HAVING = new Set(['with', 'whose', 'having', 'where'])
const BETWEEN = new Set(['the', 'a', 'an', 'is', 'of', 'as', 'no', 'customer', 'external', 'own', 'same'])

/** "The shipment with the reference PO-5": whether an id is that of a field which is none, and finds a thing rather than is its id. */
function isOfField({ in: place, noun }: Slot, { before }: Entity): boolean {
  const from = before.findLastIndex((word) => HAVING.has(word))
  if (place !== 'path' || from === -1) return false
  const field = before.slice(from + 1).filter((word) => !BETWEEN.has(word))
  return field.length > 0 && field.every((word) => !IDS.has(word) && singular(word) !== noun)
}

// Ids of one make begin alike: with as many letters of what they are ids of.
const SHORT_FOR = 3

/** Whether an id begins with what a slot is called: `cus_12` and `customer`. */
function isOfKind(slot: Slot, value: string): boolean {
  const start = prefix(value)
  const noun = slot.words.at(-1) ?? ''
  return start !== null && start.length >= SHORT_FOR && noun.startsWith(start) && takesText(slot)
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
