import type { Endpoint } from '../../catalog/service.ts'
import { stem } from '../../lib/stem.ts'
import { words } from '../../lib/words.ts'
import { listOf } from '../../links/lists.ts'
import { outputFor } from '../../links/outputs.ts'
import { isEmailSlot } from '../../links/slot-kinds.ts'
import { resourceOf, type Slot, slotKey, slotsOf } from '../../links/slots.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { isNegative } from '../fill/field-tests.ts'
import { isEndSlot, isSide, isStartSlot } from '../fill/fit-dates.ts'
import { plainFields } from '../fill/fields.ts'
import { GENERAL_VERBS } from '../language/lexicon.ts'
import type { Many } from '../language/many.ts'
import { asSpoken } from '../language/spoken.ts'
import type { Attempt } from '../plan/attempt.ts'
import type { Each, PlannedCall, Source } from '../plan/planned-call.ts'
import type { Clause } from '../understand/clause.ts'
import { deniesSomething } from '../understand/denials.ts'
import { type Entity, isNumbered } from '../understand/entity.ts'
import { isRelative } from '../understand/relative.ts'
import { saysTo } from './contents.ts'
import { addedList, earlierList, isAbout, phraseClause } from './each-lists.ts'
import { fieldsInWords, type Worded } from './item-words.ts'
import type { Bind, Items, Search } from './search.ts'
import { tellsAll } from './tells-all.ts'

const ADDRESSED = new Set(['to', 'recipient', 'receiver'])

/**
 * Binds an operation that does one thing so that it is done to each of several: to the items of an earlier list, or of one
 * that is added and cut down to those that are spoken of. Null where nothing lists them, or nothing of an item goes into
 * the operation and "for each" is not said.
 */
export async function bindEach(
  endpoint: Endpoint,
  search: Search,
  start: Attempt,
  bind: Bind,
): Promise<Attempt | null> {
  const { clause } = search
  const { many } = clause
  if (!many || (endpoint.effect === 'read' && !many.each)) return null
  // "Email them to Ada" is one message.
  if (!many.each && saysTo(endpoint, clause, slotsOf(endpoint))) return null
  const slots = slotsOf(endpoint).filter(isOne)
  const inPhrase = search.entities.filter((entity) => many.phrase.includes(entity.text))
  const listed =
    earlierList(many, inPhrase, search, start) ??
    (await addedList(many, inPhrase, endpoint, slots, search, start, bind))
  if (!listed) return null
  const { attempt, each } = listed
  const list = attempt.calls[each.step]
  // What is listed is there: it is not created again.
  if (!list || list.endpoint.path === endpoint.path) return null
  // To do it to more than what is meant is worse than to ask of what.
  if (endpoint.effect !== 'read' && !saysAll(many, clause, inPhrase, attempt, each)) return null
  const told = clause.text.replace(many.phrase, ' ')
  const worded = wordsOfItem(told, list, endpoint, slots, each)
  const items = itemsFor(list, each, slots, many, worded)
  const text = worded.reduce((left, { phrase }) => left.replace(phrase, ' '), told)
  const rest: Clause = { ...clause, text, many: null }
  const isWorded = (entity: Entity) => worded.some(({ phrase }) => phrase.includes(entity.text))
  const entities = search.entities.filter((entity) => !inPhrase.includes(entity) && !isWorded(entity))
  const made = await bind(endpoint, { ...search, clause: rest, entities, items }, attempt)
  const call = made.calls.at(-1)
  if (!call) return null
  // What is changed or deleted is the item itself, not what it refers to: an order is not deleted by deleting its customer.
  if (items.bound.size === 0 && (endpoint.effect === 'delete' || endpoint.effect === 'update')) return null
  // "Give all episodes five stars" rates no show once for each of its episodes.
  const isIn = call.bindings.some(({ slot: { in: place }, source }) => place === 'path' && source.kind === 'item')
  if (items.bound.size === 0 && isIn && endpoint.effect !== 'read' && !many.each) return null
  // What an amount is changed by is worked out from what is there.
  const isAmount = ({ kind }: Entity) => kind === 'number' && isRelative(clause.text)
  if (endpoint.effect !== 'read' && entities.some((entity) => !made.used.has(entity) && !isAmount(entity))) return null
  const usesItem = call.bindings.some(({ source }) => source.kind === 'item')
  if (!usesItem && !(many.each && endpoint.effect !== 'read')) return null
  const used = new Set([...made.used, ...search.entities.filter(isWorded)])
  return { ...made, used, calls: [...made.calls.slice(0, -1), { ...call, each }] }
}

/** Whether every word that says which things are meant has its part in which are taken. */
function saysAll(many: Many, clause: Clause, entities: readonly Entity[], attempt: Attempt, each: Each): boolean {
  const list = attempt.calls[each.step]
  if (!list || entities.some((entity) => !attempt.used.has(entity))) return false
  // "From 1 to 5 May": up to where is told behind the words, and no new value.
  const ends = clause.entities.some(({ kind, before }) => kind === 'date' && UP_TO.has(before.at(-1) ?? ''))
  const begins = entities.some(({ kind, before }) => kind === 'date' && before.at(-1) === 'from')
  if (begins && ends && !entities.some(({ before }) => UP_TO.has(before.at(-1) ?? ''))) return false
  if (MONTH_ALONE.test(many.phrase)) return false
  // "All orders of 5 May" are not those of all days from then on.
  if (entities.some((entity) => isHalfOpen(entity, list))) return false
  const where = [...(list.pick?.where ?? []), ...(each.pick?.where ?? [])]
  if (deniesSomething(asSpoken(many.phrase)) && !where.some(isNegative)) return false
  const terms = many.phrase === '' ? (many.told ?? []) : phraseClause(many, clause).terms
  // "All open tasks": what is a verb elsewhere tells which.
  const states = many.nouns.filter((word) => word !== each.noun && GENERAL_VERBS.has(word)).map(stem)
  // "Older than 30 days" is one value, whatever its words are.
  // "Of employee 5" is all told by the 5 in an `emp_id`.
  const valued = entities.flatMap((entity) =>
    [...words(entity.text), ...(isNumbered(entity) ? entity.before.slice(-1) : [])].map(stem),
  )
  return tellsAll(
    [...terms, ...states],
    list,
    [...words(each.noun).map(stem), ...attempt.covered, ...valued],
    [each.pick],
  )
}

const UP_TO = new Set(['to', 'until', 'till', 'through'])
// Months that are words elsewhere.
const MONTH_ALONE = /\b(?:for|in|of|since|until|from)\s+(?:may|march)\s*$/i

/** Whether a day that is said by itself is only where what is listed begins, or where it ends. */
function isHalfOpen({ kind, value, until, before }: Entity, { bindings }: PlannedCall): boolean {
  if (kind !== 'date' || until !== undefined || isSide(before.at(-1) ?? '')) return false
  const taking = bindings.filter(
    ({ source }) => source.kind === 'literal' && String(source.value).startsWith(String(value).slice(0, 10)),
  )
  const [starts, ends] = [taking.some(({ slot }) => isStartSlot(slot)), taking.some(({ slot }) => isEndSlot(slot))]
  // `week_start` is the week itself.
  return starts !== ends && taking.every(({ slot }) => isBound(slot))
}

/** Whether a slot is where a stretch begins or ends: `from`, `placed_after`, and no day that begins something. */
function isBound({ words: own }: Slot): boolean {
  return own.some((word) => /^(?:from|since|after|before|until|till|to|min|max|gte?|lte?)$/.test(word))
}

/** Whether a slot takes one thing: not one of a list that is sent at once. */
function isOne({ path }: Slot): boolean {
  return !path.some((part) => typeof part === 'number')
}

/** The fields of an item that a clause names, "with its subject", with where they go. */
function wordsOfItem(
  text: string,
  list: PlannedCall,
  target: Endpoint,
  slots: readonly Slot[],
  { noun }: Each,
): Worded[] {
  const shape = listOf(list.endpoint)
  return shape ? fieldsInWords(text, plainFields(shape.items), target, slots, noun) : []
}

/** What goes from an item into the operation: its id where that is asked for, else a field that is called the same. */
function itemsFor(list: PlannedCall, each: Each, slots: readonly Slot[], many: Many, worded: readonly Worded[]): Items {
  const shape = listOf(list.endpoint)
  const nouns = many.nouns.length > 0 ? many.nouns : [resourceOf(list.endpoint.path)]
  const bound = new Map<string, { slot: Slot; source: Source }>()
  const fields = shape ? plainFields(shape.items) : []
  const item = (path: string, slot: Slot): Source => {
    const given = typesOf(fields.find((field) => field.path === path)?.slot.schema ?? {})
    const wanted = typesOf(slot.schema)
    const asText = wanted.includes('string') && given.length > 0 && !given.some((type) => wanted.includes(type))
    return { kind: 'item', path, words: `of each ${each.noun}`, ...(asText ? { asText } : {}) }
  }
  for (const { slot, field } of worded) bound.set(slotKey(slot), { slot, source: item(field.path, slot) })
  for (const slot of slots) {
    const { noun } = slot
    if (noun === null || !nouns.some((named) => isAbout(noun, named))) continue
    const output = outputFor(list.endpoint, { ...slot, noun: resourceOf(list.endpoint.path) })
    const prefix = `${shape?.path}[0].`
    if (output?.path.startsWith(prefix))
      bound.set(slotKey(slot), { slot, source: item(output.path.slice(prefix.length), slot) })
  }
  return {
    bound,
    sourceFor(slot) {
      if (!isOne(slot)) return null
      const same = list.bindings.find(({ slot: other }) => other.in === slot.in && other.name === slot.name)
      if (same?.source.kind === 'literal') return same.source
      if (same?.source.kind === 'input') return { kind: 'input', like: { step: each.step, slot: same.slot } }
      const mails = fields.filter((field) => isEmailSlot(field.slot))
      const addressed = isEmailSlot(slot) || slot.words.some((word) => ADDRESSED.has(word))
      const [mail] = mails
      if (addressed && mail && mails.length === 1) return item(mail.path, slot)
      const alike = fields.find((field) => field.slot.words.join(' ') === slot.words.join(' '))
      return alike && JSON.stringify(alike.slot.schema['type']) === JSON.stringify(slot.schema['type'])
        ? item(alike.path, slot)
        : null
    },
  }
}
