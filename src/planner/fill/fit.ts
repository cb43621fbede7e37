import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { roleOf } from '../../links/roles.ts'
import { isEmailSlot, isFreeText, isSearch } from '../../links/slot-kinds.ts'
import { type Slot, takesText } from '../../links/slots.ts'
import type { Effect } from '../../specs/operation.ts'
import { typesOf } from '../../steps/schema-path.ts'
import { LABELS, PEOPLE, PLACES, REMARKS } from '../language/lexicon.ts'
import type { Clause } from '../understand/clause.ts'
import { isExcluded, isExcluding } from '../understand/denials.ts'
import type { Entity } from '../understand/entity.ts'
import { isFamilySlot } from '../understand/full-names.ts'
import { inUnits } from '../understand/units.ts'
import { makingFit } from './evidence.ts'
import type { Fit } from './filling.ts'
import { fitDate, isNewTime, isOtherDate } from './fit-dates.ts'
import { fitId, fitQuotedId, takesIds } from './fit-ids.ts'
import { fitByName, isSaid } from './fit-named.ts'
import { fitNumber } from './fit-numbers.ts'
import { inCents, saidWords } from './minor-units.ts'

const RENAME = stem('rename')
const ASSIGN = stem('assign')
const LINKING = new Set(['is', 'to', 'as', 'be', 'a', 'an', 'the', 'equal', 'set'])
// Before a value these belong to its field, before a name to its owner: "a rate of 5", "the city of Ada".
const BELONGING = new Set(['of', 'at', 'for', 'with', 'named', 'called'])
// How a description says that a place is written in letters that stand for it.
const CODE = /\bISO[- ]?3166\b|\b(?:country|region|state) codes?\b/i
// How a description says that a share is not in percent.
const FRACTIONS =
  /\b(?:as|a|in) decimals?\b|\bdecimal (?:fraction|number|form|format)\b|\bas a fraction\b|\b(?:between|from) 0(?:\.0)? (?:and|to) 1(?:\.0)?\b/i

// Whose something is, by what filters are called; who sees to it is somebody else.
const OWNERS = new Set(
  'applicant claimant buyer customer client owner author requester guest patient member tenant student subscriber borrower holder passenger participant attendee employee user'.split(
    ' ',
  ),
)
const SOURCES = new Set(['from', 'since', 'by'])
const WHY = new Set('reason note comment message remark explanation cause'.split(' '))
const OWNING = new Set(['of', 'by', 'from'])

/** "Rename the server to web-2": what it is to be called is no id, though it is written like one. */
function asNewName(entity: Entity, { action }: Clause): Entity {
  return action === RENAME && entity.kind === 'id' && entity.before.at(-1) === 'to'
    ? { ...entity, kind: 'quoted' }
    : entity
}

/** How well an entity of the message fills a slot, or null when it does not. */
export function fitEntity(slot: Slot, said: Entity, clause: Clause, effect: Effect, resource = ''): Fit | null {
  const entity = asNewName(said, clause)
  if (clause.action === RENAME && entity !== said && slot.noun !== null) return null
  if (clause.action === RENAME && slot.in === 'body' && OWNING.has(entity.before.at(-1) ?? '')) return null
  if (Array.isArray(slot.schema['enum'])) return null
  // What is said is the text of a message, and not the id of one.
  if (isSaid(entity) && (takesIds(slot) || !slot.words.some((word) => REMARKS.has(word) || word === 'content')))
    return null
  const making = makingFit(slot, entity)
  if (making < 0) return null
  if (entity.kind === 'date' && isOtherDate(slot, clause, resource)) return null
  const isCalled = entity.kind === 'name' || entity.kind === 'quoted'
  if (isCalled && isExcluding(slot) !== isExcluded(entity)) return null
  // "Assign request 5 to Ada": she is no branch that it goes to.
  const isGiven = entity.kind === 'name' && clause.action === ASSIGN && entity.before.at(-1) === 'to'
  if (isGiven && slot.in === 'body' && !slot.words.some((word) => PEOPLE.has(word)) && roleOf(slot.noun) === null)
    return null
  // What something is called is none of the ids that are taken, unless it is said to be one.
  if (isCalled && slot.noun === null && takesIds(slot) && !entity.lead.some((word) => takesIds({ words: [word] })))
    return null
  // "Give shipment S-5 to Alpina": what an id tells is no city.
  const isPlace = slot.noun === null && slot.words.some((word) => PLACES.has(word))
  if (entity.kind === 'id' && isPlace && making === 0 && !isNamed(slot, entity)) return null
  const { entity: meant, note } = inCents(slot, entity)
  const plain = fitByKind(slot, meant, clause, effect, resource)
  const named = meant.kind === 'nested' && !isNamed(slot, meant) ? null : fitByName(slot, meant, clause)
  const fit = asWanted(slot, meant, named && (!plain || named.score > plain.score) ? named : plain)
  return fit && note !== null && fit.value === meant.value ? { ...fit, note } : fit
}

/** A number in the unit that the slot is in, a share as a fraction where one is wanted. */
function asWanted(slot: Slot, entity: Entity, fit: Fit | null): Fit | null {
  if (!fit || entity.kind !== 'number' || typeof fit.value !== 'number') return fit
  if (entity.percent && fit.value === entity.value && FRACTIONS.test(slot.description)) {
    const value = Number((fit.value / 100).toPrecision(12))
    return { ...fit, value, note: `${entity.text} % are written as ${value}` }
  }
  const converted = inUnits(slot, entity, fit.value)
  const fits = converted && (typesOf(slot.schema).includes('number') || Number.isInteger(converted.value))
  return fits ? { ...fit, ...converted } : fit
}

/** What the kind of an entity says: an address of e-mail goes where one is taken, a date where dates are. */
function fitByKind(slot: Slot, entity: Entity, clause: Clause, effect: Effect, resource: string): Fit | null {
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
      return fitDate(slot, entity, clause.timeZone, isNewTime(slot, clause, resource))
    case 'time':
      return takesText(slot) && slot.words.includes('time') ? { value: entity.value, score: 0.6 } : null
    case 'number':
      return fitNumber(
        slot,
        entity,
        named || (effect === 'update' && slot.in === 'body' && scoreOfNewValue(slot, entity, clause) > 0),
        clause,
      )
    case 'id':
      // "Archive the course Web Design from 2023-autumn": what it is from is not the course.
      return SOURCES.has(entity.before.at(-1) ?? '') && slot.noun !== null && clause.head === stem(slot.noun)
        ? null
        : fitId(slot, entity)
    case 'remark':
      // Why something is changed is not what it is to say.
      return takesText(slot) && slot.words.some((word) => (effect === 'update' ? WHY : REMARKS).has(word))
        ? { value: entity.value, score: 0.8 }
        : null
    case 'name':
    case 'quoted':
      return fitName(slot, entity, named, clause, effect)
    // It goes into a path, as `fillNested` has it, or where it is named.
    case 'nested':
      return null
    default:
      return entity.kind satisfies never
  }
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

// Before what a text is put into, or whose something is.
const BESIDE = new Set(['to', 'into', 'onto', 'by', 'of', 'from'])

/**
 * "Set the city of Ada to Paris": Paris is what is set, Ada is whose; only a field that is spoken of is set. What some call a
 * name others call a title, which counts a little less. 0 where it is nothing new.
 */
function scoreOfNewValue(slot: Slot, entity: Entity, clause: Clause): number {
  const introduced = ['to', 'as', 'named', 'called'].includes(entity.before.at(-1) ?? '')
  if (!introduced) return 0
  const renamed = clause.action === RENAME ? ['name'] : []
  const spoken = [...words(clause.text).map(singular), ...renamed]
  const said = saidWords(slot)
  const own = said.length > 1 && said.at(-1) === 'name' ? said.slice(0, -1) : said
  if (own.every((word) => spoken.includes(word))) return 0.9
  const isLabel = said.length === 1 && LABELS.includes(said[0] ?? '')
  return isLabel && LABELS.some((label) => spoken.includes(label)) ? 0.85 : 0
}

function freeText(slot: Slot, entity: Entity, score: number): Fit | null {
  if (!isFreeText(slot)) return null
  return { value: entity.text, score: isSearch(slot) ? score : score - 0.2 }
}

function fitName(slot: Slot, entity: Entity, named: boolean, clause: Clause, effect: Effect): Fit | null {
  if (slot.noun !== null) return fitQuotedId(slot, entity)
  if (!takesText(slot) || typeof slot.schema['format'] === 'string') return null
  const value = entity.text
  if (effect === 'update' && slot.in === 'body') {
    const score = scoreOfNewValue(slot, entity, clause)
    return score > 0 ? { value, score } : null
  }
  if (named) return { value, score: 0.95 }
  if (isFamilySlot(slot)) return null
  const before = entity.before.at(-1) ?? ''
  const last = slot.words.at(-1) ?? ''
  // `applicant`, `customer_name`; `with_people` takes their ids.
  const [first = '', second, ...more] = slot.words
  const isTheirs = OWNERS.has(first) && more.length === 0 && (second === undefined || second === 'name')
  if (entity.possessive && slot.in === 'query' && isTheirs) return { value, score: 0.85 }
  if (before === 'by' && slot.words.some((word) => PEOPLE.has(word))) return { value, score: 0.85 }
  // "In Inception" is no country: a code is written as one.
  if (PLACES.has(last) && CODE.test(slot.description) && !/^\p{Lu}{2,3}$/u.test(value)) return null
  if (PLACES.has(last)) return ['in', 'from', 'at', 'near'].includes(before) ? { value, score: 0.85 } : null
  // "Email Ada" is to her, not about her.
  if (last === 'subject' && entity.kind === 'name' && before !== 'titled') return null
  if (['name', 'title', 'label', 'subject'].includes(last)) {
    // "Assign all tasks to Ada" makes none that is called so.
    if (slot.in === 'body' && clause.action === ASSIGN && before === 'to') return null
    // "Ada at Acme": where somebody is, and no title.
    if (entity.kind === 'name' && before === 'at' && slot.words.length > 1) return null
    if (['named', 'called', 'titled'].includes(before)) return { value, score: 0.95 }
    return { value, score: effect === 'read' ? 0.6 : 0.7 }
  }
  if (entity.kind === 'quoted' && REMARKS.has(last)) return { value, score: 0.7 }
  // "Add a review to Jaws": what it is added to is nothing that it says.
  if (entity.kind === 'name' && slot.in === 'body' && BESIDE.has(before)) return null
  return freeText(slot, entity, ['in', 'from'].includes(before) ? 0.5 : 0.65)
}
