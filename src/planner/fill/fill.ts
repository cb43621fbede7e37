import { stem } from '../../lib/stem.ts'
import { singular, words } from '../../lib/words.ts'
import { isFreeText, isLimit, isSearch, isSort } from '../../links/slot-kinds.ts'
import { resourceOf, type Slot, slotKey, slotsOf } from '../../links/slots.ts'
import type { Operation } from '../../specs/operation.ts'
import { DETERMINERS, FUNCTION_WORDS } from '../language/lexicon.ts'
import { classFit } from '../rank/likeness.ts'
import type { Clause } from '../understand/clause.ts'
import { isBehindNoun } from '../understand/entities.ts'
import type { Entity } from '../understand/entity.ts'
import { elementOf } from './evidence.ts'
import type { Filling, Fit } from './filling.ts'
import { fitLists } from './fit-lists.ts'
import { fillNested } from './fit-nested.ts'
import { fitWords, spokenText } from './fit-words.ts'
import { fitEntity } from './fit.ts'
import { kindsSaid, LEFT_OVER, leftOvers, takesKind, unsaidWords } from './left-overs.ts'
import { calledBy, valuesOf } from './values.ts'

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
// How sure a value is that another clause says; a read that cannot do without it takes what is a little less so.
const TOLD = 0.86
const TOLD_OF_NEEDED = 0.85

/**
 * What a clause says of an operation's slots: choices of enumerations and flags that its words name, and its entities,
 * each in the one slot that it fits best. Pure and deterministic.
 */
export function fillFromClause(operation: Operation, clause: Clause, entities: readonly Entity[]): Filling[] {
  const slots = slotsOf(operation)
  const { values, madeOf } = valuesOf(operation, entities, clause)
  const filled = new Map<string, Filling>()
  const used = new Set<Entity>()
  const fill = (filling: Filling) => {
    filled.set(slotKey(filling.slot), { ...filling, entities: filling.entities.flatMap(madeOf) })
    for (const entity of filling.entities) used.add(entity)
  }
  const open = () => slots.filter((slot) => !filled.has(slotKey(slot)))
  const left = () => values.filter((value) => !used.has(value))
  const free = () => left().filter((value) => clause.effect === 'read' || !isNameOfAnother(value, operation))
  const spoken = slots.filter((slot) => isSpoken(slot, clause) || isNeeded(slot, operation))
  for (const slot of spoken) {
    const fit = fitWords(slot, clause)
    if (fit) fill({ slot, value: fit.value, entities: [], words: fit.words, score: fit.score, note: null })
  }
  for (const filling of fillNested(operation, left())) fill(filling)
  for (const filling of fitLists(operation, clause, left())) fill(filling)
  for (const pair of pairs(operation, spoken, values, clause)) {
    if (filled.has(slotKey(pair.slot)) || used.has(pair.entity)) continue
    fill(fillingOf(pair, operation, left(), clause))
  }
  for (const filling of [...leftOvers(operation, open(), free()), ...kindsSaid(operation, open(), clause)])
    if (!filled.has(slotKey(filling.slot))) fill(filling)
  const unsaid = left().some(({ kind }) => kind === 'name' || kind === 'quoted')
    ? null
    : unsaidWords(operation, open(), clause)
  if (unsaid) fill(unsaid)
  const limit = open().find(isLimit)
  // The first of a list is the latest at most, and not the dearest.
  const isOrdered =
    clause.order === null ||
    clause.order.by.includes('created') ||
    [...filled.values()].some(({ slot }) => isSort(slot))
  if (clause.limit !== null && limit && isOrdered) {
    const said = entities.filter(({ value }) => value === clause.limit)
    fill({ slot: limit, value: clause.limit, entities: said, words: [], score: 0, note: null })
  }
  for (const filling of filled.values()) {
    const maker = makerOf(filling, clause.entities)
    if (maker)
      fill({ ...filling, value: `${String(filling.value)} ${maker.text}`, entities: [...filling.entities, maker] })
  }
  const all = [...filled.values()]
  const names = all.filter((filling) => isNameOfField(filling, all, slots, clause))
  // What is told by the name of a field is told.
  return all
    .filter((filling) => !names.includes(filling))
    .map((filling) => ({ ...filling, words: [...filling.words, ...names.flatMap((name) => name.words)] }))
}

/** "Change the email to …": the name of the field that is set chooses nothing elsewhere, as `contact_by: email`. */
function isNameOfField(
  { slot, words: said, entities }: Filling,
  all: readonly Filling[],
  slots: readonly Slot[],
  clause: Clause,
): boolean {
  if (!Array.isArray(slot.schema['enum']) || slot.in !== 'body' || entities.length > 0) return false
  // "Contact her by phone" chooses.
  if (slot.words.some((word) => !FUNCTION_WORDS.has(word) && spokenText(clause).includes(` ${word} `))) return false
  const isSaid = (words: readonly string[]) =>
    words.length === said.length && words.every((word, at) => word === said[at])
  const isSet = clause.effect === 'update' && clause.head === stem(said.at(-1) ?? '')
  return (
    all.some((other) => other.slot !== slot && other.entities.length > 0 && isSaid(other.slot.words)) ||
    (isSet && slots.some((other) => other !== slot && other.in === 'body' && isSaid(other.words)))
  )
}

/** "The song Hurt by Johnny Cash": who made what is searched for in any text, where nothing else takes the name. */
function makerOf({ slot, entities: [named, ...others] }: Filling, said: readonly Entity[]): Entity | undefined {
  if (!named || others.length > 0 || !isFreeText(slot) || !isSearch(slot) || named.after[0] !== 'by') return undefined
  const [behind = ''] = words(named.text).slice(-1)
  return said.find(({ kind, before }) => kind === 'name' && before.at(-1) === 'by' && before.at(-2) === behind)
}

/**
 * What clauses that ask for nothing by themselves say of slots that are open: "Her number is 555-1234." Only what is quite
 * clear, since it was said of something else.
 */
export function fillFromContext(operation: Operation, open: readonly Slot[], context: readonly Clause[]): Filling[] {
  const left = new Set(open.map(slotKey))
  return context.flatMap((clause) =>
    fillFromClause(operation, clause, clause.entities).filter(
      ({ slot, score }) => score >= toldOf(slot) && left.delete(slotKey(slot)),
    ),
  )
}

function toldOf({ required, in: place }: Slot): number {
  return required && place !== 'body' ? TOLD_OF_NEEDED : TOLD
}

/** What a pair fills its slot with: the entity, or for a slot of lists all that stand in one list with it. */
function fillingOf(
  { slot, element, entity, fit }: Pair,
  operation: Operation,
  left: readonly Entity[],
  clause: Clause,
): Filling {
  const all = element === slot ? [{ entity, fit }] : inList(operation, element, entity, left, clause)
  return {
    slot,
    value: element === slot ? fit.value : all.map((one) => one.fit.value),
    entities: all.map((one) => one.entity),
    words: all.flatMap((one) => words(one.entity.text)),
    score: fit.score,
    note: fit.note ?? null,
  }
}

type Pair = { slot: Slot; element: Slot; entity: Entity; fit: Fit }

/** Every entity with every slot it fits, the surest first. */
function pairs(operation: Operation, slots: readonly Slot[], entities: readonly Entity[], clause: Clause): Pair[] {
  const called = calledBy(operation)
  const lists = Map.groupBy(entities, ({ list }) => list)
  return slots
    .flatMap((slot) => {
      const element = elementOf(slot) ?? slot
      return entities.flatMap((entity) => {
        const isOthers = clause.effect !== 'read' && slot.noun === null && isNameOfAnother(entity, operation, slot)
        const fit = isOthers ? null : fitEntity(element, entity, clause, operation.effect, resourceOf(operation.path))
        if (!fit || !(slot.required || fit.score >= SURE)) return []
        const place = slot.required ? REQUIRED_BONUS : -DEEP_MALUS * slot.path.length
        const list = (lists.get(entity.list)?.length ?? 0) > 1 ? (element === slot ? -LIST_BONUS : LIST_BONUS) : 0
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

/** "Cancel order foo": whether what has that name is something else than an operation is called by, or goes by its id. */
function isNameOfAnother(entity: Entity, operation: Operation, slot?: Slot): boolean {
  const noun = singular(entity.before.at(-1) ?? '')
  const isById = slotsOf(operation).some((each) => each.in === 'path' && each.noun === noun)
  // "In the project Sales", where a task is made, is no name of the task.
  const isSaid = entity.kind === 'name' && DETERMINERS.has(entity.before.at(-2) ?? '')
  const isOthers = isBehindNoun(entity) ? isById || !calledBy(operation).has(noun) : isSaid && isById
  return isOthers && slot?.words.includes(noun) !== true
}

/** The entities of one list that a slot of lists takes. */
function inList(
  operation: Operation,
  element: Slot,
  entity: Entity,
  entities: readonly Entity[],
  clause: Clause,
): { entity: Entity; fit: Fit }[] {
  return entities
    .filter((other) => other.list === entity.list)
    .flatMap((other) => {
      const plain = takesKind(element, other) ? { value: other.value, score: LEFT_OVER } : null
      const fit = fitEntity(element, other, clause, operation.effect) ?? plain
      return fit ? [{ entity: other, fit }] : []
    })
}

// Names of objects that only wrap what they hold.
const WRAPPERS = new Set(
  'property data attribute item body resource object request payload input entity record content'.split(' '),
)

/** Whether something has to go where a slot is one of the places: what is in a required object, none of it required. */
function isNeeded(slot: Slot, { requestBody }: Operation): boolean {
  const [top] = slot.path
  const required = requestBody?.schema['required']
  return slot.path.length === 2 && Array.isArray(required) && required.includes(top)
}

/** Whether an optional place deep in a body is spoken of: by the name of what it is in, where that says anything. */
function isSpoken(slot: Slot, clause: Clause): boolean {
  if (slot.required || slot.in !== 'body') return true
  const said = spokenText(clause)
  return slot.path.slice(0, -1).every((part) => {
    const named = typeof part === 'string' ? words(part).map(singular) : []
    return named.length === 0 || named.some((word) => WRAPPERS.has(word) || said.includes(` ${word} `))
  })
}
