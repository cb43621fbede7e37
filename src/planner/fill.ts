import type { Operation } from '../specs/operation.ts'
import { singular, words } from '../lib/words.ts'
import { typesOf } from '../steps/schema-path.ts'
import type { Entity } from './entities.ts'
import { codeOf } from './codes.ts'
import { elementOf } from './evidence.ts'
import { fitWords } from './fit-words.ts'
import { fitEntity, type Fit } from './fit.ts'
import { classFit } from './likeness.ts'
import { PLACES } from './lexicon.ts'
import { isLimit, isSearch } from './slot-kinds.ts'
import { resourceOf, slotKey, slotsOf, takesText, type Slot } from './slots.ts'
import type { Clause } from './understand.ts'

/** A slot with the value that a clause gives it. */
export type Filling = {
  slot: Slot
  value: unknown
  /** What the value is made of; none where the clause's own words choose it. */
  entities: readonly Entity[]
  /** The words that chose it. */
  words: readonly string[]
  /** How sure it is, from 0 to 1. */
  score: number
  note: string | null
}

/** Of two slots that fit alike, the one that has to be filled is the one that is meant. */
export const REQUIRED_BONUS = 0.06
const DEEP_MALUS = 0.01
// Several things said in one go belong into a list.
const LIST_BONUS = 0.15
// "the song 'Help!'": a value beside a word that the operation is called by.
const ABOUT_BONUS = 0.04
// What searching is worth beside filtering, and doing it among the things that a name is said to belong to.
const SEARCHED = 0.3
const CLASS = 0.4
const SURE = 0.4
const LEFT_OVER = 0.5

/**
 * What a clause says of an operation's slots: choices of enumerations and flags that its words name, and its entities,
 * each in the one slot that it fits best. Pure and deterministic.
 */
export function fillFromClause(operation: Operation, clause: Clause, entities: readonly Entity[]): Filling[] {
  const slots = slotsOf(operation)
  const filled = new Map<string, Filling>()
  const used = new Set<Entity>()
  const fill = (filling: Filling) => {
    filled.set(slotKey(filling.slot), filling)
    for (const entity of filling.entities) used.add(entity)
  }
  const spoken = slots.filter((slot) => isSpoken(slot, clause))
  for (const slot of spoken) {
    const fit = fitWords(slot, clause)
    if (fit) fill({ slot, value: fit.value, entities: [], words: fit.words, score: fit.score, note: null })
  }
  const values = valuesOf(operation, entities)
  for (const { slot, element, entity, fit } of pairs(operation, spoken, values, clause)) {
    if (filled.has(slotKey(slot)) || used.has(entity)) continue
    const all = element === slot ? [{ entity, fit }] : inList(operation, element, entity, values, clause, used)
    const given = all.map((one) => one.fit.value)
    fill({
      slot,
      value: element === slot ? fit.value : given,
      entities: all.map((one) => one.entity),
      words: all.flatMap((one) => words(one.entity.text)),
      score: fit.score,
      note: fit.note ?? null,
    })
  }
  const left = (entity: Entity) => !used.has(entity)
  for (const filling of leftOvers(
    slots.filter((slot) => !filled.has(slotKey(slot))),
    values.filter(left),
  ))
    fill(filling)
  const limit = slots.find(isLimit)
  if (clause.limit !== null && limit && !filled.has(slotKey(limit)))
    fill({
      slot: limit,
      value: clause.limit,
      entities: entities.filter(({ value }) => value === clause.limit),
      words: [],
      score: 0,
      note: null,
    })
  return [...filled.values()]
}

type Pair = { slot: Slot; element: Slot; entity: Entity; fit: Fit }

/** Every entity with every slot it fits, the surest first. */
function pairs(operation: Operation, slots: readonly Slot[], entities: readonly Entity[], clause: Clause): Pair[] {
  const called = calledBy(operation)
  const isListed = (entity: Entity) => entities.filter((other) => other.list === entity.list).length > 1
  return slots
    .flatMap((slot) => {
      const element = elementOf(slot) ?? slot
      return entities.flatMap((entity) => {
        const fit = fitEntity(element, entity, clause, operation.effect)
        if (!fit || !(slot.required || fit.score >= SURE)) return []
        const place = slot.required ? REQUIRED_BONUS : -DEEP_MALUS * slot.path.length
        const list = isListed(entity) ? (element === slot ? -LIST_BONUS : LIST_BONUS) : 0
        const searched = isSearch(slot) ? SEARCHED + CLASS * classFit(entity, resourceOf(operation.path)) : 0
        const about = entity.lead.some((word) => called.has(singular(word))) ? ABOUT_BONUS : 0
        return [
          {
            slot,
            element,
            entity,
            fit: { ...fit, score: fit.score + searched },
            worth: fit.score + searched + place + list + about,
          },
        ]
      })
    })
    .toSorted((a, b) => b.worth - a.worth)
}

/** The entities of one list that a slot of lists takes. */
function inList(
  operation: Operation,
  element: Slot,
  entity: Entity,
  entities: readonly Entity[],
  clause: Clause,
  used: ReadonlySet<Entity>,
): { entity: Entity; fit: Fit }[] {
  return entities
    .filter((other) => other.list === entity.list && !used.has(other))
    .flatMap((other) => {
      const fit = fitEntity(element, other, clause, operation.effect) ?? fitByType(element, other)
      return fit ? [{ entity: other, fit }] : []
    })
}

function fitByType(slot: Slot, entity: Entity): Fit | null {
  const fits = entity.kind === 'number' ? isNumeric(slot) : takesText(slot)
  return fits ? { value: entity.value, score: LEFT_OVER } : null
}

/** What nothing named goes, in its order, to the slots that have to be filled and take its kind: "the GCD of 120 and 180". */
function leftOvers(open: readonly Slot[], entities: readonly Entity[]): Filling[] {
  const required = open.filter((slot) => slot.required && !Array.isArray(slot.schema['enum']))
  const numbers = entities.filter(({ kind }) => kind === 'number')
  const numeric = required.filter((slot) => isNumeric(slot) && slot.noun === null)
  const lists = open.filter(takesTexts)
  const isListed = (one: Entity) => one.kind === 'quoted' && entities.filter(({ list }) => list === one.list).length > 1
  const several = lists.length === 1 ? entities.filter(isListed) : []
  const texts = entities.filter((one) => (one.kind === 'quoted' || one.kind === 'name') && !several.includes(one))
  const textual = required.filter(
    (slot) =>
      slot.noun === null &&
      takesText(slot) &&
      typeof slot.schema['format'] !== 'string' &&
      !slot.words.some((word) => PLACES.has(word)),
  )
  const [list] = lists
  return [
    ...(numbers.length >= numeric.length ? inOrder(numeric, numbers) : []),
    ...(list && several.length > 0
      ? [
          leftOver(
            list,
            several.map(({ value }) => value),
            several,
          ),
        ]
      : []),
    ...(texts.length === textual.length ? inOrder(textual, texts) : []),
  ]
}

function inOrder(slots: readonly Slot[], entities: readonly Entity[]): Filling[] {
  return slots.flatMap((slot, index) => {
    const entity = entities[index]
    return entity ? [leftOver(slot, entity.value, [entity])] : []
  })
}

function leftOver(slot: Slot, value: unknown, entities: readonly Entity[]): Filling {
  return { slot, value, entities, words: entities.flatMap(({ text }) => words(text)), score: LEFT_OVER, note: null }
}

function isNumeric(slot: Slot): boolean {
  return typesOf(slot.schema).some((type) => type === 'integer' || type === 'number')
}

function takesTexts(slot: Slot): boolean {
  const element = elementOf(slot)
  return element !== null && takesText(element) && !Array.isArray(element.schema['enum'])
}

/** The entities that can be values of an operation; money of which the currency is said is two. */
function valuesOf(operation: Operation, entities: readonly Entity[]): Entity[] {
  const called = calledBy(operation)
  // "Calculate the GPA": what the operation itself is called by is no value of it.
  const isItsName = ({ kind, text }: Entity) =>
    kind === 'name' && words(text).every((word) => called.has(singular(word)))
  return entities
    .flatMap((entity): Entity[] => {
      const { currency } = entity
      if (currency === null) return [entity]
      if (!slotsOf(operation).some((slot) => codeOf(slot, currency))) return [entity]
      return [
        entity,
        { ...entity, kind: 'name', text: currency, value: currency, money: false, currency: null, list: -1 },
      ]
    })
    .filter((entity) => !isItsName(entity))
}

function calledBy({ path, operationId, summary }: Operation): ReadonlySet<string> {
  return new Set(words(`${path} ${operationId ?? ''} ${summary}`).map(singular))
}

// Names of objects that only wrap what they hold.
const WRAPPERS = new Set(
  'property data attribute item body resource object request payload input entity record content'.split(' '),
)

/** Whether an optional place deep in a body is spoken of: by the name of what it is in, where that says anything. */
function isSpoken(slot: Slot, clause: Clause): boolean {
  if (slot.required || slot.in !== 'body') return true
  const said = new Set(words(clause.text).map(singular))
  return slot.path.slice(0, -1).every((part) => {
    const named = typeof part === 'string' ? words(part).map(singular) : []
    return named.length === 0 || named.some((word) => WRAPPERS.has(word) || said.has(word))
  })
}
