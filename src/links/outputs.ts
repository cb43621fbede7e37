import type { Operation } from '../specs/operation.ts'
import {
  answerOf,
  ID_NAMES,
  kindOf,
  type Answer,
  type AnswerField,
  type AnswerShape,
  type ValueKind,
} from './answers.ts'
import { quote } from './lists.ts'
import type { Slot } from './slots.ts'

/**
 * What a slot asks for: a thing, and the word for the field that tells which. `customerId` asks for a customer by its id,
 * the `{login}` of `/users/{login}` for a login by its login.
 */
export type Need = { noun: string; key: string }

/**
 * Why a field fills a need: it identifies what the operation itself is about (`own`), it is named for the thing, as
 * `customer_id` is (`reference`), it is the id within a thing that is held (`part`), or it identifies items that are made as
 * the thing is (`alike`).
 */
export const REASONS = ['own', 'reference', 'part', 'alike'] as const
export type Reason = (typeof REASONS)[number]

/** A field of an operation's answer that can fill a slot: its path under `steps.<id>.`, and whether it was picked from a list. */
export type Output = { path: string; fromList: boolean; words: string; reason: Reason } & ValueKind

/** What a slot asks for; null where its value identifies nothing. */
export function needOf({ noun, words }: Slot): Need | null {
  // A word that ends in “is” is taken for no plural.
  return noun === null || noun === '' ? null : { noun, key: words.at(-1)?.replace(/^uris$/, 'uri') ?? 'id' }
}

/** The field of an operation's answer that identifies what a slot asks for, or null when there is none that it takes. */
export function outputFor(operation: Operation, slot: Slot): Output | null {
  const need = needOf(slot)
  const answer = answerOf(operation)
  const output = need && (sameName(answer, slot, need) ?? outputIn(answer, need))
  return output && canTake(kindOf(slot.schema), output) ? output : null
}

/** The `ts_id` of timesheets for the `{ts_id}` of one: a field that is called as the slot is, of what it identifies. */
function sameName({ whole, wrapped, resource }: Answer, { name, in: place }: Slot, { noun }: Need): Output | null {
  if (place !== 'path' || !isAbout(resource, noun)) return null
  for (const shape of [whole, wrapped]) {
    const field = shape?.fields.find((each) => each.noun !== null && each.name === name)
    if (!shape || !field) continue
    const path = `${shape.path}.${quote(name)}`
    return { path, types: field.types, format: field.format, reason: 'own', ...inWords(path, noun, resource) }
  }
  return null
}

/** The field of an answer that identifies what is needed, or null when there is none. */
export function outputIn(answer: Answer, need: Need): Output | null {
  const { whole, wrapped, resource } = answer
  const found =
    (whole && fieldIn(whole, need, resource)) ?? (wrapped && fieldIn(wrapped, need, resource)) ?? hitIn(answer, need)
  if (!found) return null
  return { ...found, ...inWords(found.path, need.noun, resource) }
}

/** The id of what one search over things of many kinds finds; see `hitsOf`. */
function hitIn({ whole, hits }: Answer, { noun, key }: Need): Found | null {
  const id = whole?.fields.find(({ name }) => name === 'id')
  if (!whole || !id || LOGINS.includes(key) || hits?.kinds.has(noun) !== true) return null
  return { path: `${whole.path}.id`, reason: 'part', types: id.types, format: id.format }
}

/** What a plan says of a value at a path of an answer. */
export function inWords(path: string, noun: string, resource: string): { fromList: boolean; words: string } {
  const fromList = path.includes('[0]')
  return { fromList, words: fromList ? `of the first ${noun} found` : `of the ${resource}` }
}

/**
 * Whether a slot takes what a field holds, as far as both say: the same type, a number for a number, or what can be written
 * as text. Of two formats, only the same.
 */
export function canTake(slot: ValueKind, field: ValueKind): boolean {
  if (slot.format !== null && field.format !== null && ownFormat(slot) !== ownFormat(field)) return false
  if (slot.types.length === 0 || field.types.length === 0) return true
  if (slot.types.includes('string')) return field.types.some(isPlain)
  const isNumeric = (type: string) => type === 'number' || type === 'integer'
  return (
    field.types.some((type) => slot.types.includes(type)) || (field.types.some(isNumeric) && slot.types.some(isNumeric))
  )
}

// How wide a number is says nothing of what it means.
const WIDTHS = new Set(['int32', 'int64', 'int', 'long', 'float', 'double'])

function ownFormat({ format }: ValueKind): string {
  return format === null || WIDTHS.has(format) ? 'number' : format
}

function isPlain(type: string): boolean {
  return type !== 'object' && type !== 'array' && type !== 'boolean'
}

// What people call themselves in an API, which no id of theirs is.
const LOGINS = ['username', 'login', 'handle', 'user_name', 'screen_name', 'name']

// What identifies a thing wherever it stands; what else may do so is only taken where nothing is called for the thing.
const SURE_IDS = new Set(['id', 'uuid', 'guid'])

type Found = Pick<Output, 'path' | 'reason'> & ValueKind

function fieldIn({ path, fields }: AnswerShape, need: Need, resource: string): Found | null {
  const at = (field: AnswerField, reason: Reason): Found => {
    return { path: `${path}.${quote(field.name)}`, reason, types: field.types, format: field.format }
  }
  const same = fields.find(({ noun }) => noun === need.noun)
  if (isAbout(resource, need.noun)) {
    const wanted = LOGINS.includes(need.key) ? [need.key, ...LOGINS] : [need.key, ...ID_NAMES]
    const named = wanted.flatMap((name) => fields.find((field) => field.name === name) ?? [])[0]
    // A trip is told by its `trip_id` rather than by its name, and so is a price alert by its `alert_id`.
    const isTold = named === undefined || (named.name !== need.key && !SURE_IDS.has(named.name))
    const id = isTold ? (same ?? fields.find(({ noun }) => noun !== null && need.noun.endsWith(` ${noun}`))) : undefined
    const own = id ?? named
    if (own) return at(own, 'own')
  }
  if (same) return at(same, 'reference')
  // "Production companies" are companies.
  const holder =
    fields.find(({ called, key }) => called === need.noun && key !== null) ??
    fields.find(({ called, key }) => called.endsWith(` ${need.noun}`) && key !== null)
  const key = need.key === 'uri' ? holder?.uri : holder?.key
  return key ? { path: `${path}.${key.path}`, reason: 'part', types: key.types, format: key.format } : null
}

/** Whether one noun is the other told more closely: a "customer order" is an order. */
export function isAbout(resource: string, noun: string): boolean {
  return resource === noun || noun.endsWith(` ${resource}`) || resource.endsWith(` ${noun}`)
}

/**
 * Whether an operation stands where a slot of another does, and so tells of what the slot identifies: `/ships/in-port`
 * beside the `{shipId}` of `/ships/{shipId}/crew`.
 */
export function isBeside({ path }: Operation, slot: Slot, target: Operation): boolean {
  const [base = '', ...rest] = target.path.split(`{${slot.name}}`)
  return (
    slot.in === 'path' &&
    rest.length > 0 &&
    base !== '/' &&
    path.startsWith(base) &&
    isPlainSegment(path.slice(base.length))
  )
}

function isPlainSegment(text: string): boolean {
  return /^[^/{}]+$/.test(text)
}

/** The field that identifies the things an operation answers with, where they are known to be what a slot asks for; or null. */
export function outputOfKind(operation: Operation, slot: Slot): Output | null {
  const { whole, wrapped } = answerOf(operation)
  for (const shape of [whole, wrapped]) {
    const key = shape?.fields.find(({ name }) => name === 'id' || name === slot.name)
    if (!shape || !key || !canTake(kindOf(slot.schema), key)) continue
    const path = `${shape.path}.${quote(key.name)}`
    const noun = slot.noun ?? ''
    return { path, types: key.types, format: key.format, reason: 'alike', ...inWords(path, noun, noun) }
  }
  return null
}
